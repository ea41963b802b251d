import type { Operation } from '../../../collect/operation.ts';

const quota = { perSecond: 20, source: 'assumed: AWS publishes no quota for it' };

/** A call that only turns a sign-in into credentials. The SDK makes it; its answer is never kept. */
function signIn(service: string, action: string, docs: string): Operation {
  return {
    id: `aws.${service}.${action}`,
    service,
    action,
    permissions: [],
    scopeKind: 'global',
    purpose: 'How the collector’s credentials were obtained; its answer is a credential and is not kept.',
    bodyClass: 'none',
    keepHeaders: [],
    answer: { format: 'bytes' },
    quota,
    notApplicable: [],
    resource: 'any',
    docs,
  };
}

/** Calls the SDK's credential providers may make by themselves. */
export const signInOperations = {
  getRoleCredentials: signIn(
    'sso',
    'GetRoleCredentials',
    'https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html',
  ),
  createToken: signIn(
    'sso-oidc',
    'CreateToken',
    'https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html',
  ),
  assumeRole: signIn(
    'sts',
    'AssumeRoleForProfile',
    'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
  ),
  assumeRoleWithWebIdentity: signIn(
    'sts',
    'AssumeRoleWithWebIdentity',
    'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html',
  ),
  signIn: signIn('signin', 'CreateOAuth2Token', 'https://docs.aws.amazon.com/signin/latest/APIReference/'),
};

import { vaultOperation, type VaultOperation } from '../operation.ts';

/** A call whose answer holds a token: neither its secret parameters nor its answer are kept. */
function signIn(
  action: string,
  method: VaultOperation['method'],
  purpose: string,
  docs: string,
): VaultOperation {
  return vaultOperation({
    service: 'auth',
    scopeKind: 'global',
    policyPath: null,
    bodyClass: 'none',
    answer: { format: 'bytes' },
    ...{ action, method, purpose, docs },
  });
}

export const signInOperations = {
  appRole: signIn(
    'LoginAppRole',
    'POST',
    'How the collector signed in; the answer is a token and is not kept.',
    'auth/approle#login-with-approle',
  ),
  userpass: signIn(
    'LoginUserpass',
    'POST',
    'How the collector signed in; the answer is a token and is not kept.',
    'auth/userpass#login',
  ),
  oidcAuthUrl: signIn(
    'OidcAuthUrl',
    'POST',
    'Where the operator signs in with the browser; not kept.',
    'auth/jwt#oidc-authorization-url-request',
  ),
  oidcCallback: signIn(
    'OidcCallback',
    'GET',
    'How the collector signed in; the answer is a token and is not kept.',
    'auth/jwt#oidc-callback',
  ),
  /** The answer repeats the token: what identifies the caller goes into the caller of every exchange instead. */
  lookupSelf: vaultOperation({
    service: 'token',
    method: 'GET',
    action: 'LookupSelf',
    policyPath: 'auth/token/lookup-self',
    scopeKind: 'global',
    bodyClass: 'none',
    purpose: 'Who asks, with which policies, and until when.',
    docs: 'auth/token#lookup-a-token-self',
  }),
};

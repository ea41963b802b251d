import { describe, expect, it } from 'vitest';
import { evaluateAwsAccess } from '../../../../electron/access/aws/access-paths.ts';
import type { PrincipalKind } from '../../../../electron/access/types.ts';
import { allow, build, OTHER, OWN, policy, root, roleArn, trust, userArn } from './world.ts';
import type { RoleSpec, Statement, UserSpec, World } from './world.ts';

const kindOf = (world: World) => {
  const principals = evaluateAwsAccess(build(world)).principals;
  return principals[principals.length - 1]!;
};

describe('kind of an IAM user', () => {
  const passwords = (entries: Record<string, boolean>): World => ({
    account: { consolePasswords: new Map(Object.entries(entries)) },
  });
  it.each<[string, UserSpec, World, PrincipalKind, string]>([
    ['an ordinary name', { name: 'alice' }, {}, 'human', 'neither name'],
    [
      'an ordinary name with console password',
      { name: 'alice' },
      passwords({ alice: true }),
      'human',
      'console password',
    ],
    [
      'an ordinary name without console password',
      { name: 'alice' },
      passwords({ alice: false }),
      'human',
      'without console password',
    ],
    ['a service name, password unknown', { name: 'svc-backup' }, {}, 'unknown', 'svc-backup'],
    [
      'a service name without console password',
      { name: 'svc-backup' },
      passwords({ 'svc-backup': false }),
      'service',
      'svc-backup',
    ],
    [
      'a service name with console password',
      { name: 'svc-backup' },
      passwords({ 'svc-backup': true }),
      'human',
      'console password',
    ],
    ['a name in camel case', { name: 'DeployBot' }, {}, 'unknown', 'DeployBot'],
    ['a service path', { name: 'x1', path: '/service-accounts/' }, {}, 'unknown', '/service-accounts/'],
    ['a word that only contains a service word', { name: 'cicero' }, {}, 'human', 'IAM user'],
    [
      'a tag that says service',
      { name: 'alice', tags: [{ Key: 'PrincipalType', Value: 'service' }] },
      {},
      'service',
      'tag PrincipalType',
    ],
    [
      'a tag that says human',
      { name: 'svc-x', tags: [{ Key: 'identity-type', Value: 'Human' }] },
      {},
      'human',
      'tag identity-type',
    ],
    ['another tag', { name: 'alice', tags: [{ Key: 'env', Value: 'service' }] }, {}, 'human', 'IAM user'],
  ])('%s', (_, user, extra, kind, reason) => {
    const found = kindOf({ users: [user], ...extra });
    expect(found.kind).toBe(kind);
    expect(found.kindReason).toContain(reason);
  });
});

describe('kind of an IAM role', () => {
  const oidc = (issuer: string): Statement[] => [
    trust(
      { Federated: `arn:aws:iam::${OWN}:oidc-provider/${issuer}` },
      undefined,
      'sts:AssumeRoleWithWebIdentity',
    ),
  ];
  it.each<[string, RoleSpec, PrincipalKind, string]>([
    [
      'trusted by Lambda',
      { name: 'r', trust: [trust({ Service: 'lambda.amazonaws.com' })] },
      'service',
      'lambda.amazonaws.com',
    ],
    [
      'trusted by EKS pods',
      { name: 'r', trust: [trust({ Service: 'pods.eks.amazonaws.com' })] },
      'service',
      'pods.eks',
    ],
    [
      'trusted by AWS Config',
      { name: 'r', trust: [trust({ Service: 'config.amazonaws.com' })] },
      'cloud-service',
      'config.amazonaws.com',
    ],
    [
      'service-linked',
      {
        name: 'AWSServiceRoleForRDS',
        path: '/aws-service-role/rds.amazonaws.com/',
        trust: [trust({ Service: 'rds.amazonaws.com' })],
      },
      'cloud-service',
      'service-linked role of rds.amazonaws.com',
    ],
    [
      'of IAM Identity Center',
      {
        name: 'AWSReservedSSO_KeyAdmin_0123456789abcdef',
        path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
        trust: [
          trust(
            { Federated: `arn:aws:iam::${OWN}:saml-provider/AWSSSO_1` },
            undefined,
            'sts:AssumeRoleWithSAML',
          ),
        ],
      },
      'human',
      'permission set "KeyAdmin"',
    ],
    [
      'signed in to through SAML',
      {
        name: 'r',
        trust: [
          trust({ Federated: `arn:aws:iam::${OWN}:saml-provider/Okta` }, undefined, 'sts:AssumeRoleWithSAML'),
        ],
      },
      'human',
      'SAML provider "Okta"',
    ],
    [
      'of a GitHub pipeline',
      { name: 'r', trust: oidc('token.actions.githubusercontent.com') },
      'service',
      'token.actions',
    ],
    [
      'of an EKS service account',
      { name: 'r', trust: oidc('oidc.eks.eu-west-1.amazonaws.com/id/ABC') },
      'service',
      'oidc.eks',
    ],
    [
      'of another OIDC provider',
      { name: 'r', trust: oidc('login.acme.example') },
      'federated',
      'login.acme.example',
    ],
    [
      'assumable only by another account',
      { name: 'r', trust: [trust(root(OTHER))] },
      'external-account',
      OTHER,
    ],
    ['trusting the own account', { name: 'r', trust: [trust(root())] }, 'unknown', 'IAM policies'],
    [
      'trusting a service and the own account',
      { name: 'r', trust: [trust({ Service: 'lambda.amazonaws.com' }), trust(root())] },
      'unknown',
      'IAM policies',
    ],
    ['trusting everyone', { name: 'r', trust: [trust('*')] }, 'unknown', 'everyone'],
    [
      'tagged as a workload',
      { name: 'r', trust: [trust(root())], tags: [{ Key: 'principal-type', Value: 'workload' }] },
      'service',
      'tag',
    ],
    ['with an unreadable trust policy', { name: 'r', trust: '{' }, 'unknown', 'not readable'],
  ])('%s', (_, role, kind, reason) => {
    const found = kindOf({ roles: [role] });
    expect(found.kind).toBe(kind);
    expect(found.kindReason).toContain(reason);
  });

  it('that a human user is trusted to assume is human', () => {
    expect(
      kindOf({ users: [{ name: 'alice' }], roles: [{ name: 'r', trust: [trust(userArn('alice'))] }] }),
    ).toMatchObject({
      kind: 'human',
      kindReason: `its trust policy names ${userArn('alice')}`,
    });
  });
});

describe('kind of whoever a key policy names', () => {
  const named = (statement: Statement, extra: World = {}) =>
    [...evaluateAwsAccess(build({ policy: [statement], ...extra })).paths()][0]!.principal;

  it.each<[string, Statement, PrincipalKind, string]>([
    [
      'another account',
      allow(root(OTHER), 'kms:Decrypt'),
      'external-account',
      'not on the list of approved accounts',
    ],
    ['a role of another account', allow(roleArn('x', OTHER), 'kms:Decrypt'), 'external-account', OTHER],
    ['a role that is not there', allow(roleArn('gone'), 'kms:Decrypt'), 'unknown', 'not among the collected'],
    ['a deleted role', allow('AROAGONEGONEGONE1234', 'kms:Decrypt'), 'unknown', 'deleted'],
    [
      'a service',
      allow({ Service: 'sns.amazonaws.com' }, 'kms:Decrypt'),
      'cloud-service',
      'service principal',
    ],
    ['everyone', allow('*', 'kms:Decrypt'), 'everyone', 'every AWS principal'],
    ['the own account', allow(root(), 'kms:Decrypt'), 'unknown', 'root user'],
    ['a canonical user', allow({ CanonicalUser: 'abc' }, 'kms:Decrypt'), 'unknown', 'canonical'],
  ])('%s', (_, statement, kind, reason) => {
    const principal = named(statement);
    expect(principal.kind).toBe(kind);
    expect(principal.kindReason).toContain(reason);
  });

  it('an approved account is described as approved', () => {
    expect(
      named(allow(root(OTHER), 'kms:Decrypt'), { input: { approvedAccounts: [OTHER] } }).kindReason,
    ).toContain('approved by the client');
  });

  it('a session is of the kind of its role', () => {
    const arn = `arn:aws:sts::${OWN}:assumed-role/app/s`;
    expect(named(allow(arn, 'kms:Decrypt'), { roles: [{ name: 'app' }] })).toMatchObject({
      id: arn,
      form: 'role-session',
      kind: 'service',
    });
  });

  it('in an engagement where the account is included, a role keeps its own kind', () => {
    const world = {
      policy: [allow(roleArn('x', OTHER), 'kms:Decrypt')],
      accounts: [OWN, OTHER],
      roles: [{ name: 'x', account: OTHER, inline: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }],
    };
    expect([...evaluateAwsAccess(build(world)).paths()][0]!.principal).toMatchObject({
      kind: 'service',
      accountId: OTHER,
    });
    expect(policy()).toContain('Statement');
  });
});

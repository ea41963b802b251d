import {
  allow,
  delegate,
  deny,
  KEY,
  may,
  mayNot,
  OTHER,
  OWN,
  policy,
  root,
  roleArn,
  sessionArn,
  trust,
  userArn,
} from '../world.ts';
import type { Case, World } from '../world.ts';

const A = userArn('alice');
const R = roleArn('app');
const BOTH = { accounts: [OWN, OTHER] };
const grant = (fields: object) => ({ GrantId: 'abc', ...fields });
const granted = (fields: object, extra: World = {}): World => ({
  roles: [{ name: 'app' }],
  policy: [],
  grants: [grant(fields)],
  ...extra,
});

/** KMS guide, "Grants in AWS KMS". */
const grants: Case[] = [
  {
    says: 'a grant gives its operations',
    world: granted({ GranteePrincipal: R, Operations: ['Decrypt', 'Encrypt'] }),
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['grant'],
  },
  {
    says: 'and no others',
    world: granted({ GranteePrincipal: R, Operations: ['Encrypt'] }),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'and nobody else',
    world: granted(
      { GranteePrincipal: R, Operations: ['Decrypt'] },
      { users: [{ name: 'alice', inline: [may('kms:*')] }] },
    ),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'EncryptionContextEquals is reported',
    world: granted({
      GranteePrincipal: R,
      Operations: ['Decrypt'],
      Constraints: { EncryptionContextEquals: { Dept: 'IT' } },
    }),
    who: R,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['kms:EncryptionContext:Dept'],
  },
  {
    says: 'EncryptionContextSubset is reported',
    world: granted({
      GranteePrincipal: R,
      Operations: ['GenerateDataKey'],
      Constraints: { EncryptionContextSubset: { Dept: 'IT' } },
    }),
    who: R,
    can: 'GenerateDataKey',
    answer: 'conditional',
    conditions: ['kms:EncryptionContext:Dept'],
  },
  {
    says: 'an encryption context does not bind CreateGrant',
    world: granted({
      GranteePrincipal: R,
      Operations: ['CreateGrant', 'Decrypt'],
      Constraints: { EncryptionContextEquals: { Dept: 'IT' } },
    }),
    who: R,
    can: 'CreateGrant',
    answer: 'allowed',
  },
  {
    says: 'an empty constraint binds nothing',
    world: granted({ GranteePrincipal: R, Operations: ['Decrypt'], Constraints: {} }),
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a source ARN binds everything',
    world: granted({
      GranteePrincipal: R,
      Operations: ['CreateGrant'],
      Constraints: { SourceArn: 'arn:aws:rds:us-west-2:111122223333:db:x' },
    }),
    who: R,
    can: 'CreateGrant',
    answer: 'conditional',
    conditions: ['aws:SourceArn'],
  },
  {
    says: 'the retiring principal may retire',
    world: granted({
      GranteePrincipal: 'arn:aws:iam::444455556666:role/x',
      RetiringPrincipal: R,
      Operations: ['Decrypt'],
    }),
    who: R,
    can: 'RetireGrant',
    answer: 'allowed',
    via: ['grant-retirement'],
  },
  {
    says: 'the retiring principal gets none of the operations',
    world: granted({
      GranteePrincipal: 'arn:aws:iam::444455556666:role/x',
      RetiringPrincipal: R,
      Operations: ['Decrypt'],
    }),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a grant to a service',
    world: granted({ GranteeServicePrincipal: 'dynamodb.us-west-2.amazonaws.com', Operations: ['Decrypt'] }),
    who: 'dynamodb.us-west-2.amazonaws.com',
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a grant to a service as older entries show it',
    world: granted({ GranteePrincipal: 'rds.us-west-2.amazonaws.com', Operations: ['Decrypt'] }),
    who: 'rds.us-west-2.amazonaws.com',
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a grant to a role session',
    world: granted({ GranteePrincipal: sessionArn('app', 'i-0123'), Operations: ['Decrypt'] }),
    who: sessionArn('app', 'i-0123'),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a grant to another account',
    world: granted({ GranteePrincipal: root(OTHER), Operations: ['Decrypt'] }),
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a grant to the own account needs IAM',
    world: granted(
      { GranteePrincipal: root(), Operations: ['Decrypt'] },
      { users: [{ name: 'alice', inline: [may('kms:Decrypt')] }] },
    ),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['grant', 'iam-policy'],
  },
  {
    says: 'a key policy denial beats a grant',
    world: granted({ GranteePrincipal: R, Operations: ['Decrypt'] }, { policy: [deny('*', 'kms:Decrypt')] }),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'an IAM denial beats a grant',
    world: {
      policy: [],
      roles: [{ name: 'app', inline: [mayNot('kms:Decrypt')] }],
      grants: [grant({ GranteePrincipal: R, Operations: ['Decrypt'] })],
    },
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a conditional denial limits a grant',
    world: granted(
      { GranteePrincipal: R, Operations: ['Decrypt'] },
      {
        policy: [
          deny('*', 'kms:Decrypt', { StringNotEquals: { 'kms:ViaService': 'ec2.us-west-2.amazonaws.com' } }),
        ],
      },
    ),
    who: R,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!kms:ViaService'],
  },
];

/** KMS guide, "Allowing users in other accounts to use a KMS key". */
const crossAccount: Case[] = [
  {
    says: 'the account itself is listed when we see only our side',
    world: { policy: [allow(root(OTHER), 'kms:Decrypt')] },
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'allowed',
    notEvaluated: `IAM policies of account ${OTHER}`,
  },
  {
    says: 'an external role is listed when we see only our side',
    world: { policy: [allow(roleArn('ExampleRole', OTHER), 'kms:Decrypt')] },
    who: roleArn('ExampleRole', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
    notEvaluated: `IAM policies of account ${OTHER}`,
  },
  {
    says: 'administration has no effect across accounts',
    world: { policy: [allow(root(OTHER), 'kms:*')] },
    who: root(OTHER),
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'grants may be made across accounts',
    world: { policy: [allow(root(OTHER), 'kms:*')] },
    who: root(OTHER),
    can: 'CreateGrant',
    answer: 'allowed',
  },
  {
    says: 'both sides allow: a user of the other account',
    world: {
      ...BOTH,
      policy: [allow(root(OTHER), 'kms:Decrypt')],
      users: [{ name: 'bob', account: OTHER, inline: [may('kms:Decrypt', KEY)] }],
    },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy'],
  },
  {
    says: 'only our side: nothing',
    world: { ...BOTH, policy: [allow(root(OTHER), 'kms:Decrypt')], users: [{ name: 'bob', account: OTHER }] },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'only their side: nothing',
    world: { ...BOTH, users: [{ name: 'bob', account: OTHER, inline: [may('kms:*')] }] },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'named in our key policy, not in their IAM: nothing',
    world: {
      ...BOTH,
      policy: [allow(userArn('bob', OTHER), 'kms:Decrypt')],
      users: [{ name: 'bob', account: OTHER }],
    },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'named in our key policy and in their IAM',
    world: {
      ...BOTH,
      policy: [allow(userArn('bob', OTHER), 'kms:Decrypt')],
      users: [{ name: 'bob', account: OTHER, inline: [may('kms:Decrypt')] }],
    },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
    via: ['key-policy-statement', 'iam-policy'],
  },
  {
    says: 'the key policy limits what their IAM can give',
    world: {
      ...BOTH,
      policy: [allow(userArn('bob', OTHER), 'kms:Decrypt')],
      users: [{ name: 'bob', account: OTHER, inline: [may('kms:*')] }],
    },
    who: userArn('bob', OTHER),
    can: 'Encrypt',
    answer: 'none',
  },
  {
    says: 'a denial on their side',
    world: {
      ...BOTH,
      policy: [allow(root(OTHER), 'kms:Decrypt')],
      users: [
        {
          name: 'bob',
          account: OTHER,
          inline: [may('kms:*'), mayNot('kms:Decrypt', `arn:aws:kms:*:${OWN}:key/*`)],
        },
      ],
    },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a boundary on their side limits a user that our policy names',
    world: {
      ...BOTH,
      policy: [allow(userArn('bob', OTHER), 'kms:Decrypt')],
      users: [{ name: 'bob', account: OTHER, inline: [may('kms:*')], boundary: 'C' }],
      managed: { C: [may('s3:*')] },
    },
    who: userArn('bob', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a grant needs no IAM policy on the other side',
    world: {
      ...BOTH,
      policy: [],
      roles: [{ name: 'x', account: OTHER }],
      grants: [grant({ GranteePrincipal: roleArn('x', OTHER), Operations: ['Decrypt'] })],
    },
    who: roleArn('x', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'kms:CallerAccount excludes the other account',
    world: { ...BOTH, policy: [allow(root(OTHER), 'kms:*', { StringEquals: { 'kms:CallerAccount': OWN } })] },
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'the root user of another engaged account needs no IAM policy',
    world: { ...BOTH, policy: [allow(root(OTHER), 'kms:Decrypt')] },
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
];

const assumable = (trustStatements: Parameters<typeof trust>[], extra: World = {}): World => ({
  roles: [
    { name: 'app', trust: trustStatements.map((args) => trust(...args)), inline: [may('kms:Decrypt')] },
  ],
  users: [{ name: 'alice' }, { name: 'bob', inline: [may('sts:AssumeRole', R)] }],
  ...extra,
});
const chain = (depth: number): World => ({
  users: [{ name: 'alice' }],
  roles: Array.from({ length: depth }, (_, i) => ({
    name: i === 0 ? 'app' : `hop${i}`,
    trust: [trust(i === depth - 1 ? A : roleArn(`hop${i + 1}`))],
    inline: i === 0 ? [may('kms:Decrypt')] : [],
  })),
});

/** Who can become a role that holds the right. */
const roles: Case[] = [
  {
    says: 'a user that the trust policy names needs no IAM policy',
    world: assumable([[A]]),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'role-trust'],
  },
  {
    says: 'trust in the account needs an IAM policy',
    world: assumable([[root()]]),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'trust in the account with an IAM policy',
    world: assumable([[root()]]),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'role-trust', 'iam-policy'],
  },
  {
    says: 'an IAM policy without trust does nothing',
    world: assumable([[{ Service: 'ec2.amazonaws.com' }]]),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'an IAM policy for another role does nothing',
    world: assumable([[root()]], {
      users: [{ name: 'bob', inline: [may('sts:AssumeRole', roleArn('other'))] }],
    }),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'an IAM denial of assumption',
    world: assumable([[A]], { users: [{ name: 'alice', inline: [mayNot('sts:*')] }] }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a denial in the trust policy',
    world: assumable([], {
      roles: [
        { name: 'app', trust: [trust(A), { ...trust('*'), Effect: 'Deny' }], inline: [may('kms:Decrypt')] },
      ],
    }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'MFA for assumption is reported',
    world: assumable([[A, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }]]),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['aws:MultiFactorAuthPresent'],
  },
  {
    says: 'an external id is reported',
    world: assumable([[root(OTHER), { StringEquals: { 'sts:ExternalId': '42' } }]]),
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['sts:ExternalId'],
  },
  {
    says: 'another account that is trusted',
    world: assumable([[root(OTHER)]]),
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'assuming our role, another account may even administer',
    world: assumable([[root(OTHER)]], {
      roles: [{ name: 'app', trust: [trust(root(OTHER))], inline: [may('kms:*')] }],
    }),
    who: root(OTHER),
    can: 'PutKeyPolicy',
    answer: 'allowed',
  },
  {
    says: 'a service that is trusted',
    world: assumable([[{ Service: 'lambda.amazonaws.com' }]]),
    who: 'lambda.amazonaws.com',
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'role-trust'],
  },
  {
    says: 'a SAML provider',
    world: assumable([
      [
        { Federated: `arn:aws:iam::${OWN}:saml-provider/Okta` },
        { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
        'sts:AssumeRoleWithSAML',
      ],
    ]),
    who: `arn:aws:iam::${OWN}:saml-provider/Okta`,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['SAML:aud'],
  },
  {
    says: 'an OIDC provider with its subject reported',
    world: assumable([
      [
        { Federated: `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com` },
        { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } },
        'sts:AssumeRoleWithWebIdentity',
      ],
    ]),
    who: `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com`,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['token.actions.githubusercontent.com:sub'],
  },
  {
    says: 'a federated provider cannot use plain AssumeRole',
    world: assumable([[{ Federated: 'accounts.google.com' }]]),
    who: 'accounts.google.com',
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a trust policy for everyone',
    world: assumable([['*']]),
    who: '*',
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a chain of two roles',
    world: chain(2),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'role-trust', 'role-trust'],
  },
  { says: 'a chain as long as the limit', world: chain(3), who: A, can: 'Decrypt', answer: 'allowed' },
  { says: 'a chain longer than the limit', world: chain(4), who: A, can: 'Decrypt', answer: 'none' },
  {
    says: 'a chain longer than the default with a higher limit',
    world: { ...chain(4), input: { maxAssumeDepth: 4 } },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a certain chain through another role is preferred to a conditional direct one',
    world: {
      users: [{ name: 'alice' }],
      roles: [
        {
          name: 'app',
          trust: [trust(A, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), trust(roleArn('hop'))],
          inline: [may('kms:Decrypt')],
        },
        { name: 'hop', trust: [trust(A)] },
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'role-trust', 'role-trust'],
  },
  {
    says: 'roles that trust each other end',
    world: {
      users: [{ name: 'alice' }],
      roles: [
        { name: 'app', trust: [trust(roleArn('hop'))], inline: [may('kms:Decrypt')] },
        { name: 'hop', trust: [trust(R), trust(A)] },
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a role that trusts itself',
    world: { roles: [{ name: 'app', trust: [trust(R)], inline: [may('kms:Decrypt')] }] },
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy'],
  },
  {
    says: 'a user of another engaged account needs IAM on its side',
    world: assumable([[userArn('carol', OTHER)]], { ...BOTH, users: [{ name: 'carol', account: OTHER }] }),
    who: userArn('carol', OTHER),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'and with it may assume',
    world: assumable([[userArn('carol', OTHER)]], {
      ...BOTH,
      users: [{ name: 'carol', account: OTHER, inline: [may('sts:AssumeRole', R)] }],
    }),
    who: userArn('carol', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Bob of the KMS guide: account 1 role uses account 2 key, Bob assumes the role',
    world: {
      ...BOTH,
      policy: [delegate, allow(root(OTHER), 'kms:Decrypt')],
      users: [
        { name: 'Bob', account: OTHER, inline: [may('sts:AssumeRole', roleArn('Engineering', OTHER))] },
      ],
      roles: [
        {
          name: 'Engineering',
          account: OTHER,
          trust: [trust(root(OTHER))],
          inline: [may('kms:Decrypt', KEY)],
        },
      ],
    },
    who: userArn('Bob', OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a role that a grant names can be assumed too',
    world: assumable([[A]], {
      policy: [],
      roles: [{ name: 'app', trust: [trust(A)] }],
      grants: [grant({ GranteePrincipal: R, Operations: ['Decrypt'] })],
    }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['grant', 'role-trust'],
  },
];

/** What could not be read never becomes a right, nor hides one. */
const unreadable: Case[] = [
  {
    says: 'a key policy that was denied leaves IAM rights unknown',
    world: {
      policy: null,
      key: { policyMissing: 'AccessDeniedException' },
      users: [{ name: 'alice', inline: [may('kms:Decrypt')] }],
    },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'AccessDeniedException',
  },
  {
    says: 'a key policy that is not JSON leaves IAM rights unknown',
    world: { policy: '{"Version": ', users: [{ name: 'alice', inline: [may('kms:Decrypt')] }] },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'unreadable',
  },
  {
    says: 'without key policy an IAM denial still removes',
    world: { policy: null, users: [{ name: 'alice', inline: [may('kms:*'), mayNot('kms:Decrypt')] }] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'without key policy a grant is unknown: a denial may stand in the policy',
    world: granted({ GranteePrincipal: R, Operations: ['Decrypt'] }, { policy: null }),
    who: R,
    can: 'Decrypt',
    answer: 'unknown',
  },
  {
    says: 'IAM that was denied leaves the account unknown',
    world: { iamMissing: [OWN] },
    who: `${OWN}/*`,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'IAM of account',
  },
  {
    says: 'IAM that was denied leaves a named user allowed by the key policy',
    world: { iamMissing: [OWN], policy: [allow(A, 'kms:Decrypt')] },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    notEvaluated: 'IAM policies of account',
  },
  {
    says: 'an attached policy that is missing makes the answer unknown',
    world: { users: [{ name: 'alice', inline: [may('kms:Decrypt')], attached: ['Gone'] }] },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'Gone',
  },
  {
    says: 'a group that is missing makes the answer unknown',
    world: { users: [{ name: 'alice', inline: [may('kms:Decrypt')], groups: ['ghosts'] }] },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'ghosts',
  },
  {
    says: 'a statement with an unreadable effect makes the key uncertain',
    world: {
      users: [{ name: 'alice' }],
      policy: [allow(A, 'kms:Decrypt'), { Effect: 'Maybe', Principal: '*', Action: 'kms:*', Resource: '*' }],
    },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'statement 1',
  },
  {
    says: 'an unreadable Allow takes nothing from the others',
    world: {
      users: [{ name: 'alice' }],
      policy: [allow(A, 'kms:Decrypt'), { Effect: 'Allow', Principal: '*', Action: 7, Resource: '*' }],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'an unreadable Deny in an IAM policy makes its holder uncertain',
    world: {
      users: [
        { name: 'alice', inline: [may('kms:Decrypt'), { Effect: 'Deny', Action: null, Resource: '*' }] },
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
  },
  {
    says: 'an unknown element of a statement does not hide the right',
    world: { users: [{ name: 'alice' }], policy: [{ ...allow(A, 'kms:Decrypt'), Comment: 'x' }] },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a single statement without a list',
    world: {
      users: [{ name: 'alice' }],
      policy: JSON.stringify({ Version: '2012-10-17', Statement: allow(A, 'kms:Decrypt') }),
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a trust policy that is not JSON lets nobody assume',
    world: { users: [{ name: 'alice' }], roles: [{ name: 'app', trust: '{', inline: [may('kms:Decrypt')] }] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a URL-encoded document as IAM sends it',
    world: {
      users: [{ name: 'alice', attached: ['Enc'] }],
      managed: { Enc: encodeURIComponent(policy(may('kms:Decrypt'))) },
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
];

export const sharingCases: Case[] = [...grants, ...crossAccount, ...roles, ...unreadable];

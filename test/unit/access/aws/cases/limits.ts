import {
  allow,
  delegate,
  deny,
  KEY2,
  may,
  mayNot,
  OWN,
  root,
  roleArn,
  sessionArn,
  userArn,
} from '../world.ts';
import type { Case, World } from '../world.ts';

const A = userArn('alice');
const R = roleArn('app');
const bounded = (boundary: World['managed'], extra: World = {}): World => ({
  users: [{ name: 'alice', inline: [may('kms:*')], boundary: 'Ceiling' }],
  roles: [{ name: 'app', inline: [may('kms:*')], boundary: 'Ceiling' }],
  ...(boundary ? { managed: boundary } : {}),
  ...extra,
});
const s3Only = { Ceiling: [may('s3:*')] };

/** IAM guide, "Permissions boundaries" and "Determining whether a request is allowed". */
const boundaries: Case[] = [
  {
    says: 'boundary and policy both allow',
    world: bounded({ Ceiling: [may('kms:Decrypt')] }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  { says: 'the boundary does not allow it', world: bounded(s3Only), who: A, can: 'Decrypt', answer: 'none' },
  {
    says: 'a boundary alone gives nothing',
    world: { users: [{ name: 'alice', boundary: 'Ceiling' }], managed: { Ceiling: [may('kms:*')] } },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a boundary lets a part of the policy through',
    world: bounded({ Ceiling: [may(['kms:Decrypt', 's3:*'])] }),
    who: A,
    can: 'PutKeyPolicy',
    answer: 'none',
  },
  {
    says: 'a boundary under a condition makes the right conditional',
    world: bounded({ Ceiling: [may('kms:*', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })] }),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['aws:MultiFactorAuthPresent'],
  },
  {
    says: 'a boundary for another key does not let this one through',
    world: bounded({ Ceiling: [may('kms:*', KEY2)] }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'an explicit deny in the boundary wins over the key policy',
    world: bounded({ Ceiling: [may('*'), mayNot('kms:Decrypt')] }, { policy: [allow(A, 'kms:*')] }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a key policy that names the user is not limited by the boundary',
    world: bounded(s3Only, { policy: [allow(A, 'kms:*')] }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a key policy that names the role is limited by the boundary',
    world: bounded(s3Only, { policy: [allow(R, 'kms:*')] }),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a key policy that names the role session is not limited by the boundary',
    world: bounded(s3Only, { policy: [allow(sessionArn('app', 's'), 'kms:*')] }),
    who: sessionArn('app', 's'),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'everyone with aws:PrincipalArn of the role is not limited by the boundary',
    world: bounded(s3Only, { policy: [allow('*', 'kms:*', { ArnEquals: { 'aws:PrincipalArn': R } })] }),
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'an explicit deny in the boundary binds the session too',
    world: bounded(
      { Ceiling: [may('*'), mayNot('kms:Decrypt')] },
      { policy: [allow(sessionArn('app', 's'), 'kms:*')] },
    ),
    who: sessionArn('app', 's'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a boundary that was not collected leaves it unknown',
    world: bounded(undefined),
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'permissions boundary',
  },
  {
    says: 'a boundary that was not collected may deny even what the key policy gives the user itself',
    world: bounded(undefined, { policy: [allow(A, 'kms:*')] }),
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'permissions boundary',
  },
  {
    says: 'whether a boundary limits a grant is not documented',
    world: bounded(s3Only, { grants: [{ GrantId: 'g', GranteePrincipal: R, Operations: ['Decrypt'] }] }),
    who: R,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'not documented',
  },
  {
    says: 'a boundary that allows it leaves a grant certain',
    world: bounded(
      { Ceiling: [may('kms:Decrypt')] },
      { policy: [], grants: [{ GrantId: 'g', GranteePrincipal: R, Operations: ['Decrypt'] }] },
    ),
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'NotPrincipal with Deny hits a named role that has a boundary',
    world: bounded(
      { Ceiling: [may('*')] },
      {
        policy: [
          delegate,
          { Effect: 'Deny', NotPrincipal: { AWS: [R, root()] }, Action: 'kms:*', Resource: '*' },
        ],
      },
    ),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
];

const plain: World = {
  users: [
    { name: 'alice', inline: [may('kms:*')] },
    { name: 'bob', inline: [may('kms:*')] },
  ],
  roles: [{ name: 'app', inline: [may('kms:*')] }],
};
const denied = (...statements: Parameters<typeof deny>[]): World => ({
  ...plain,
  policy: [delegate, ...statements.map((args) => deny(...args))],
});
const except = (...arns: string[]): World => ({
  ...plain,
  policy: [delegate, { Effect: 'Deny', NotPrincipal: { AWS: arns }, Action: 'kms:Decrypt', Resource: '*' }],
});

/** An explicit deny anywhere wins; a conditional one is reported. */
const denials: Case[] = [
  { says: 'Deny for everyone', world: denied(['*', 'kms:Decrypt']), who: A, can: 'Decrypt', answer: 'none' },
  {
    says: 'Deny for everyone leaves other actions',
    world: denied(['*', 'kms:Decrypt']),
    who: A,
    can: 'Encrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny for everyone binds the root user',
    world: denied(['*', 'kms:Decrypt']),
    who: root(),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny for the account binds its users',
    world: denied([root(), 'kms:Decrypt']),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny for another account does not',
    world: denied([root('444455556666'), 'kms:Decrypt']),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny for one user spares the other',
    world: denied([A, 'kms:Decrypt']),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny for a role by its unique id',
    world: denied(['AROAAPPEXAMPLE1234', 'kms:Decrypt']),
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny for one session of a role limits the role under that session',
    world: denied([sessionArn('app', 's'), 'kms:Decrypt']),
    who: R,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!principal'],
  },
  {
    says: 'Deny for a role binds its named session',
    world: { ...plain, policy: [allow(sessionArn('app', 's'), 'kms:*'), deny(R, 'kms:Decrypt')] },
    who: sessionArn('app', 's'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a Deny without MFA keeps the right and reports the condition',
    world: denied(['*', 'kms:Decrypt', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }]),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!aws:MultiFactorAuthPresent'],
  },
  {
    says: 'a Deny under a condition that is decided false does nothing',
    world: denied(['*', 'kms:*', { Bool: { 'aws:SecureTransport': 'false' } }]),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a Deny under a condition that is decided true removes',
    world: denied(['*', 'kms:*', { StringEquals: { 'aws:PrincipalAccount': OWN } }]),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a Deny for all principals but one ARN spares it',
    world: denied(['*', 'kms:*', { ArnNotEquals: { 'aws:PrincipalArn': A } }]),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a Deny for all principals but one ARN hits the others',
    world: denied(['*', 'kms:*', { ArnNotEquals: { 'aws:PrincipalArn': A } }]),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a Deny for all but a pattern of roles',
    world: denied(['*', 'kms:*', { ArnNotLike: { 'aws:PrincipalArn': roleArn('a*') } }]),
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'two conditional denials are both reported',
    world: denied(
      ['*', 'kms:Decrypt', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
      ['*', 'kms:Decrypt', { Bool: { 'aws:ViaAWSService': 'false' } }],
    ),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!aws:SourceIp', '!aws:ViaAWSService'],
  },
  {
    says: 'a certain denial beside a conditional one',
    world: denied(['*', 'kms:Decrypt', { Bool: { 'aws:ViaAWSService': 'false' } }], [A, 'kms:Decrypt']),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'all conditions of a denial must hold: one decided false ends it',
    world: denied([
      '*',
      'kms:*',
      { StringEquals: { 'aws:PrincipalAccount': '444455556666' }, Bool: { 'aws:ViaAWSService': 'false' } },
    ]),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny NotPrincipal spares a principal named with its account',
    world: except(A, root()),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny NotPrincipal hits everyone else in the account',
    world: except(A, root()),
    who: userArn('bob'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny NotPrincipal without the account is documented as doubtful',
    world: except(A),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!principal'],
  },
  {
    says: 'Deny NotPrincipal with the account spares the root user',
    world: except(A, root()),
    who: root(),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'Deny NotPrincipal without the account hits the root user',
    world: except(A),
    who: root(),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Allow for everyone with Deny NotPrincipal leaves the named',
    world: {
      ...plain,
      policy: [
        allow('*', 'kms:Decrypt'),
        { Effect: 'Deny', NotPrincipal: { AWS: [A, root()] }, Action: 'kms:*', Resource: '*' },
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'and nobody else',
    world: {
      ...plain,
      policy: [
        allow('*', 'kms:Decrypt'),
        { Effect: 'Deny', NotPrincipal: { AWS: [A, root()] }, Action: 'kms:*', Resource: '*' },
      ],
    },
    who: '*',
    can: 'Decrypt',
    answer: 'none',
  },
];

const scp = (...levels: World['scp'] & object[]): World => ({ ...plain, scp: levels });
const FULL = [may('*')];

/** AWS Organizations guide, "SCP evaluation" and "Resource control policies". */
const control: Case[] = [
  {
    says: 'without control policies the path says so',
    world: plain,
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    notEvaluated: 'service control policies',
  },
  { says: 'FullAWSAccess on every level', world: scp(FULL, FULL), who: A, can: 'Decrypt', answer: 'allowed' },
  { says: 'every level must allow', world: scp(FULL, [may('s3:*')]), who: A, can: 'Decrypt', answer: 'none' },
  {
    says: 'a denial on any level',
    world: scp([...FULL, mayNot('kms:ScheduleKeyDeletion')], FULL),
    who: A,
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'a service control policy binds the root user',
    world: scp([...FULL, mayNot('kms:ScheduleKeyDeletion')]),
    who: root(),
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'a service control policy with an exception by ARN',
    world: scp([
      ...FULL,
      mayNot('kms:ScheduleKeyDeletion', '*', {
        ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' },
      }),
    ]),
    who: R,
    can: 'ScheduleKeyDeletion',
    answer: 'allowed',
  },
  {
    says: 'service control policies do not bind the management account',
    world: { ...scp([may('s3:*')]), account: { isManagementAccount: true } },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'service control policies do not bind service-linked roles',
    world: {
      ...scp([may('s3:*')]),
      roles: [
        {
          name: 'AWSServiceRoleForBackup',
          path: '/aws-service-role/backup.amazonaws.com/',
          inline: [may('kms:*')],
        },
      ],
    },
    who: `arn:aws:iam::${OWN}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a service control policy binds a grant',
    world: {
      ...scp([...FULL, mayNot('kms:Decrypt')]),
      roles: [{ name: 'app' }],
      grants: [{ GrantId: 'g', GranteePrincipal: R, Operations: ['Decrypt'] }],
    },
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a resource control policy denies callers outside the organisation',
    world: {
      ...plain,
      policy: [allow('*', 'kms:Decrypt')],
      rcp: [
        [
          allow('*', '*'),
          deny('*', 'kms:*', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example' } }),
        ],
      ],
    },
    who: '*',
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['!aws:PrincipalOrgID'],
  },
  {
    says: 'and lets those inside through',
    world: {
      ...plain,
      organization: { [OWN]: 'o-example' },
      rcp: [
        [
          allow('*', '*'),
          deny('*', 'kms:*', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example' } }),
        ],
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'an unreadable control policy leaves it unknown',
    world: {
      ...plain,
      account: { serviceControlPolicies: [{ target: 'r-root', policies: [{ id: 'p-1', document: '{' }] }] },
    },
    who: A,
    can: 'Decrypt',
    answer: 'unknown',
    notEvaluated: 'service control policy',
  },
];

export const limitCases: Case[] = [...boundaries, ...denials, ...control];

import { allow, delegate, deny, KEY, KEY2, may, mayNot, OWN, root, roleArn, userArn } from '../world.ts';
import type { Case, Statement } from '../world.ts';

const A = userArn('alice');
const user = (...inline: Statement[]) => ({ users: [{ name: 'alice', inline }] });
const withKey = (arn: string, ...inline: Statement[]) => ({ ...user(...inline), key: { arn } });
const role = (...inline: Statement[]) => ({ roles: [{ name: 'app', inline }] });
const tagged = (value: string) => ({ tags: [{ TagKey: 'Purpose', TagValue: value }] });

/** IAM policies count only where the key policy delegates to the account. */
const delegation: Case[] = [
  {
    says: 'default key policy and no IAM policy: nothing (KMS guide, example Alice)',
    world: { users: [{ name: 'alice' }] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'default key policy and an IAM policy: allowed',
    world: user(may('kms:Decrypt')),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy'],
  },
  {
    says: 'no delegation: IAM policies do nothing',
    world: { ...user(may('kms:*')), policy: [allow(roleArn('app'), 'kms:*')] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'delegation by bare account id works like the root ARN',
    world: { ...user(may('kms:*')), policy: [allow(OWN, 'kms:*')] },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'delegation of some actions lets through only these',
    world: { ...user(may('kms:*')), policy: [allow(root(), 'kms:Describe*')] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'delegation of decryption with IAM for everything gives decryption',
    world: { ...user(may('kms:*')), policy: [allow(root(), 'kms:Decrypt')] },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'delegation to another account does not reach principals of this one',
    world: { ...user(may('kms:*')), policy: [allow(root('444455556666'), 'kms:*')] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a conditional delegation makes the right conditional',
    world: {
      ...user(may('kms:Decrypt')),
      policy: [allow(root(), 'kms:*', { StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } })],
    },
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['kms:ViaService'],
  },
  {
    says: 'a delegation bound to users and roles of the account by aws:PrincipalType',
    world: {
      ...user(may('kms:Decrypt')),
      policy: [allow(root(), 'kms:*', { StringEquals: { 'aws:PrincipalType': 'User' } })],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a delegation to users only does not reach a role',
    world: {
      ...role(may('kms:Decrypt')),
      policy: [allow(root(), 'kms:*', { StringEquals: { 'aws:PrincipalType': 'User' } })],
    },
    who: roleArn('app'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a delegation to a path of roles reaches a role in it',
    world: {
      ...role(may('kms:Decrypt')),
      policy: [allow(root(), 'kms:*', { ArnLike: { 'aws:PrincipalArn': roleArn('a*') } })],
    },
    who: roleArn('app'),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a delegation to a path of roles does not reach others',
    world: {
      ...role(may('kms:Decrypt')),
      policy: [allow(root(), 'kms:*', { ArnLike: { 'aws:PrincipalArn': roleArn('b*') } })],
    },
    who: roleArn('app'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'two delegations with different actions are both used',
    world: { ...user(may('kms:*')), policy: [allow(root(), 'kms:Encrypt'), allow(root(), 'kms:Decrypt')] },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
];

/** Where identity policies come from and which keys they cover. */
const identity: Case[] = [
  {
    says: 'an attached managed policy counts with its default version',
    world: { users: [{ name: 'alice', attached: ['Dec'] }], managed: { Dec: [may('kms:Decrypt')] } },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy'],
  },
  {
    says: 'an older version of a managed policy does not count',
    world: { users: [{ name: 'alice', attached: ['Dec'] }], managed: { Dec: [may('kms:Decrypt')] } },
    who: A,
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'a managed policy that is attached to nobody gives nothing',
    world: { users: [{ name: 'alice' }], managed: { Dec: [may('kms:Decrypt')] } },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: "a group's inline policy counts for its members",
    world: {
      users: [{ name: 'alice', groups: ['ops'] }],
      groups: [{ name: 'ops', inline: [may('kms:Decrypt')] }],
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'group'],
  },
  {
    says: "a group's attached policy counts for its members",
    world: {
      users: [{ name: 'alice', groups: ['ops'] }],
      groups: [{ name: 'ops', attached: ['Dec'] }],
      managed: { Dec: [may('kms:Decrypt')] },
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
    via: ['account-delegation', 'iam-policy', 'group'],
  },
  {
    says: 'a group does not count for others',
    world: { users: [{ name: 'alice' }], groups: [{ name: 'ops', inline: [may('kms:Decrypt')] }] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: "a Deny in one group beats another group's Allow",
    world: {
      users: [{ name: 'alice', groups: ['ops', 'dev'] }],
      groups: [
        { name: 'ops', inline: [may('kms:*')] },
        { name: 'dev', inline: [mayNot('kms:Decrypt')] },
      ],
    },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'all keys of the account (KMS guide example)',
    world: user(may(['kms:Encrypt', 'kms:Decrypt'], `arn:aws:kms:*:${OWN}:key/*`)),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'all keys of the account in this region (KMS guide example)',
    world: user(may('kms:Decrypt', `arn:aws:kms:us-west-2:${OWN}:key/*`)),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'all keys of the account in another region',
    world: user(may('kms:Decrypt', `arn:aws:kms:eu-west-1:${OWN}:key/*`)),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'all keys of another account',
    world: user(may('kms:Decrypt', 'arn:aws:kms:*:444455556666:key/*')),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'two keys by ARN, this one among them (KMS guide example)',
    world: user(may('kms:Decrypt', [KEY, KEY2])),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'another key by ARN',
    world: user(may('kms:Decrypt', KEY2)),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a pattern over key ids',
    world: user(may('kms:Decrypt', `arn:aws:kms:us-west-2:${OWN}:key/1234*`)),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'multi-Region keys only',
    world: user(may('kms:Decrypt', `arn:aws:kms:*:${OWN}:key/mrk-*`)),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'multi-Region keys only, on one',
    world: withKey(
      `arn:aws:kms:us-west-2:${OWN}:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
      may('kms:Decrypt', `arn:aws:kms:*:${OWN}:key/mrk-*`),
    ),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'resources are case-sensitive',
    world: user(may('kms:Decrypt', KEY.toUpperCase())),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a ? in a resource stands for one character',
    world: user(may('kms:Decrypt', `${KEY.slice(0, -1)}?`)),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'an alias as resource covers no key (KMS guide: it is the alias resource)',
    world: {
      ...user(may('kms:Decrypt', `arn:aws:kms:us-west-2:${OWN}:alias/example`)),
      key: { aliases: ['alias/example'] },
    },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'arn:aws:kms:* covers all keys',
    world: user(may('kms:Decrypt', 'arn:aws:kms:*')),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a statement for many services includes KMS',
    world: user(may(['s3:*', 'kms:*', 'ec2:*'])),
    who: A,
    can: 'PutKeyPolicy',
    answer: 'allowed',
  },
  {
    says: 'read-only patterns still include one administrative action: kms:Get* has GetParametersForImport',
    world: user(may(['kms:Describe*', 'kms:List*', 'kms:Get*'])),
    who: A,
    can: 'GetParametersForImport',
    answer: 'allowed',
  },
  {
    says: 'preventing a user from deleting keys (KMS guide example)',
    world: user(
      may('kms:*'),
      mayNot(['kms:DisableKey', 'kms:ScheduleKeyDeletion'], `arn:aws:kms:*:${OWN}:key/*`),
    ),
    who: A,
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'that denial leaves other rights',
    world: user(
      may('kms:*'),
      mayNot(['kms:DisableKey', 'kms:ScheduleKeyDeletion'], `arn:aws:kms:*:${OWN}:key/*`),
    ),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a denial for another key does not touch this one',
    world: user(may('kms:*'), mayNot('kms:*', KEY2)),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'an IAM denial beats a key policy that names the user',
    world: { ...user(mayNot('kms:Decrypt')), policy: [allow(A, 'kms:*')] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a key policy denial beats IAM',
    world: { ...user(may('kms:*')), policy: [delegate, deny(A, 'kms:Decrypt')] },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
];

/** NotAction, NotResource, policy variables. */
const inverted: Case[] = [
  {
    says: 'NotAction leaves everything else',
    world: user({ Effect: 'Allow', NotAction: 'kms:ScheduleKeyDeletion', Resource: '*' }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'NotAction leaves out what it names',
    world: user({ Effect: 'Allow', NotAction: ['kms:Sched*', 'iam:*'], Resource: '*' }),
    who: A,
    can: 'ScheduleKeyDeletion',
    answer: 'none',
  },
  {
    says: 'Allow NotAction iam:* is power over keys (PowerUserAccess)',
    world: user({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }),
    who: A,
    can: 'PutKeyPolicy',
    answer: 'allowed',
  },
  {
    says: 'Deny NotAction denies all but what it names',
    world: user(may('kms:*'), { Effect: 'Deny', NotAction: 'kms:Describe*', Resource: '*' }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny NotAction spares what it names',
    world: user(may('kms:*'), { Effect: 'Deny', NotAction: 'kms:Decrypt', Resource: '*' }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'NotResource leaves other keys',
    world: user({ Effect: 'Allow', Action: 'kms:Decrypt', NotResource: KEY2 }),
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'NotResource leaves out what it names',
    world: user({ Effect: 'Allow', Action: 'kms:Decrypt', NotResource: [KEY, KEY2] }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Deny NotResource denies on all other keys',
    world: user(may('kms:*'), { Effect: 'Deny', Action: 'kms:*', NotResource: KEY2 }),
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'NotAction in a key policy',
    world: {
      policy: [{ Effect: 'Allow', Principal: { AWS: A }, NotAction: 'kms:Put*', Resource: '*' }],
      users: [{ name: 'alice' }],
    },
    who: A,
    can: 'PutKeyPolicy',
    answer: 'none',
  },
  {
    says: 'a tag variable in a condition is resolved for a user',
    world: {
      users: [
        {
          name: 'alice',
          tags: [{ Key: 'team', Value: 'blue' }],
          inline: [
            may('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }),
          ],
        },
      ],
      key: { tags: [{ TagKey: 'team', TagValue: 'blue' }] },
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a tag variable that differs does not match',
    world: {
      users: [
        {
          name: 'alice',
          tags: [{ Key: 'team', Value: 'red' }],
          inline: [
            may('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }),
          ],
        },
      ],
      key: { tags: [{ TagKey: 'team', TagValue: 'blue' }] },
    },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'a tag variable of a role that takes session tags stays open',
    world: {
      roles: [
        {
          name: 'app',
          trust: [{ Effect: 'Allow', Principal: { AWS: A }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
          tags: [{ Key: 'team', Value: 'red' }],
          inline: [
            may('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }),
          ],
        },
      ],
      key: { tags: [{ TagKey: 'team', TagValue: 'blue' }] },
    },
    who: roleArn('app'),
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['aws:ResourceTag/team'],
  },
  {
    says: 'the user name as tag value',
    world: {
      ...user(may('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/Purpose': '${aws:username}' } })),
      key: tagged('alice'),
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'variables are literal text without the 2012 version',
    world: {
      users: [{ name: 'alice', attached: ['Old'] }],
      managed: {
        Old: JSON.stringify({
          Statement: [
            may('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/Purpose': '${aws:username}' } }),
          ],
        }),
      },
      key: tagged('alice'),
    },
    who: A,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'an unknown variable in a resource stays open',
    world: user(may('kms:Decrypt', `arn:aws:kms:us-west-2:${OWN}:key/\${aws:SourceIdentity}`)),
    who: A,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['policy variable'],
  },
  {
    says: 'a variable with a default value',
    world: {
      ...user(
        may('kms:Decrypt', '*', {
          StringEquals: { 'aws:ResourceTag/Purpose': "${aws:PrincipalTag/team, 'Test'}" },
        }),
      ),
      key: tagged('Test'),
    },
    who: A,
    can: 'Decrypt',
    answer: 'allowed',
  },
];

export const iamCases: Case[] = [...delegation, ...identity, ...inverted];

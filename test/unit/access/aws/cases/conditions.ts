import { allow, delegate, may, OTHER, OWN, root, roleArn, userArn } from '../world.ts';
import type { Case, World } from '../world.ts';

const A = userArn('alice');
const R = roleArn('app');

type Block = Record<string, Record<string, unknown>>;
/** Alice may decrypt under this condition, in her IAM policy. */
const under = (condition: Block, extra: World = {}): World => ({
  users: [{ name: 'alice', inline: [may('kms:*', '*', condition)], tags: [{ Key: 'Team', Value: 'blue' }] }],
  ...extra,
});
const tags = (value: string): World => ({ key: { tags: [{ TagKey: 'Purpose', TagValue: value }] } });
const aliases = (...names: string[]): World => ({ key: { aliases: names } });
const line = (
  says: string,
  world: World,
  answer: Case['answer'],
  conditions?: string[],
  can = 'Decrypt',
): Case => ({
  says,
  world,
  who: A,
  can,
  answer,
  ...(conditions ? { conditions } : {}),
});

const operators: Case[] = [
  line('StringEquals that matches', under({ StringEquals: { 'aws:PrincipalAccount': OWN } }), 'allowed'),
  line('StringEquals that does not', under({ StringEquals: { 'aws:PrincipalAccount': OTHER } }), 'none'),
  line(
    'StringEquals with several values: one is enough',
    under({ StringEquals: { 'aws:PrincipalAccount': [OTHER, OWN] } }),
    'allowed',
  ),
  line(
    'StringEquals takes * literally',
    under({ StringEquals: { 'aws:PrincipalAccount': '1111*' } }),
    'none',
  ),
  line('StringEquals is case-sensitive', under({ StringEquals: { 'aws:username': 'ALICE' } }), 'none'),
  line(
    'StringEqualsIgnoreCase is not',
    under({ StringEqualsIgnoreCase: { 'aws:username': 'ALICE' } }),
    'allowed',
  ),
  line('StringNotEquals that differs', under({ StringNotEquals: { 'aws:username': 'bob' } }), 'allowed'),
  line(
    'StringNotEquals with the value in its list',
    under({ StringNotEquals: { 'aws:username': ['bob', 'alice'] } }),
    'none',
  ),
  line(
    'StringNotEqualsIgnoreCase',
    under({ StringNotEqualsIgnoreCase: { 'aws:username': 'Alice' } }),
    'none',
  ),
  line('StringLike with wildcards', under({ StringLike: { 'aws:username': 'al?c*' } }), 'allowed'),
  line('StringNotLike with wildcards', under({ StringNotLike: { 'aws:username': 'a*' } }), 'none'),
  line(
    'ArnEquals takes wildcards like ArnLike',
    under({ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/a*' } }),
    'allowed',
  ),
  line(
    'ArnLike compares part by part: a * does not reach over a colon',
    under({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:user/alice' } }),
    'none',
  ),
  line('ArnNotLike', under({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }), 'allowed'),
  line('ArnNotEquals', under({ ArnNotEquals: { 'aws:PrincipalArn': A } }), 'none'),
  line('Bool written as a boolean', under({ Bool: { 'aws:PrincipalIsAWSService': false } }), 'allowed'),
  line('Bool that does not match', under({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }), 'none'),
  line('Null true on a key that is there', under({ Null: { 'aws:username': 'true' } }), 'none'),
  line('Null false on a key that is there', under({ Null: { 'aws:username': 'false' } }), 'allowed'),
  line(
    'Null true on a key that is absent',
    under({ Null: { 'aws:PrincipalTag/absent': 'true' } }),
    'allowed',
  ),
  line('Null on an unknown key is reported', under({ Null: { 'aws:SourceVpc': 'false' } }), 'conditional', [
    'aws:SourceVpc',
  ]),
  line(
    'NullIfExists does not exist: it is reported, not guessed',
    under({ NullIfExists: { 'aws:username': 'false' } }),
    'conditional',
    ['aws:username'],
  ),
  line(
    'an operator nobody knows is reported',
    under({ StringSoundsLike: { 'aws:username': 'alice' } }),
    'conditional',
    ['aws:username'],
  ),
  line('operators ignore case', under({ stringequals: { 'aws:username': 'alice' } }), 'allowed'),
  line('condition keys ignore case', under({ StringEquals: { 'AWS:UserName': 'alice' } }), 'allowed'),
  line(
    'an absent key fails a positive operator',
    under({ StringEquals: { 'aws:PrincipalTag/absent': 'x' } }),
    'none',
  ),
  line(
    'an absent key satisfies a negated operator',
    under({ StringNotEquals: { 'aws:PrincipalTag/absent': 'x' } }),
    'allowed',
  ),
  line(
    'IfExists on an absent key holds',
    under({ StringEqualsIfExists: { 'aws:PrincipalTag/absent': 'x' } }),
    'allowed',
  ),
  line(
    'IfExists on a key with another value does not',
    under({ StringEqualsIfExists: { 'aws:PrincipalTag/Team': 'red' } }),
    'none',
  ),
  line('tag keys ignore case', under({ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }), 'allowed'),
  line(
    'IpAddress is never known',
    under({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    'conditional',
    ['aws:SourceIp'],
  ),
  line(
    'NotIpAddress is never known',
    under({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    'conditional',
    ['aws:SourceIp'],
  ),
  line(
    'BinaryEquals on an unknown key',
    under({ BinaryEquals: { 'aws:SomeBlob': 'QmluYXJ5' } }),
    'conditional',
    ['aws:SomeBlob'],
  ),
  line(
    'Numeric on an unknown key',
    under({ NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 } }),
    'conditional',
    ['aws:MultiFactorAuthAge'],
  ),
  line(
    'two conditions: both must hold',
    under({ StringEquals: { 'aws:username': 'alice', 'aws:PrincipalAccount': OTHER } }),
    'none',
  ),
  line(
    'two conditions: only the open one is reported',
    under({ StringEquals: { 'aws:username': 'alice' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    'conditional',
    ['aws:MultiFactorAuthPresent'],
  ),
  line(
    '${*} in StringLike is the character, not a wildcard',
    under({ StringLike: { 'aws:PrincipalTag/Team': 'b${*}' } }),
    'none',
  ),
  line(
    '${?} matches itself beside a wildcard',
    under({ StringLike: { 'aws:ResourceTag/Purpose': 'wh*${?}' } }, tags('what?')),
    'allowed',
  ),
  line(
    '${*} in StringEquals',
    under({ StringEquals: { 'aws:ResourceTag/Purpose': '${*}' } }, tags('*')),
    'allowed',
  ),
];

const dates: Case[] = [
  line(
    'DateLessThan in the past of the answer',
    under(
      { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      { input: { at: '2026-06-30T00:00:00Z' } },
    ),
    'none',
  ),
  line(
    'DateLessThan in its future',
    under(
      { DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } },
      { input: { at: '2026-06-30T00:00:00Z' } },
    ),
    'allowed',
  ),
  line(
    'DateGreaterThan as seconds since 1970',
    under({ DateGreaterThan: { 'aws:EpochTime': '1767225600' } }, { input: { at: '2026-06-30T00:00:00Z' } }),
    'allowed',
  ),
  line(
    'DateGreaterThanEquals at the very moment',
    under(
      { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-06-30T00:00:00Z' } },
      { input: { at: '2026-06-30T00:00:00Z' } },
    ),
    'allowed',
  ),
  line(
    'DateNotEquals at the very moment',
    under(
      { DateNotEquals: { 'aws:CurrentTime': '2026-06-30T00:00:00Z' } },
      { input: { at: '2026-06-30T00:00:00Z' } },
    ),
    'none',
  ),
  line(
    'a date without a moment to compare is reported',
    under({ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }),
    'conditional',
    ['aws:CurrentTime'],
  ),
  line(
    'a date that is none is reported',
    under({ DateLessThan: { 'aws:CurrentTime': 'soon' } }, { input: { at: '2026-06-30T00:00:00Z' } }),
    'conditional',
    ['aws:CurrentTime'],
  ),
];

const keyFacts: Case[] = [
  line(
    'a key tag that matches (KMS guide, ABAC)',
    under({ StringEquals: { 'aws:ResourceTag/Purpose': 'Test' } }, tags('Test')),
    'allowed',
  ),
  line(
    'a key tag that does not',
    under({ StringEquals: { 'aws:ResourceTag/Purpose': 'Test' } }, tags('Prod')),
    'none',
  ),
  line(
    'key tags that were not collected',
    under({ StringEquals: { 'aws:ResourceTag/Purpose': 'Test' } }),
    'conditional',
    ['aws:ResourceTag/Purpose'],
  ),
  line(
    'a key without tags',
    under({ StringEquals: { 'aws:ResourceTag/Purpose': 'Test' } }, { key: { tags: [] } }),
    'none',
  ),
  line(
    'ForAnyValue on aliases',
    under(
      { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/example' } },
      aliases('alias/other', 'alias/example'),
    ),
    'allowed',
  ),
  line(
    'ForAnyValue on aliases that do not match',
    under({ 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/prod-*' } }, aliases('alias/test-1')),
    'none',
  ),
  line(
    'ForAnyValue on a key without aliases',
    under({ 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/*' } }, aliases()),
    'none',
  ),
  line(
    'ForAllValues on aliases: all must match',
    under(
      { 'ForAllValues:StringLike': { 'kms:ResourceAliases': 'alias/test-*' } },
      aliases('alias/test-1', 'alias/prod'),
    ),
    'none',
  ),
  line(
    'ForAllValues on a key without aliases holds',
    under({ 'ForAllValues:StringLike': { 'kms:ResourceAliases': 'alias/test-*' } }, aliases()),
    'allowed',
  ),
  line(
    'ForAnyValue with a negated operator: one that differs is enough',
    under(
      { 'ForAnyValue:StringNotLike': { 'kms:ResourceAliases': 'alias/prod*' } },
      aliases('alias/prod', 'alias/test'),
    ),
    'allowed',
  ),
  line(
    'ForAllValues with a negated operator: none may match',
    under(
      { 'ForAllValues:StringNotLike': { 'kms:ResourceAliases': 'alias/prod*' } },
      aliases('alias/prod', 'alias/test'),
    ),
    'none',
  ),
  line(
    'ForAnyValue with a negated operator does not hold without any value',
    under({ 'ForAnyValue:StringNotLike': { 'kms:ResourceAliases': 'alias/prod*' } }, aliases()),
    'none',
  ),
  line(
    'aliases that were not collected',
    under({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/example' } }),
    'conditional',
    ['kms:ResourceAliases'],
  ),
  line(
    'kms:RequestAlias with an alias of the key: the caller chooses',
    under({ StringEquals: { 'kms:RequestAlias': 'alias/example' } }, aliases('alias/example')),
    'conditional',
    ['kms:RequestAlias'],
  ),
  line(
    'kms:RequestAlias with no alias of the key cannot be met',
    under({ StringEquals: { 'kms:RequestAlias': 'alias/example' } }, aliases('alias/other')),
    'none',
  ),
  line(
    'kms:KeySpec that matches',
    under(
      { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } },
      { key: { keySpec: 'SYMMETRIC_DEFAULT' } },
    ),
    'allowed',
  ),
  line(
    'kms:KeyOrigin that does not',
    under({ StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } }, { key: { origin: 'AWS_KMS' } }),
    'none',
  ),
  line(
    'kms:MultiRegion',
    under({ Bool: { 'kms:MultiRegion': 'true' } }, { key: { multiRegion: false } }),
    'none',
  ),
  line('aws:RequestedRegion', under({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }), 'none'),
  line(
    'aws:ResourceAccount equal to the principal account by variable',
    under({ StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }),
    'allowed',
  ),
];

const callers: Case[] = [
  line(
    'aws:PrincipalOrgID of a known organisation',
    under({ StringEquals: { 'aws:PrincipalOrgID': 'o-example' } }, { organization: { [OWN]: 'o-example' } }),
    'allowed',
  ),
  line(
    'aws:PrincipalOrgID of another organisation',
    under({ StringEquals: { 'aws:PrincipalOrgID': 'o-other' } }, { organization: { [OWN]: 'o-example' } }),
    'none',
  ),
  line(
    'aws:PrincipalOrgID of an account in no organisation',
    under({ StringEquals: { 'aws:PrincipalOrgID': 'o-example' } }, { organization: { [OWN]: null } }),
    'none',
  ),
  line(
    'aws:PrincipalOrgID when the organisation is unknown',
    under({ StringEquals: { 'aws:PrincipalOrgID': 'o-example' } }),
    'conditional',
    ['aws:PrincipalOrgID'],
  ),
  line(
    'kms:CallerAccount of the own account',
    under({ StringEquals: { 'kms:CallerAccount': OWN } }),
    'allowed',
  ),
  line(
    'kms:ViaService is reported (KMS guide)',
    under({
      StringEquals: { 'kms:ViaService': ['ec2.us-west-2.amazonaws.com', 'rds.us-west-2.amazonaws.com'] },
    }),
    'conditional',
    ['kms:ViaService'],
  ),
  line(
    'aws:userid of a user is known',
    under({ StringEquals: { 'aws:userid': 'AIDAALICEEXAMPLE1234' } }),
    'allowed',
  ),
  line(
    'aws:SecureTransport is always true for KMS',
    under({ Bool: { 'aws:SecureTransport': 'true' } }),
    'allowed',
  ),
  {
    says: 'aws:username is absent for a role',
    world: { roles: [{ name: 'app', inline: [may('kms:*', '*', { StringLike: { 'aws:username': '*' } })] }] },
    who: R,
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'aws:PrincipalType of a role',
    world: {
      roles: [
        {
          name: 'app',
          inline: [may('kms:*', '*', { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } })],
        },
      ],
    },
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'aws:userid of a role session is reported',
    world: {
      roles: [{ name: 'app', inline: [may('kms:*', '*', { StringLike: { 'aws:userid': 'AROAX:*' } })] }],
    },
    who: R,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['aws:userid'],
  },
  {
    says: 'tags of a role that takes no session tags are known',
    world: {
      roles: [
        {
          name: 'app',
          tags: [{ Key: 'env', Value: 'prod' }],
          inline: [may('kms:*', '*', { StringEquals: { 'aws:PrincipalTag/env': 'prod' } })],
        },
      ],
    },
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
];

const ec = { StringEquals: { 'kms:EncryptionContext:AppName': 'ExampleApp' } };
/** A condition key that an operation never carries decides the condition for it. */
const scoped: Case[] = [
  line('an encryption context condition is reported for decryption', under(ec), 'conditional', [
    'kms:EncryptionContext:AppName',
  ]),
  line(
    'an encryption context condition cannot be met by PutKeyPolicy',
    under(ec),
    'none',
    undefined,
    'PutKeyPolicy',
  ),
  line('an encryption context condition cannot be met by Sign', under(ec), 'none', undefined, 'Sign'),
  line(
    'a negated one does not bind PutKeyPolicy',
    under({ StringNotEquals: { 'kms:EncryptionContext:AppName': 'x' } }),
    'allowed',
    undefined,
    'PutKeyPolicy',
  ),
  line(
    'kms:GrantIsForAWSResource true limits kms:* to grants',
    under({ Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    'none',
  ),
  line(
    'kms:GrantIsForAWSResource is reported on CreateGrant',
    under({ Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    'conditional',
    ['kms:GrantIsForAWSResource'],
    'CreateGrant',
  ),
  line(
    'kms:SigningAlgorithm is reported on Sign',
    under({ StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_512' } }),
    'conditional',
    ['kms:SigningAlgorithm'],
    'Sign',
  ),
  line(
    'kms:GrantOperations does not exist for Decrypt',
    under({ 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Encrypt', 'Decrypt'] } }),
    'allowed',
  ),
  line(
    'kms:GrantOperations is reported on CreateGrant',
    under({ 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Encrypt'] } }),
    'conditional',
    ['kms:GrantOperations'],
    'CreateGrant',
  ),
  line(
    'kms:RecipientAttestation is reported on Decrypt',
    under({ StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': 'abc' } }),
    'conditional',
    ['kms:RecipientAttestation:ImageSha384'],
  ),
];

const everyone: Case[] = [
  {
    says: '* without conditions is everyone',
    world: { policy: [allow('*', 'kms:Decrypt')] },
    who: '*',
    can: 'Decrypt',
    answer: 'allowed',
    notEvaluated: 'denials in policies of single principals',
  },
  {
    says: '{"AWS": "*"} is the same',
    world: { policy: [allow({ AWS: '*' }, 'kms:Decrypt')] },
    who: '*',
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: '* through a service from this account is everyone of the account',
    world: {
      policy: [
        allow('*', 'kms:Decrypt', {
          StringEquals: { 'kms:CallerAccount': OWN, 'kms:ViaService': 's3.us-west-2.amazonaws.com' },
        }),
      ],
    },
    who: `${OWN}/everyone`,
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['kms:ViaService'],
  },
  {
    says: 'that is not the world',
    world: { policy: [allow('*', 'kms:Decrypt', { StringEquals: { 'kms:CallerAccount': OWN } })] },
    who: '*',
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: '* with kms:CallerAccount of another account is that account',
    world: { policy: [allow('*', 'kms:Decrypt', { StringEquals: { 'kms:CallerAccount': OTHER } })] },
    who: root(OTHER),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: '* with a pattern of accounts stays everyone',
    world: { policy: [allow('*', 'kms:Decrypt', { StringLike: { 'kms:CallerAccount': '1111*' } })] },
    who: '*',
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['kms:CallerAccount'],
  },
  {
    says: '* with an organisation is conditional on it',
    world: { policy: [allow('*', 'kms:Decrypt', { StringEquals: { 'aws:PrincipalOrgID': 'o-example' } })] },
    who: '*',
    can: 'Decrypt',
    answer: 'conditional',
    conditions: ['aws:PrincipalOrgID'],
  },
  {
    says: '* with one ARN is that principal',
    world: {
      policy: [allow('*', 'kms:Decrypt', { ArnEquals: { 'aws:PrincipalArn': R } })],
      roles: [{ name: 'app' }],
    },
    who: R,
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: '* with one ARN is nobody else',
    world: {
      policy: [allow('*', 'kms:Decrypt', { ArnEquals: { 'aws:PrincipalArn': R } })],
      roles: [{ name: 'app' }],
    },
    who: '*',
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: '* with a pattern of ARNs names the matching principals',
    world: {
      policy: [allow('*', 'kms:Decrypt', { ArnLike: { 'aws:PrincipalArn': roleArn('app*') } })],
      roles: [{ name: 'app1' }, { name: 'web' }],
    },
    who: roleArn('app1'),
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'and not the others',
    world: {
      policy: [allow('*', 'kms:Decrypt', { ArnLike: { 'aws:PrincipalArn': roleArn('app*') } })],
      roles: [{ name: 'app1' }, { name: 'web' }],
    },
    who: roleArn('web'),
    can: 'Decrypt',
    answer: 'none',
  },
  {
    says: 'Allow NotPrincipal is everyone',
    world: { policy: [{ Effect: 'Allow', NotPrincipal: { AWS: A }, Action: 'kms:Decrypt', Resource: '*' }] },
    who: '*',
    can: 'Decrypt',
    answer: 'allowed',
  },
  {
    says: 'a service control policy of our account does not bind everyone',
    world: { policy: [delegate, allow('*', 'kms:Decrypt')], scp: [[may('*')]] },
    who: '*',
    can: 'Decrypt',
    answer: 'allowed',
  },
];

export const conditionCases: Case[] = [
  ...operators,
  ...dates,
  ...keyFacts,
  ...callers,
  ...scoped,
  ...everyone,
];

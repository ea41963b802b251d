import { describe, expect, it } from 'vitest';
import { publicness } from '../../../../electron/access/aws/publicness.ts';
import { allow, delegate, deny, OTHER, OWN, policy, root, roleArn, userArn } from './world.ts';
import type { Statement } from './world.ts';

const open = (condition?: Record<string, Record<string, unknown>>): Statement[] => [
  allow('*', 'kms:Decrypt', condition),
];
const closedBy = (...denies: Statement[]): Statement[] => [allow('*', 'kms:Decrypt'), ...denies];

type Row = [
  says: string,
  statements: Statement[],
  state: ReturnType<typeof publicness>['state'],
  by?: string[],
];

const rows: Row[] = [
  ['the default key policy', [delegate], 'not-public'],
  ['another account by name is not the public', [allow(root(OTHER), 'kms:*')], 'not-public'],
  ['a service principal is not the public', [allow({ Service: 's3.amazonaws.com' }, 'kms:*')], 'not-public'],
  ['a Deny for everyone is not access', [delegate, deny('*', 'kms:*')], 'not-public'],
  ['* without conditions', open(), 'public'],
  ['{"AWS":"*"}', [allow({ AWS: '*' }, 'kms:Decrypt')], 'public'],
  ['* among other principals', [allow([userArn('alice'), '*'], 'kms:Decrypt')], 'public'],
  [
    'Allow NotPrincipal',
    [{ Effect: 'Allow', NotPrincipal: { AWS: root() }, Action: 'kms:*', Resource: '*' }],
    'public',
  ],
  ['only aws:SecureTransport', open({ Bool: { 'aws:SecureTransport': 'true' } }), 'public'],
  ['only MFA', open({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), 'public'],
  [
    'only kms:ViaService: any account can go through the service',
    open({ StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } }),
    'public',
  ],
  ['only an encryption context', open({ StringEquals: { 'kms:EncryptionContext:a': 'b' } }), 'public'],
  [
    'only a principal tag: any account can set it',
    open({ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }),
    'public',
  ],
  [
    'kms:CallerAccount',
    open({ StringEquals: { 'kms:CallerAccount': OWN } }),
    'restricted',
    ['kms:CallerAccount'],
  ],
  [
    'kms:CallerAccount with kms:ViaService (AWS managed keys)',
    open({ StringEquals: { 'kms:CallerAccount': OWN, 'kms:ViaService': 's3.us-west-2.amazonaws.com' } }),
    'restricted',
    ['kms:CallerAccount'],
  ],
  [
    'kms:CallerAccount by StringLike with a wildcard',
    open({ StringLike: { 'kms:CallerAccount': '1111*' } }),
    'public',
  ],
  [
    'kms:CallerAccount with one good value and *',
    open({ StringLike: { 'kms:CallerAccount': [OWN, '*'] } }),
    'public',
  ],
  [
    'kms:CallerAccount with IfExists: it always exists',
    open({ StringEqualsIfExists: { 'kms:CallerAccount': OWN } }),
    'restricted',
    ['kms:CallerAccount'],
  ],
  ['not kms:CallerAccount', open({ StringNotEquals: { 'kms:CallerAccount': OWN } }), 'public'],
  [
    'aws:PrincipalAccount',
    open({ StringEquals: { 'aws:PrincipalAccount': [OWN, OTHER] } }),
    'restricted',
    ['aws:PrincipalAccount'],
  ],
  [
    'aws:PrincipalOrgID',
    open({ StringEquals: { 'aws:PrincipalOrgID': 'o-example123' } }),
    'restricted',
    ['aws:PrincipalOrgID'],
  ],
  ['aws:PrincipalOrgID like o-*', open({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }), 'public'],
  [
    'aws:PrincipalOrgID with IfExists: accounts in no organisation pass',
    open({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example123' } }),
    'public',
  ],
  [
    'aws:PrincipalOrgPaths',
    open({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-example123/r-ab12/ou-1/*' } }),
    'restricted',
    ['aws:PrincipalOrgPaths'],
  ],
  [
    'aws:PrincipalOrgPaths with ForAllValues: the empty set passes',
    open({ 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-example123/r-ab12/*' } }),
    'public',
  ],
  [
    'aws:PrincipalArn of one role',
    open({ ArnEquals: { 'aws:PrincipalArn': roleArn('app') } }),
    'restricted',
    ['aws:PrincipalArn'],
  ],
  [
    'aws:PrincipalArn of one account',
    open({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } }),
    'restricted',
    ['aws:PrincipalArn'],
  ],
  [
    'aws:PrincipalArn in any account',
    open({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } }),
    'public',
  ],
  [
    'aws:SourceArn of one account',
    open({ ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${OWN}:*` } }),
    'restricted',
    ['aws:SourceArn'],
  ],
  [
    'aws:SourceArn of one bucket',
    open({ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::acme-logs' } }),
    'restricted',
    ['aws:SourceArn'],
  ],
  ['aws:SourceArn of any bucket', open({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }), 'public'],
  [
    'aws:SourceArn with IfExists: direct calls lack it',
    open({ ArnLikeIfExists: { 'aws:SourceArn': `arn:aws:sns:*:${OWN}:*` } }),
    'public',
  ],
  [
    'aws:SourceAccount',
    open({ StringEquals: { 'aws:SourceAccount': OWN } }),
    'restricted',
    ['aws:SourceAccount'],
  ],
  [
    'aws:SourceVpce',
    open({ StringEquals: { 'aws:SourceVpce': 'vpce-1234abcd' } }),
    'restricted',
    ['aws:SourceVpce'],
  ],
  [
    'aws:SourceIp of an office',
    open({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    'restricted',
    ['aws:SourceIp'],
  ],
  ['aws:SourceIp of the whole internet', open({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }), 'public'],
  ['aws:SourceIp of a broad IPv6 range', open({ IpAddress: { 'aws:SourceIp': '2000::/3' } }), 'public'],
  [
    'aws:userid of one role',
    open({ StringLike: { 'aws:userid': 'AROAEXAMPLEROLEID123:*' } }),
    'restricted',
    ['aws:userid'],
  ],
  [
    'a value that is the caller itself',
    open({ StringEquals: { 'kms:CallerAccount': '${aws:PrincipalAccount}' } }),
    'public',
  ],
  [
    "a value that is the key's own account",
    open({ StringEquals: { 'kms:CallerAccount': '${aws:ResourceAccount}' } }),
    'restricted',
    ['kms:CallerAccount'],
  ],
  [
    'an unknown operator restricts nothing',
    open({ StringSoundsLike: { 'kms:CallerAccount': OWN } }),
    'public',
  ],
  [
    'a weak condition beside a strong one',
    open({ Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalOrgID': 'o-example123' } }),
    'restricted',
    ['aws:PrincipalOrgID'],
  ],
  [
    'one restricted and one open statement',
    [...open({ StringEquals: { 'kms:CallerAccount': OWN } }), allow('*', 'kms:Encrypt')],
    'public',
  ],
  [
    'closed by a Deny outside the organisation',
    closedBy(deny('*', 'kms:*', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-example123' } })),
    'restricted',
    ['aws:PrincipalOrgID'],
  ],
  [
    'closed by it with the customary exception for AWS services',
    closedBy(
      deny('*', 'kms:*', {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example123' },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      }),
    ),
    'restricted',
    ['aws:PrincipalOrgID', 'aws:PrincipalIsAWSService'],
  ],
  [
    'not closed when the Deny also needs something weak',
    closedBy(
      deny('*', 'kms:*', {
        StringNotEquals: { 'aws:PrincipalOrgID': 'o-example123' },
        Bool: { 'aws:SecureTransport': 'true' },
      }),
    ),
    'public',
  ],
  [
    'not closed by a Deny of other actions',
    closedBy(deny('*', 'kms:Encrypt', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-example123' } })),
    'public',
  ],
  ['not closed by a Deny for one principal', closedBy(deny(userArn('mallory'), 'kms:*')), 'public'],
  ['closed by a Deny for everyone', closedBy(deny('*', 'kms:*')), 'restricted', ['principal']],
  [
    'closed by Deny NotPrincipal',
    closedBy({
      Effect: 'Deny',
      NotPrincipal: { AWS: [roleArn('app'), root()] },
      Action: 'kms:*',
      Resource: '*',
    }),
    'restricted',
    ['principal'],
  ],
  [
    'not closed by a Deny on insecure transport',
    closedBy(deny('*', 'kms:*', { Bool: { 'aws:SecureTransport': 'false' } })),
    'public',
  ],
  [
    'not closed by a Deny unless an encryption context is given',
    closedBy(deny('*', 'kms:*', { StringNotEquals: { 'kms:EncryptionContext:a': 'b' } })),
    'public',
  ],
  ['statements of other services do not count', [allow('*', 's3:GetObject')], 'not-public'],
];

describe('publicness of a key policy', () => {
  it.each(rows)('%s', (_, statements, state, by) => {
    const answer = publicness(policy(...statements));
    expect(answer.state).toBe(state);
    expect(answer.issues.filter(({ code }) => code !== 'operator-unknown')).toEqual([]);
    if (by) expect(answer.statements.flatMap((s) => s.restrictedBy.map(({ key }) => key))).toEqual(by);
    for (const statement of answer.statements) {
      expect(statement.publicActions.length > 0).toBe(statement.state === 'public');
    }
  });

  it('points at the statement, names its actions and its weak conditions', () => {
    const text = policy(delegate, {
      Sid: 'Leak',
      ...allow('*', ['kms:Decrypt', 'kms:ReEncrypt*'], { Bool: { 'aws:SecureTransport': 'true' } }),
    });
    expect(publicness(text).statements).toEqual([
      {
        state: 'public',
        statementIndex: 1,
        sid: 'Leak',
        rawPointer: { document: 'key-policy', path: '/Statement/1' },
        actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        publicActions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        restrictedBy: [],
        conditions: [expect.objectContaining({ key: 'aws:SecureTransport', effect: 'allow' })],
        weak: [
          {
            operator: 'Bool',
            key: 'aws:SecureTransport',
            values: ['true'],
            effect: 'allow',
            rawPointer: { document: 'key-policy', path: '/Statement/1/Condition/Bool/aws:SecureTransport' },
          },
        ],
      },
    ]);
  });

  it.each(['', 'null', '[]', '{"Statement":', '"text"'])('says unknown for %j, never not-public', (text) => {
    const answer = publicness(text);
    expect(answer.state).toBe('unknown');
    expect(answer.issues[0]!.code).toBe('policy-malformed');
  });
});

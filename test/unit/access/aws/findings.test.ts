import { describe, expect, it } from 'vitest';
import {
  administratorsWhoUse,
  crossAccountGrants,
  crossAccountPrincipals,
  decryptOnAllKeys,
  evaluateAwsAccess,
  humansWithUse,
  listIamPolicies,
  orphanedPrincipals,
  unconstrainedGrants,
  wildcardPrincipals,
} from '../../../../electron/access/aws/index.ts';
import {
  allow,
  build,
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
  trust,
  userArn,
} from './world.ts';
import type { Statement, World } from './world.ts';

describe('wildcard principals', () => {
  it('lists every Allow for everyone, with conditions, and no Deny', () => {
    const text = policy(
      delegate,
      deny('*', 'kms:*'),
      { Sid: 'Any', ...allow({ AWS: '*' }, 'kms:Decrypt', { StringEquals: { 'kms:CallerAccount': OWN } }) },
      { Effect: 'Allow', NotPrincipal: { AWS: root(OTHER) }, Action: 'kms:Encrypt', Resource: '*' },
    );
    const { evidence, readable } = wildcardPrincipals(text);
    expect(readable).toBe(true);
    expect(evidence.map(({ statementIndex, principal }) => [statementIndex, principal])).toEqual([
      [2, '*'],
      [3, `everyone except ${OTHER}`],
    ]);
    expect(evidence[0]).toMatchObject({
      sid: 'Any',
      actions: ['kms:Decrypt'],
      rawPointer: { path: '/Statement/2' },
    });
    expect(evidence[0]!.conditions[0]!.key).toBe('kms:CallerAccount');
  });

  it('says that an unreadable policy was not readable', () => {
    expect(wildcardPrincipals('{')).toMatchObject({ evidence: [], readable: false });
  });

  it('lists a statement once although its conditions split it by action', () => {
    const text = policy(allow('*', 'kms:*', { StringNotEquals: { 'kms:EncryptionContext:a': 'b' } }));
    expect(wildcardPrincipals(text).evidence).toHaveLength(1);
  });
});

describe('cross-account principals', () => {
  const found = (...statements: Statement[]) =>
    crossAccountPrincipals(policy(...statements), OWN, ['999988887777']).evidence;

  it('finds accounts, users, roles and sessions of others, not the own', () => {
    const names = [root(OTHER), '999988887777', roleArn('x', OTHER), userArn('alice'), root()];
    expect(
      found(allow(names, 'kms:Decrypt')).map(({ principal, accountId, approved }) => [
        principal,
        accountId,
        approved,
      ]),
    ).toEqual([
      [OTHER, OTHER, false],
      ['999988887777', '999988887777', true],
      [roleArn('x', OTHER), OTHER, false],
    ]);
  });

  it('finds an account that a condition pins on a statement for everyone', () => {
    const condition = { StringEquals: { 'kms:CallerAccount': [OWN, OTHER] } };
    expect(found(allow('*', 'kms:Decrypt', condition)).map((e) => e.principal)).toEqual([OTHER]);
  });

  it('finds the account of a pinned ARN pattern', () => {
    const condition = { ArnLike: { 'aws:PrincipalArn': roleArn('*', OTHER) } };
    expect(found(allow('*', 'kms:Decrypt', condition)).map((e) => e.accountId)).toEqual([OTHER]);
  });

  it('separates what KMS honours across accounts from what it does not', () => {
    const [evidence] = found(allow(root(OTHER), ['kms:Decrypt', 'kms:ScheduleKeyDeletion']));
    expect(evidence).toMatchObject({ actions: ['kms:Decrypt'], withoutEffect: ['kms:ScheduleKeyDeletion'] });
  });

  it('does not list denials', () => {
    expect(found(deny(root(OTHER), 'kms:*'))).toEqual([]);
  });
});

describe('orphaned principals', () => {
  it('finds unique ids of deleted users and roles among living principals', () => {
    const text = policy(
      allow([userArn('alice'), 'AIDAJQABLZS4A3QDU576Q'], 'kms:*'),
      deny('AROAJQABLZS4A3QDU576Q', 'kms:Decrypt'),
      allow('ABIAJQABLZS4A3QDU576Q', 'kms:Decrypt'),
    );
    expect(
      orphanedPrincipals(text).evidence.map(({ uniqueId, was, effect }) => [uniqueId, was, effect]),
    ).toEqual([
      ['AIDAJQABLZS4A3QDU576Q', 'user', 'Allow'],
      ['AROAJQABLZS4A3QDU576Q', 'role', 'Deny'],
      ['ABIAJQABLZS4A3QDU576Q', 'other', 'Allow'],
    ]);
  });
});

describe('IAM policies that decrypt with all keys', () => {
  const scan = (...statements: Statement[]) =>
    decryptOnAllKeys([
      {
        id: 'p',
        rawPointer: { document: 'managed-policy', of: 'p' },
        document: policy(...statements),
        attachedTo: [],
        awsManaged: false,
      },
    ]).evidence;

  it.each<[string, Statement[], string | undefined]>([
    ['decryption on *', [may('kms:Decrypt')], 'every-account'],
    ['full access', [may('*')], 'every-account'],
    ['kms:* on *', [may('kms:*')], 'every-account'],
    ['ReEncryptFrom on *', [may('kms:ReEncryptFrom')], 'every-account'],
    ['kms:Re* on *', [may('kms:Re*')], 'every-account'],
    ['arn:aws:kms:*', [may('kms:Decrypt', 'arn:aws:kms:*')], 'every-account'],
    ['keys of any account', [may('kms:Decrypt', 'arn:aws:kms:*:*:key/*')], 'every-account'],
    ['keys of one account', [may('kms:Decrypt', `arn:aws:kms:*:${OWN}:key/*`)], 'account'],
    ['keys of one region', [may('kms:Decrypt', `arn:aws:kms:eu-west-1:${OWN}:key/*`)], 'region'],
    [
      'everything in one region of an account',
      [may('kms:Decrypt', `arn:aws:kms:eu-west-1:${OWN}:*`)],
      'region',
    ],
    ['all keys but one', [{ Effect: 'Allow', Action: 'kms:Decrypt', NotResource: KEY }], 'all-but-listed'],
    [
      'NotAction that leaves decryption',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      'every-account',
    ],
    ['one key', [may('kms:Decrypt', KEY)], undefined],
    ['a pattern over key ids', [may('kms:Decrypt', `arn:aws:kms:*:${OWN}:key/mrk-*`)], undefined],
    ['aliases', [may('kms:Decrypt', `arn:aws:kms:*:${OWN}:alias/*`)], undefined],
    ['other services', [may('s3:*'), may('kms:Decrypt', 'arn:aws:s3:::*')], undefined],
    ['encryption only', [may(['kms:Encrypt', 'kms:ReEncryptTo'])], undefined],
    [
      'NotAction that leaves nothing of it',
      [{ Effect: 'Allow', NotAction: 'kms:*', Resource: '*' }],
      undefined,
    ],
    ['a denial on all keys beside it', [may('kms:*'), mayNot(['kms:Decrypt', 'kms:ReEncrypt*'])], undefined],
    ['a denial that leaves ReEncryptFrom', [may('kms:*'), mayNot('kms:Decrypt')], 'every-account'],
    [
      'a conditional denial takes nothing away',
      [may('kms:*'), mayNot('kms:*', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
      'every-account',
    ],
    ['a denial on one key takes nothing away', [may('kms:*'), mayNot('kms:*', KEY)], 'every-account'],
  ])('%s', (_, statements, scope) => {
    expect(scan(...statements)[0]?.scope).toBe(scope);
  });

  it('reports conditions and only the decrypting actions', () => {
    const condition = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } };
    expect(scan(may('kms:*', '*', condition))[0]).toMatchObject({
      actions: ['kms:Decrypt', 'kms:ReEncryptFrom'],
      resource: '*',
      conditions: [{ key: 'kms:ViaService' }],
    });
  });

  it('reads all policies of an account with whom they are attached to', () => {
    const input = build({
      users: [{ name: 'alice', inline: [may('kms:Decrypt')], attached: ['Wide'] }],
      groups: [{ name: 'ops', attached: ['Wide'] }],
      managed: { Wide: [may('kms:*')], Unused: [may('kms:Decrypt')], Broken: '{' },
    });
    const result = decryptOnAllKeys(listIamPolicies(input.accounts[0]!));
    expect(result.evidence.map(({ policyId, attachedTo }) => [policyId, attachedTo])).toEqual([
      [`${userArn('alice')}#inline`, [userArn('alice')]],
      [`arn:aws:iam::${OWN}:policy/Wide`, [userArn('alice'), `arn:aws:iam::${OWN}:group/ops`]],
      [`arn:aws:iam::${OWN}:policy/Unused`, []],
    ]);
    expect(result.unreadable).toEqual([`arn:aws:iam::${OWN}:policy/Broken`]);
  });

  it('has nothing to say about an account whose IAM is missing', () => {
    expect(listIamPolicies({ accountId: OWN, iam: null })).toEqual([]);
  });
});

describe('grants without constraints', () => {
  const grantee = roleArn('app');

  it('finds cryptographic operations and CreateGrant that nothing binds', () => {
    expect(
      unconstrainedGrants([
        {
          GrantId: 'g1',
          Name: 'batch',
          GranteePrincipal: grantee,
          Operations: ['Decrypt', 'Encrypt', 'CreateGrant', 'DescribeKey'],
        },
      ]),
    ).toEqual([
      {
        grantId: 'g1',
        name: 'batch',
        rawPointer: { document: 'grants', path: '/Grants/0' },
        grantee,
        actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt'],
        canCreateGrants: true,
        toService: false,
        constrainable: true,
      },
    ]);
  });

  it.each([
    ['EncryptionContextEquals', { EncryptionContextEquals: { a: 'b' } }, 0],
    ['EncryptionContextSubset', { EncryptionContextSubset: { a: 'b' } }, 0],
    ['SourceArn', { SourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:x' }, 0],
    ['nothing', undefined, 1],
    ['an empty object', {}, 1],
    ['an empty encryption context', { EncryptionContextEquals: {} }, 1],
  ])('a grant bound by %s', (_, Constraints, count) => {
    const grant = { GrantId: 'g', GranteePrincipal: grantee, Operations: ['Decrypt'], Constraints };
    expect(unconstrainedGrants([grant])).toHaveLength(count);
  });

  it('leaves out grants that only describe or retire', () => {
    expect(
      unconstrainedGrants([
        { GrantId: 'g', GranteePrincipal: grantee, Operations: ['DescribeKey', 'RetireGrant'] },
      ]),
    ).toEqual([]);
  });

  it('tells services and unconstrainable operations apart', () => {
    const grants = [
      { GrantId: 's', GranteeServicePrincipal: 'rds.amazonaws.com', Operations: ['Decrypt'] },
      { GrantId: 'o', GranteePrincipal: 'dynamodb.eu-west-1.amazonaws.com', Operations: ['Decrypt'] },
      { GrantId: 'm', GranteePrincipal: grantee, Operations: ['Sign'] },
    ];
    expect(unconstrainedGrants(grants).map((g) => [g.grantId, g.toService, g.constrainable])).toEqual([
      ['s', true, true],
      ['o', true, true],
      ['m', false, false],
    ]);
  });

  it('finds grants to other accounts', () => {
    const grants = [
      {
        GrantId: 'a',
        GranteePrincipal: roleArn('x', OTHER),
        RetiringPrincipal: roleArn('y'),
        Operations: ['Decrypt'],
      },
      { GrantId: 'b', GranteePrincipal: grantee, RetiringPrincipal: root(OTHER), Operations: ['Decrypt'] },
      { GrantId: 'c', GranteePrincipal: 'rds.amazonaws.com', Operations: ['Decrypt'] },
    ];
    expect(
      crossAccountGrants(grants, OWN, [OTHER]).map((g) => [g.grantId, g.as, g.principal, g.approved]),
    ).toEqual([
      ['a', 'grantee', roleArn('x', OTHER), true],
      ['b', 'retiring', root(OTHER), true],
    ]);
  });
});

describe('findings over access paths', () => {
  const world: World = {
    policy: [
      delegate,
      allow([userArn('alice'), roleArn('app')], 'kms:Decrypt'),
      allow(roleArn('keeper'), 'kms:Put*'),
    ],
    users: [
      { name: 'alice' },
      { name: 'boss', inline: [may('kms:*')] },
      { name: 'viewer', inline: [may('kms:Describe*')] },
      { name: 'dev', inline: [may('sts:AssumeRole')] },
    ],
    roles: [
      { name: 'app', trust: [trust(root()), trust({ Service: 'lambda.amazonaws.com' })] },
      { name: 'keeper' },
    ],
  };
  const paths = () => evaluateAwsAccess(build(world)).paths();

  it('administrators who also use: the boss, not the account root, not the keeper', () => {
    const found = [...administratorsWhoUse(paths())];
    expect(found.map(({ principal }) => principal.id)).toEqual([userArn('boss')]);
    expect(found[0]).toMatchObject({ key: KEY, certainty: 'allowed' });
    expect(found[0]!.administer.every((path) => path.right.class === 'administer')).toBe(true);
    expect(found[0]!.use.length).toBeGreaterThan(0);
  });

  it('humans with use: named, by IAM and through a role; not a viewer', () => {
    const found = [...humansWithUse(paths())];
    expect(found.map(({ principal }) => principal.id)).toEqual([
      userArn('alice'),
      userArn('boss'),
      userArn('dev'),
    ]);
    expect(found[2]!.use[0]!.via.map((step) => step.type)).toContain('role-trust');
  });

  it('keeps keys apart', () => {
    const input = build(world);
    const second = { ...input.keys[0]!, arn: `${KEY}2`, policy: policy(allow(userArn('alice'), 'kms:*')) };
    const evaluated = evaluateAwsAccess({ ...input, keys: [input.keys[0]!, second] });
    expect([...administratorsWhoUse(evaluated.paths())].map((f) => [f.key, f.principal.id])).toEqual([
      [KEY, userArn('boss')],
      [`${KEY}2`, userArn('alice')],
    ]);
  });

  it('is no surer than its less certain half', () => {
    const input = build({
      policy: [
        allow(userArn('alice'), 'kms:Put*'),
        allow(userArn('alice'), 'kms:Decrypt', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      ],
      users: [{ name: 'alice' }],
    });
    expect([...administratorsWhoUse(evaluateAwsAccess(input).paths())][0]!.certainty).toBe('conditional');
  });
});

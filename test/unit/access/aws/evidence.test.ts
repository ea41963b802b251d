import { describe, expect, it } from 'vitest';
import { evaluateAwsAccess } from '../../../../electron/access/aws/access-paths.ts';
import { KMS_ACTIONS, kmsAction, usableActions } from '../../../../electron/access/aws/kms-actions.ts';
import type { AccessIssue, RawPointer } from '../../../../electron/access/types.ts';
import { allow, build, delegate, KEY, may, OWN, policy, roleArn, userArn } from './world.ts';
import type { World } from './world.ts';

/** Follows an RFC 6901 pointer. */
function at(text: string, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (node, token) => (node as Record<string, unknown>)[token.replaceAll('~1', '/').replaceAll('~0', '~')],
      JSON.parse(text),
    );
}

describe('evidence', () => {
  const world: World = {
    policy: [
      delegate,
      allow(roleArn('app'), 'kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:a/b~c': 'x' } }),
    ],
    users: [{ name: 'alice', groups: ['ops'], inline: [may('kms:Encrypt'), may('s3:*')] }],
    roles: [{ name: 'app' }],
    groups: [{ name: 'ops', attached: ['Sign'] }],
    managed: { Sign: [may('s3:*'), may('kms:Sign')] },
  };
  const input = build(world);
  const paths = [...evaluateAwsAccess(input).paths()];
  const iam = input.accounts[0]!.iam!;

  function textOf(pointer: RawPointer): string {
    switch (pointer.document as string) {
      case 'key-policy':
        return input.keys[0]!.policy!;
      case 'inline-policy':
        return decodeURIComponent(
          iam
            .UserDetailList!.find((u) => u.Arn === pointer.of)!
            .UserPolicyList!.find((p) => p.PolicyName === pointer.name)!.PolicyDocument!,
        );
      case 'managed-policy':
        return iam
          .Policies!.find((p) => p.Arn === pointer.of)!
          .PolicyVersionList!.find((v) => v.IsDefaultVersion)!.Document!;
      case 'account-authorization-details':
        return JSON.stringify(iam);
      case 'trust-policy':
        return decodeURIComponent(
          iam.RoleDetailList!.find((r) => r.Arn === pointer.of)!.AssumeRolePolicyDocument!,
        );
      default:
        throw new Error(`unexpected document ${pointer.document}`);
    }
  }

  it('leads every step back to the text that gives it', () => {
    const seen = new Set<string>();
    for (const path of paths) {
      for (const step of path.via) {
        const node = at(textOf(step.rawPointer), step.rawPointer.path) as Record<string, unknown>;
        seen.add(step.type);
        if (step.type === 'group') expect(node['GroupName']).toBe('ops');
        else expect(node['Effect']).toBe('Allow');
      }
    }
    expect([...seen].sort()).toEqual([
      'account-delegation',
      'group',
      'iam-policy',
      'key-policy-statement',
      'role-trust',
    ]);
  });

  it('leads a reported condition back to its value, with the pointer escaped', () => {
    const condition = paths.flatMap((path) => path.conditions)[0]!;
    expect(condition.rawPointer.path).toBe(
      '/Statement/1/Condition/StringEquals/kms:EncryptionContext:a~1b~0c',
    );
    expect(at(textOf(condition.rawPointer), condition.rawPointer.path)).toBe('x');
  });

  it('names policy, statement and group of a right that a group carries', () => {
    const path = paths.find((p) => p.principal.id === userArn('alice') && p.right.use === 'sign')!;
    expect(path.via[1]).toEqual({
      type: 'iam-policy',
      id: `arn:aws:iam::${OWN}:policy/Sign`,
      policyArn: `arn:aws:iam::${OWN}:policy/Sign`,
      statementIndex: 1,
      rawPointer: { document: 'managed-policy', of: `arn:aws:iam::${OWN}:policy/Sign`, path: '/Statement/1' },
    });
    expect(path.via[2]).toMatchObject({ type: 'group', id: `arn:aws:iam::${OWN}:group/ops` });
  });

  it('lists each right apart: what may be conditional is not mixed with what is not', () => {
    const split = build({
      policy: [
        allow(userArn('alice'), ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']),
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:ScheduleKeyDeletion',
          Resource: '*',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
        },
      ],
      users: [{ name: 'alice' }],
    });
    expect(
      [...evaluateAwsAccess(split).paths()].map(({ actions, certainty }) => [actions, certainty]),
    ).toEqual([
      [['kms:ScheduleKeyDeletion'], 'conditional'],
      [['kms:PutKeyPolicy'], 'allowed'],
    ]);
  });

  it('gives the same path object for keys it is equally true for', () => {
    const key = build({ users: [{ name: 'alice', inline: [may('kms:*')] }] });
    const twice = { ...key, keys: [key.keys[0]!, { ...key.keys[0]!, arn: `${KEY}2` }] };
    const held = [...evaluateAwsAccess(twice).chunks()].flatMap(({ key: of, paths }) =>
      paths.filter(({ principal }) => principal.id === userArn('alice')).map((path) => ({ of, path })),
    );
    const [first, second] = [held.filter(({ of }) => of === KEY), held.filter(({ of }) => of !== KEY)];
    expect(first.length).toBeGreaterThan(0);
    expect(second.map(({ path }) => path)).toEqual(first.map(({ path }) => path));
    expect(second[0]!.path).toBe(first[0]!.path);
  });

  it('lists paths through a role only where they add something, unless all are asked for', () => {
    const base: World = {
      users: [{ name: 'alice', inline: [may('*')] }],
      roles: [
        {
          name: 'app',
          trust: [{ Effect: 'Allow', Principal: { AWS: userArn('alice') }, Action: 'sts:AssumeRole' }],
          inline: [may('kms:Decrypt')],
        },
      ],
    };
    const through = (assumedPaths: 'additional' | 'all' | 'none') =>
      [...evaluateAwsAccess(build({ ...base, input: { assumedPaths } })).paths()].filter((p) =>
        p.via.some((s) => s.type === 'role-trust'),
      ).length;
    expect([through('additional'), through('all'), through('none')]).toEqual([0, 1, 0]);
  });
});

describe('issues', () => {
  const issuesOf = (world: World): readonly AccessIssue[] => evaluateAwsAccess(build(world)).issues;

  it.each<[string, World, string, Partial<RawPointer>]>([
    [
      'a key policy that is cut off',
      { policy: '{"Version":"2012-10-17","Statement":[{' },
      'policy-malformed',
      { document: 'key-policy', of: KEY, path: '' },
    ],
    ['a key policy without statements', { policy: '{}' }, 'policy-malformed', { path: '/Statement' }],
    ['a key policy that could not be had', { policy: null }, 'policy-missing', { of: KEY }],
    ['grants that could not be had', { grants: null }, 'grants-missing', { document: 'grants', of: KEY }],
    ['IAM that could not be had', { iamMissing: [OWN] }, 'iam-missing', { of: OWN }],
    [
      'a statement that is no object',
      { policy: '{"Statement":["x"]}' },
      'statement-malformed',
      { path: '/Statement/0' },
    ],
    [
      'an effect in lower case',
      { policy: [{ ...delegate, Effect: 'allow' }] },
      'statement-malformed',
      { path: '/Statement/0/Effect' },
    ],
    [
      'an unknown top-level element',
      { policy: '{"Version":"2012-10-17","Statment":[],"Statement":[]}' },
      'element-unknown',
      { path: '/Statment' },
    ],
    [
      'an unknown language version',
      { policy: '{"Version":"2020-01-01","Statement":[]}' },
      'element-unknown',
      { path: '/Version' },
    ],
    [
      'both Principal and NotPrincipal',
      { policy: [{ ...delegate, NotPrincipal: '*' }] },
      'statement-malformed',
      { path: '/Statement/0' },
    ],
    ['no principal', { policy: [may('kms:*')] }, 'statement-malformed', { path: '/Statement/0' }],
    [
      'a wildcard inside a principal',
      { policy: [allow(`arn:aws:iam::${OWN}:role/*`, 'kms:*')] },
      'principal-unreadable',
      { path: '/Statement/0/Principal/AWS' },
    ],
    [
      'an unknown principal type',
      { policy: [allow({ Azure: 'x' }, 'kms:*')] },
      'principal-unreadable',
      { path: '/Statement/0/Principal/Azure' },
    ],
    [
      'a group as principal',
      { policy: [allow(`arn:aws:iam::${OWN}:group/ops`, 'kms:*')] },
      'principal-unreadable',
      { path: '/Statement/0/Principal/AWS' },
    ],
    [
      'an unknown condition operator',
      { policy: [allow('*', 'kms:*', { StringSoundsLike: { a: 'b' } })] },
      'operator-unknown',
      { path: '/Statement/0/Condition/StringSoundsLike' },
    ],
    [
      'a condition value that is an object',
      { policy: [allow('*', 'kms:*', { StringEquals: { a: {} } })] },
      'statement-malformed',
      { path: '/Statement/0/Condition/StringEquals/a' },
    ],
    [
      'a managed policy without its default version',
      { users: [{ name: 'alice', attached: ['Gone'] }] },
      'managed-policy-missing',
      { of: `arn:aws:iam::${OWN}:policy/Gone` },
    ],
    ['a group that is missing', { users: [{ name: 'alice', groups: ['ghosts'] }] }, 'group-missing', {}],
    [
      'broken URL encoding',
      { roles: [{ name: 'app', trust: '%7B%ZZ' }] },
      'policy-malformed',
      { document: 'trust-policy', of: roleArn('app') },
    ],
  ])('%s', (_, world, code, pointer) => {
    const found = issuesOf(world).filter((issue) => issue.code === code);
    expect(found.map((issue) => issue.rawPointer)).toContainEqual(expect.objectContaining(pointer));
    expect(found.every((issue) => issue.message.length > 10)).toBe(true);
  });

  it('names the position of a JSON error without quoting the policy', () => {
    const [issue] = issuesOf({ policy: '{"Version": secret-in-policy}' });
    expect(issue!.message).toMatch(/position 12/);
    expect(issue!.message).not.toContain('secret');
  });

  it('are reported for each key that carries the faulty text', () => {
    const input = build({ policy: '{' });
    const twice = { ...input, keys: [input.keys[0]!, { ...input.keys[0]!, arn: `${KEY}2` }] };
    expect(evaluateAwsAccess(twice).issues.map((issue) => issue.rawPointer.of)).toEqual([KEY, `${KEY}2`]);
  });

  it('are none for documents as AWS writes them', () => {
    expect(
      issuesOf({ users: [{ name: 'alice', inline: [may('kms:*')] }], roles: [{ name: 'app' }] }),
    ).toEqual([]);
    expect(issuesOf({ policy: policy(delegate) })).toEqual([]);
  });
});

describe('the catalogue of KMS actions', () => {
  it('classifies every operation of the SDK', async () => {
    const sdk = await import('@aws-sdk/client-kms');
    const operations = Object.keys(sdk)
      .filter((name) => name.endsWith('Command') && name !== '$Command')
      .map((name) => name.slice(0, -'Command'.length));
    expect(operations.length).toBeGreaterThan(50);
    const missing = operations.filter((name) => name !== 'ReEncrypt' && kmsAction(name) === undefined);
    expect(missing).toEqual([]);
  });

  it('covers every operation a grant can hold', async () => {
    const { GrantOperation } = await import('@aws-sdk/client-kms');
    expect(Object.values(GrantOperation).filter((name) => kmsAction(name) === undefined)).toEqual([]);
  });

  it('has each action once, a use kind exactly for use, and a page for each', () => {
    expect(new Set(KMS_ACTIONS.map((a) => a.name)).size).toBe(KMS_ACTIONS.length);
    for (const action of KMS_ACTIONS) {
      expect(action.use !== undefined).toBe(action.class === 'use');
      expect(action.reference).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/kms\/.+\.html$/);
    }
  });

  it.each([
    ['PutKeyPolicy', 'administer', undefined],
    ['kms:decrypt', 'use', 'decrypt'],
    ['GenerateDataKeyWithoutPlaintext', 'use', 'data-key'],
    ['CreateGrant', 'grant', undefined],
    ['DescribeKey', 'view', undefined],
    ['ListKeys', 'account', undefined],
  ])('%s is %s', (name, cls, use) => {
    expect(kmsAction(name)).toMatchObject({ class: cls, ...(use ? { use } : {}) });
  });

  it('knows every key usage of the SDK', async () => {
    const { KeyUsageType } = await import('@aws-sdk/client-kms');
    for (const usage of Object.values(KeyUsageType))
      expect(usableActions(usage, 'SYMMETRIC_DEFAULT')).toBeDefined();
    expect(usableActions('SOMETHING_NEW')).toBeUndefined();
  });
});

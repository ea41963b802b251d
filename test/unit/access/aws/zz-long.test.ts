import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAwsAccess } from '../../../../electron/access/aws/access-paths.ts';
import {
  allow,
  build,
  delegate,
  KEY,
  KEY2,
  OTHER,
  OWN,
  policy,
  root,
  roleArn,
  trust,
  userArn,
} from './world.ts';
import type { RoleSpec, Statement, UserSpec, World } from './world.ts';

/** Worlds small enough that every kind of statement meets every other. */
const RANK = { allowed: 3, conditional: 2, unknown: 1 } as const;

/** Best certainty per principal and action. What everyone has, each principal has. */
function rights(world: World): Map<string, number> {
  const found = new Map<string, number>();
  for (const path of evaluateAwsAccess(build(world)).paths()) {
    for (const action of path.actions) {
      const right = `${path.principal.id} ${action}`;
      found.set(right, Math.max(found.get(right) ?? 0, RANK[path.certainty]));
    }
  }
  return found;
}

/**
 * Fails unless every right of `after` was there before, at least as surely. What everyone has under a condition, a
 * principal that a statement singles out may have for certain: the condition is then decided for that principal.
 */
function expectNoMore(before: World, after: World): void {
  const had = rights(before);
  for (const [right, rank] of rights(after)) {
    const action = right.split(' ')[1]!;
    const everyone = Math.max(had.get(`* ${action}`) ?? 0, had.get(`${OWN}/everyone ${action}`) ?? 0);
    const most = Math.max(had.get(right) ?? 0, everyone >= RANK.conditional ? RANK.allowed : everyone);
    expect(rank, right).toBeLessThanOrEqual(most);
  }
}

const names = { users: ['alice', 'bob'], roles: ['app', 'admin'] };
const principals = fc.oneof(
  fc.constantFrom('*', root(), root(OTHER), OWN, { Service: 's3.amazonaws.com' }),
  fc.subarray([userArn('alice'), userArn('bob'), roleArn('app'), roleArn('admin'), roleArn('x', OTHER)], {
    minLength: 1,
  }),
);
const kmsActions = fc.subarray(
  ['kms:*', 'kms:Decrypt', 'kms:Re*', 'kms:Put*', 'kms:CreateGrant', 'kms:Sign'],
  {
    minLength: 1,
    maxLength: 3,
  },
);
const conditions = fc.constantFrom(
  { StringEquals: { 'aws:PrincipalAccount': OWN } },
  { StringNotEquals: { 'aws:PrincipalAccount': OWN } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } },
  { ArnLike: { 'aws:PrincipalArn': roleArn('a*') } },
  { ArnNotEquals: { 'aws:PrincipalArn': userArn('alice') } },
  { StringEquals: { 'aws:ResourceTag/env': 'prod' } },
  { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  { 'ForAllValues:StringLike': { 'kms:ResourceAliases': 'alias/a*' } },
  { StringEqualsIfExists: { 'aws:PrincipalTag/team': 'blue' } },
);
const maybeCondition = fc.option(conditions, { nil: undefined });
const withCondition = (statement: Statement, condition: object | undefined): Statement =>
  condition === undefined ? statement : { ...statement, Condition: condition };

const keyStatement = (effect: string): fc.Arbitrary<Statement> =>
  fc.tuple(principals, kmsActions, maybeCondition, fc.boolean()).map(([who, actions, condition, not]) => {
    const named: Statement = { ...allow(who, actions), Effect: effect };
    // NotPrincipal with everyone would name nobody.
    if (!not || effect === 'Allow' || who === '*') return withCondition(named, condition);
    const { Principal, ...rest } = named;
    return withCondition({ ...rest, NotPrincipal: Principal }, condition);
  });
const resources = fc.constantFrom(
  '*',
  KEY,
  KEY2,
  `arn:aws:kms:*:${OWN}:key/*`,
  `arn:aws:kms:us-west-2:${OWN}:key/12*`,
);
const iamStatement = (effect: string): fc.Arbitrary<Statement> =>
  fc
    .tuple(
      fc.oneof(kmsActions, fc.constant(['*']), fc.constant(['sts:AssumeRole', 'kms:Encrypt'])),
      resources,
      maybeCondition,
      fc.boolean(),
      fc.boolean(),
    )
    .map(([actions, resource, condition, notAction, notResource]) =>
      withCondition(
        {
          Effect: effect,
          [notAction ? 'NotAction' : 'Action']: actions,
          [notResource ? 'NotResource' : 'Resource']: resource,
        },
        condition,
      ),
    );
const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const keyStatements = fc.array(effect.chain(keyStatement), { minLength: 1, maxLength: 4 });
const iamStatements = fc.array(effect.chain(iamStatement), { maxLength: 3 });

const user = (name: string): fc.Arbitrary<UserSpec> =>
  fc
    .record({ inline: iamStatements, boundary: fc.constantFrom(undefined, 'Ceiling') })
    .map(({ inline, boundary }) => ({
      name,
      inline,
      ...(boundary === undefined ? {} : { boundary }),
    }));
const role = (name: string): fc.Arbitrary<RoleSpec> =>
  fc
    .tuple(
      user(name),
      fc.constantFrom(root(), userArn('alice'), roleArn('app'), roleArn('admin'), root(OTHER)),
    )
    .map(([spec, who]) => ({ ...spec, trust: [trust(who)] }));

interface SmallWorld extends World {
  policy: Statement[];
  users: UserSpec[];
  roles: RoleSpec[];
}

const worlds: fc.Arbitrary<SmallWorld> = fc.record({
  policy: fc.tuple(keyStatements, fc.boolean()).map(([own, open]) => (open ? [delegate, ...own] : own)),
  users: fc.tuple(...names.users.map(user)),
  roles: fc.tuple(...names.roles.map(role)),
  managed: iamStatements.map((statements) => ({ Ceiling: statements })),
  grants: fc.array(
    fc.record({
      GrantId: fc.constant('g'),
      GranteePrincipal: fc.constantFrom(roleArn('app'), userArn('bob'), root(OTHER), root()),
      Operations: fc.subarray(['Decrypt', 'Encrypt', 'CreateGrant'], { minLength: 1 }),
      Constraints: fc.constantFrom(undefined, { EncryptionContextEquals: { a: 'b' } }),
    }),
    { maxLength: 2 },
  ),
  key: fc.constantFrom(
    {},
    { aliases: ['alias/abc'], tags: [{ TagKey: 'env', TagValue: 'prod' }] },
    { aliases: [], tags: [] },
  ),
  input: fc.constant({ assumedPaths: 'all' as const }),
});

const check = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 5000 });

const replaceAt = <T>(list: readonly T[], index: number, item: T): T[] =>
  list.map((old, i) => (i === index ? item : old));
const withoutAt = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);

describe('adding a Deny never adds a right', () => {
  it('in the key policy', () => {
    check(
      fc.property(worlds, keyStatement('Deny'), (world, statement) => {
        expectNoMore(world, { ...world, policy: [...world.policy, statement] });
      }),
    );
  });

  it('in an IAM policy', () => {
    check(
      fc.property(worlds, iamStatement('Deny'), (world, statement) => {
        const [first, ...others] = world.roles;
        const denied = { ...first!, inline: [...(first!.inline ?? []), statement] };
        expectNoMore(world, { ...world, roles: [denied, ...others] });
      }),
    );
  });

  it('in a permissions boundary', () => {
    check(
      fc.property(worlds, iamStatement('Deny'), (world, statement) => {
        const ceiling = world.managed!['Ceiling'] as Statement[];
        expectNoMore(world, { ...world, managed: { Ceiling: [...ceiling, statement] } });
      }),
    );
  });

  it('in a service control policy', () => {
    check(
      fc.property(worlds, iamStatement('Deny'), iamStatement('Allow'), (world, statement, base) => {
        expectNoMore({ ...world, scp: [[base]] }, { ...world, scp: [[base, statement]] });
      }),
    );
  });
});

describe('removing an Allow never adds a right', () => {
  it('from the key policy', () => {
    check(
      fc.property(worlds, fc.nat(), (world, n) => {
        const index = n % world.policy.length;
        fc.pre(world.policy[index]!['Effect'] === 'Allow');
        expectNoMore(world, { ...world, policy: withoutAt(world.policy, index) });
      }),
    );
  });

  it('from an IAM policy', () => {
    check(
      fc.property(worlds, iamStatement('Allow'), (world, statement) => {
        const [first, ...others] = world.users;
        const more = { ...first!, inline: [...(first!.inline ?? []), statement] };
        expectNoMore({ ...world, users: [more, ...others] }, world);
      }),
    );
  });

  it('by setting a control policy where there was none', () => {
    check(
      fc.property(worlds, iamStatements, (world, statements) => {
        expectNoMore(world, { ...world, scp: [statements] });
      }),
    );
  });
});

describe('narrowing never widens', () => {
  const narrower: Record<string, string[]> = {
    '*': [KEY, KEY2, `arn:aws:kms:*:${OWN}:key/*`],
    [`arn:aws:kms:*:${OWN}:key/*`]: [KEY, KEY2, `arn:aws:kms:us-west-2:${OWN}:key/12*`],
    [`arn:aws:kms:us-west-2:${OWN}:key/12*`]: [KEY],
    [KEY]: [KEY2],
    [KEY2]: [KEY2],
  };

  it('the Resource of an Allow', () => {
    check(
      fc.property(worlds, iamStatement('Allow'), fc.nat(), (world, statement, n) => {
        fc.pre(statement['Resource'] !== undefined);
        const options = narrower[statement['Resource'] as string]!;
        const narrow = { ...statement, Resource: options[n % options.length] };
        const [first, ...others] = world.roles;
        const give = (extra: Statement): World => ({
          ...world,
          roles: [{ ...first!, inline: [...(first!.inline ?? []), extra] }, ...others],
        });
        // KEY to KEY2 trades one key for another: nothing may be gained on the key that is asked about.
        expectNoMore(give(statement), give(narrow));
      }),
    );
  });

  it('the actions of a key policy Allow', () => {
    check(
      fc.property(
        worlds,
        principals,
        fc.shuffledSubarray(['kms:Decrypt', 'kms:Sign', 'kms:Put*', 'kms:CreateGrant'], { minLength: 2 }),
        (world, who, actions) => {
          const give = (list: string[]): World => ({ ...world, policy: [...world.policy, allow(who, list)] });
          expectNoMore(give(actions), give(actions.slice(1)));
        },
      ),
    );
  });

  it('the principals of a key policy Allow', () => {
    const all = [userArn('alice'), userArn('bob'), roleArn('app'), roleArn('x', OTHER)];
    check(
      fc.property(worlds, fc.subarray(all, { minLength: 1 }), kmsActions, (world, some, actions) => {
        const give = (who: string[]): World => ({ ...world, policy: [...world.policy, allow(who, actions)] });
        expectNoMore(give(all), give(some));
      }),
    );
  });
});

describe('adding a condition', () => {
  it('to an Allow of the key policy never makes anything surer', () => {
    check(
      fc.property(worlds, fc.nat(), conditions, (world, n, condition) => {
        const index = n % world.policy.length;
        const statement = world.policy[index]!;
        fc.pre(statement['Effect'] === 'Allow' && statement['Condition'] === undefined);
        expectNoMore(world, {
          ...world,
          policy: replaceAt(world.policy, index, { ...statement, Condition: condition }),
        });
      }),
    );
  });

  it('as a second one to a conditional Allow never turns conditional into allowed', () => {
    check(
      fc.property(worlds, keyStatement('Allow'), conditions, (world, statement, extra) => {
        fc.pre(statement['Condition'] !== undefined);
        const [operator, block] = Object.entries<object>(extra)[0]!;
        const given = statement['Condition'] as Record<string, object>;
        fc.pre(given[operator] === undefined);
        const more = { ...statement, Condition: { ...given, [operator]: block } };
        expectNoMore(
          { ...world, policy: [...world.policy, statement] },
          { ...world, policy: [...world.policy, more] },
        );
      }),
    );
  });

  it('to an IAM Allow never makes anything surer', () => {
    check(
      fc.property(worlds, iamStatement('Allow'), conditions, (world, statement, condition) => {
        fc.pre(statement['Condition'] === undefined);
        const [first, ...others] = world.users;
        const give = (extra: Statement): World => ({
          ...world,
          users: [{ ...first!, inline: [...(first!.inline ?? []), extra] }, ...others],
        });
        expectNoMore(give(statement), give({ ...statement, Condition: condition }));
      }),
    );
  });
});

describe('evaluation', () => {
  it('gives the same paths in the same order every time', () => {
    check(
      fc.property(worlds, (world) => {
        const run = (): string => JSON.stringify([...evaluateAwsAccess(build(world)).paths()]);
        expect(run()).toBe(run());
      }),
    );
  });

  it('answers for a key alone as it does among others', () => {
    const facts = fc.record({
      tags: fc.constantFrom([], [{ TagKey: 'env', TagValue: 'prod' }], [{ TagKey: 'env', TagValue: 'test' }]),
      aliases: fc.constantFrom([], ['alias/abc'], ['alias/xyz']),
      grants: fc.constantFrom(
        [],
        [{ GrantId: 'h', GranteePrincipal: userArn('alice'), Operations: ['Decrypt'] }],
      ),
      arn: fc.constantFrom(KEY, KEY2, `${KEY2}0`),
    });
    const scp = fc.option(fc.array(iamStatement('Allow'), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    });
    const policies = fc.array(fc.tuple(keyStatements, fc.boolean()), { minLength: 1, maxLength: 2 });
    check(
      fc.property(
        worlds,
        fc.array(fc.tuple(facts, fc.nat()), { minLength: 2, maxLength: 4 }),
        policies,
        scp,
        (world, list, texts, control) => {
          const base = build(control === undefined ? world : { ...world, scp: [control] });
          const documents = [
            base.keys[0]!.policy!,
            ...texts.map(([own, open]) => policy(...(open ? [delegate, ...own] : own))),
          ];
          const keys = list.map(([fact, n], i) => ({
            ...base.keys[0]!,
            ...fact,
            policy: documents[n % documents.length]!,
            // Two keys never have one ARN, but patterns and literal ARNs must still meet some of them.
            arn: i === 0 ? fact.arn : `${KEY.slice(0, -1)}${i}`,
          }));
          const of = (some: typeof keys): string[] =>
            [...evaluateAwsAccess({ ...base, keys: some }).paths()].map((path) => JSON.stringify(path));
          expect(of(keys)).toEqual(keys.flatMap((key) => of([key])));
        },
      ),
    );
  });

  it('lists no path twice', () => {
    check(
      fc.property(worlds, (world) => {
        const paths = [...evaluateAwsAccess(build(world)).paths()].map((path) => JSON.stringify(path));
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });

  it('never throws, whatever the documents hold', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ Statement: value })),
    );
    const element = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('*', 'Allow', 'Deny', 'kms:*', { AWS: '*' }, { AWS: ['x'] }),
    );
    const statement = fc.record(
      {
        Effect: element,
        Principal: element,
        NotPrincipal: element,
        Action: element,
        Resource: element,
        Condition: element,
      },
      { requiredKeys: ['Effect', 'Action'] },
    );
    const documents = fc.oneof(
      junk,
      fc.array(statement).map((list) => policy(...list)),
    );
    check(
      fc.property(documents, documents, documents, (keyPolicy, iam, trustPolicy) => {
        const world: World = {
          policy: keyPolicy,
          users: [{ name: 'alice', attached: ['P'], boundary: 'P' }],
          roles: [{ name: 'app', trust: trustPolicy, attached: ['P'] }],
          managed: { P: iam },
        };
        expect(Array.isArray([...evaluateAwsAccess(build(world)).paths()])).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLE_IDS } from '../../../../electron/sandbox/azure/built-in-roles.ts';
import { assign, deny, EVERYONE, KEY, pathsOf, RG, schedule, SUB, VAULT, type Case } from './cases.ts';

const people = ['ana', 'bob', 'cleo'];
const scopes = ['/', SUB, RG, VAULT, KEY, `${VAULT}/keys/other`];
const patterns = [
  '*',
  '*/write',
  'Microsoft.KeyVault/*',
  'Microsoft.KeyVault/vaults/keys/*',
  '*/decrypt/action',
  'Microsoft.Authorization/*',
];
const who = fc.constantFrom(...people);
const scope = fc.constantFrom(...scopes);
const role = fc.constantFrom(...Object.values(ROLE_IDS));
const some = fc.subarray(patterns);
const assignment = fc
  .tuple(role, scope, fc.constantFrom(...people, 'g'))
  .map(([r, s, p]) => assign(r, s, p, p === 'g' ? { principalType: 'Group' } : {}));
const party = fc.constantFrom(EVERYONE, ...people.map((id) => ({ id, type: 'User' })), {
  id: 'g',
  type: 'Group',
});
const denial = fc
  .record({
    scope,
    actions: some,
    notActions: some,
    dataActions: some,
    notDataActions: some,
    principals: fc.array(party, { minLength: 1, maxLength: 2 }),
    excludePrincipals: fc.array(party, { maxLength: 2 }),
    doNotApplyToChildScopes: fc.boolean(),
    condition: fc.constantFrom(null, '(c)'),
  })
  .map(({ scope: at, principals, excludePrincipals, doNotApplyToChildScopes, condition, ...permission }) =>
    deny(at, permission, { principals, excludePrincipals, doNotApplyToChildScopes, condition }),
  );
const situation: fc.Arbitrary<Case> = fc
  .record({
    roles: fc.array(assignment, { maxLength: 4 }),
    denies: fc.array(denial, { maxLength: 3 }),
    vault: fc.constantFrom('rbac' as const, 'policies' as const, 'hsm' as const, 'unread' as const),
    policies: fc.array(
      who.map((objectId) => ({ objectId, permissions: { keys: ['decrypt', 'update', 'wrapKey'] } })),
      { maxLength: 2 },
    ),
    known: fc.boolean(),
  })
  .map(({ known, ...c }) => ({
    ...c,
    ...(known ? { directory: { objects: [], members: new Map([['g', ['ana', 'bob']]]) } } : {}),
  }));

const RANK = { allowed: 2, conditional: 1, unknown: 1 } as const;

/** Each operation that each principal holds through each source, with how certain it is. */
function held(c: Case): Map<string, number> {
  const result = new Map<string, number>();
  for (const { principal, right, actions, via, certainty } of pathsOf(c)) {
    for (const action of actions) {
      const id = [principal.id, right.class, right.use, action, ...via.map((step) => step.id)].join('|');
      result.set(id, Math.max(result.get(id) ?? 0, RANK[certainty]));
    }
  }
  return result;
}

const within = (small: Map<string, number>, large: Map<string, number>): boolean =>
  [...small].every(([id, rank]) => rank <= (large.get(id) ?? 0));

describe('for any roles, policies and deny assignments', () => {
  it('adding a deny assignment never adds a right nor makes one more certain', () => {
    fc.assert(
      fc.property(situation, denial, (c, more) => {
        expect(within(held({ ...c, denies: [...(c.denies ?? []), more] }), held(c))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
  it('adding a role assignment never takes a right away', () => {
    fc.assert(
      fc.property(situation, assignment, (c, more) => {
        expect(within(held(c), held({ ...c, roles: [...(c.roles ?? []), more] }))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('narrowing the scope of an assignment or an eligibility never widens it', () => {
    const chain = ['/', SUB, RG, VAULT, KEY, `${KEY}/versions/1`];
    const eligible = (at: string, r: string) => ({ ...schedule(r, at), id: 'e' });
    const once = (at: string, r: string) => ({ ...assign(r, at), id: 'a' });
    fc.assert(
      fc.property(situation, role, fc.nat(4), fc.nat(4), fc.boolean(), (c, r, i, by, pim) => {
        const wide = chain[i]!;
        const narrow = chain[Math.min(i + 1 + by, chain.length - 1)]!;
        const at = (place: string): Case =>
          pim
            ? { ...c, eligible: [eligible(place, r)] }
            : { ...c, roles: [...(c.roles ?? []), once(place, r)] };
        expect(within(held(at(narrow)), held(at(wide)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('widening the scope of a deny assignment never adds a right', () => {
    const chain = ['/', SUB, RG, VAULT, KEY];
    fc.assert(
      fc.property(situation, denial, fc.nat(3), (c, d, i) => {
        const at = (scope: string): Case => ({
          ...c,
          denies: [
            ...(c.denies ?? []),
            { ...d, properties: { ...d.properties, scope, doNotApplyToChildScopes: false } },
          ],
        });
        expect(within(held(at(chain[i]!)), held(at(chain[i + 1]!)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

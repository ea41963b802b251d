import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAcl, decide, parseVaultPolicy } from '../../../../electron/access/vault/index.ts';

const segment = fc.constantFrom('a', 'b', 'ab', 'abc');
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const pattern = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([parts, glob]) => `${parts.join('/')}${glob && parts.at(-1) !== '+' ? '*' : ''}`);
const capabilities = fc.uniqueArray(fc.constantFrom('create', 'read', 'update', 'delete', 'sudo'));
const rules = fc.array(fc.tuple(pattern, capabilities), { maxLength: 6 });
const CAPABILITIES = ['create', 'read', 'update', 'delete'] as const;

type Rules = readonly (readonly [string, readonly string[]])[];

function allowed(list: Rules, asked: string): string[] {
  const text = list.map(([p, c]) => `path "${p}" { capabilities = ${JSON.stringify(c)} }`).join('\n');
  const acl = buildAcl([{ policy: parseVaultPolicy('p', text), namespace: '' }], { groups: [] });
  return CAPABILITIES.filter((capability) => decide(acl, { path: asked, capability }).outcome === 'allowed');
}

describe('properties of the policy evaluator', () => {
  it('adding a deny never adds a right', () => {
    fc.assert(
      fc.property(rules, pattern, path, (list, denied, asked) => {
        const before = allowed(list, asked);
        for (const right of allowed([...list, [denied, ['deny']]], asked)) expect(before).toContain(right);
      }),
      { numRuns: 1500 },
    );
  });

  it('a deny on a pattern takes everything that this pattern decided', () => {
    fc.assert(
      fc.property(path, capabilities, (asked, some) => {
        expect(
          allowed(
            [
              [asked, some],
              [asked, ['deny']],
            ],
            asked,
          ),
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('narrowing a glob never widens, where all rules give the same', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 4 }),
        path,
        segment,
        capabilities,
        path,
        (others, base, more, some, asked) => {
          const rest = others.map((p) => [p, some] as const);
          const before = allowed([...rest, [`${base}*`, some]], asked);
          for (const narrow of [`${base}${more}*`, `${base}/${more}*`, `${base}/+/${more}`, base]) {
            for (const right of allowed([...rest, [narrow, some]], asked)) expect(before).toContain(right);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('the order of rules changes nothing', () => {
    fc.assert(
      fc.property(rules, path, (list, asked) => {
        expect(allowed([...list].reverse(), asked)).toEqual(allowed(list, asked));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({
            unit: fc.constantFrom('path', ' ', '"a"', '{', '}', '=', '[', ']', ',', '\n', '<<E', 'E'),
          }),
        ),
        (text) => {
          const policy = parseVaultPolicy('p', text);
          expect(policy.complete || policy.issues.length > 0).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

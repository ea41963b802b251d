import { describe, expect, it } from 'vitest';
import { conditionCases } from './cases/conditions.ts';
import { iamCases } from './cases/iam.ts';
import { keyPolicyCases } from './cases/key-policy.ts';
import { limitCases } from './cases/limits.ts';
import { sharingCases } from './cases/sharing.ts';
import { ask } from './world.ts';
import type { Case } from './world.ts';

const tables: Record<string, Case[]> = {
  'what a key policy gives': keyPolicyCases,
  'what IAM policies give': iamCases,
  'what limits a right': limitCases,
  'what conditions decide': conditionCases,
  'how rights are shared': sharingCases,
};

describe.each(Object.entries(tables))('%s', (_, cases) => {
  it.each(cases.map((line) => [line.says, line] as const))('%s', (_says, line) => {
    const { certainty, paths } = ask(line.world, line.who, line.can);
    expect(certainty).toBe(line.answer);
    const best = paths[0];
    if (line.conditions) {
      const reported = best!.conditions.map(({ effect, key }) => (effect === 'deny' ? `!${key}` : key));
      expect([...reported].sort()).toEqual([...line.conditions].sort());
    } else if (certainty === 'allowed') {
      expect(best!.conditions).toEqual([]);
    }
    if (line.via) expect(best!.via.map((step) => step.type)).toEqual(line.via);
    if (line.notEvaluated !== undefined) {
      expect(
        best!.notEvaluated.some((text) => text.includes(line.notEvaluated!)),
        best!.notEvaluated.join('; '),
      ).toBe(true);
    }
  });
});

describe('the truth table itself', () => {
  it('has every case once and at least 150 of them', () => {
    const all = Object.values(tables).flat();
    const questions = all.map(({ world, who, can }) => JSON.stringify([world, who, can]));
    expect(new Set(questions).size).toBe(questions.length);
    expect(all.length).toBeGreaterThanOrEqual(150);
  });
});

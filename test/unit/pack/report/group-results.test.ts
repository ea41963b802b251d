import { describe, expect, it } from 'vitest';
import { groupResults, type PairedResult } from '../../../../electron/pack/report/group-results.ts';

const row = (subject: string, reason: string, cite: number): PairedResult => ({
  subject,
  subject_kind: 'key',
  collection: 'exception',
  period: 'exception',
  collection_reason: reason,
  period_reason: reason,
  collection_cites: `[${cite}]`,
  period_cites: `[${cite},7]`,
});

const names = { of: (subject: string) => ({ label: subject }) };
const group = (rows: PairedResult[]) =>
  groupResults(rows, names, {
    reason: (r) => r.collection_reason,
    cites: (r) => [r.collection_cites, r.period_cites],
    state: (r) => `${r.collection} ${r.period}`,
  });

describe('results of one control', () => {
  it('stand together when state and reason are equal, the largest group first, and none is lost', () => {
    const groups = group([row('a', 'off', 1), row('b', 'on', 2), row('c', 'off', 3)]);
    expect(groups.map((g) => [g.reason, g.subjects.map((s) => s.label), g.total])).toEqual([
      ['off', ['a', 'c'], 2],
      ['on', ['b'], 1],
    ]);
    expect(groups[0]?.citations).toEqual([1, 3, 7]);
  });

  it('stay apart when their states differ', () => {
    expect(group([row('a', 'off', 1), { ...row('b', 'off', 2), period: 'pass' }])).toHaveLength(2);
  });

  it('count subjects that are not named', () => {
    const [only] = group(Array.from({ length: 1000 }, (_, i) => row(`k${i}`, 'off', i)));
    expect(only?.total).toBe(1000);
    expect(only!.subjects.length).toBeLessThan(1000);
  });

  it('show a long list of causes as a list, and say how many of them are left out', () => {
    const causes = Array.from({ length: 60 }, (_, i) => `principal-${i} through ${'policy '.repeat(12)}`);
    const [only] = group([row('a', `People use this key: ${causes.join('; ')}`, 1)]);
    expect(only?.reason).toBe('People use this key:');
    expect(only?.items[0]).toContain('principal-0 ');
    const left = 60 - (only!.items.length - 1);
    expect(only?.items.at(-1)).toBe(`and ${left} more: see data/6-tests/results.csv`);
  });

  it('keep a sentence with a colon and semicolons whole', () => {
    const reason = 'The key was older than policy: rotated on 1 May; policy allows 365 days.';
    expect(group([row('a', reason, 1)])[0]).toMatchObject({ reason, items: [] });
  });
});

import { describe, expect, it } from 'vitest';
import { coverageHoles } from '../../../electron/derive/coverage-holes.ts';
import { newEngagement } from '../../support/ledger.ts';

const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();

/** A coverage statement of one place: [first day, day after, state, reason, source]. */
function holes(spans: [number, number, string, string, string?][], of?: 'changes' | 'use') {
  const { db } = newEngagement();
  const insert = db.prepare(
    `INSERT INTO coverage (snapshot, source, account, region, n, start, end, state, means, reason, detail, cites, rules)
     VALUES ('s1', ?, '1', 'r', ?, ?, ?, ?, '', ?, '', '[7]', 1)`,
  );
  spans.forEach(([from, to, state, reason, source = 'a'], n) =>
    insert.run(source, n, Date.parse(day(from)), Date.parse(day(to)), state, reason),
  );
  return coverageHoles(db, 's1')('1', 'r', day(1), day(31), of);
}

describe('holes in the coverage of a place', () => {
  it('are none when it is covered, and not known when no log speaks of the place', () => {
    expect(holes([[1, 31, 'covered', '']])).toEqual([]);
    expect(holes([])).toBeNull();
  });

  it('name their reason, and whether the client’s own logging lost it', () => {
    expect(
      holes([
        [1, 10, 'covered', ''],
        [10, 12, 'gap', 'trail t was stopped'],
        [12, 31, 'covered', ''],
      ]),
    ).toEqual([{ from: day(10), to: day(12), reason: 'trail t was stopped', lost: true, seqs: [7] }]);
    const edge = holes([
      [1, 10, 'gap', 'trail t was stopped; CloudTrail keeps its event history for 90 days'],
      [10, 31, 'covered', ''],
    ]);
    expect(edge).toMatchObject([{ lost: false }]);
  });

  it('are closed by another source, also where statements overlap', () => {
    expect(
      holes([
        [1, 10, 'covered', ''],
        [10, 31, 'gap', 'x'],
        [8, 31, 'covered', '', 'b'],
      ]),
    ).toEqual([]);
  });

  it('of use include what only changes are known of', () => {
    const spans: [number, number, string, string][] = [
      [1, 5, 'changes only', 'budget reached'],
      [5, 31, 'covered', ''],
    ];
    expect(holes(spans, 'changes')).toEqual([]);
    expect(holes(spans, 'use')).toMatchObject([{ from: day(1), to: day(5), reason: 'budget reached' }]);
  });

  it('reach to the end of what is asked when statements end before', () => {
    expect(holes([[1, 20, 'covered', '']])).toMatchObject([{ from: day(20), to: day(31), lost: false }]);
  });
});

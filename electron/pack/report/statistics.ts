import type { ReadableDb } from '../../../db/handle.ts';

/** Results of tests that a row of counts distinguishes. */
export const STATES = ['pass', 'exception', 'not-applicable', 'evidence-required', 'undetermined'] as const;
export type State = (typeof STATES)[number];
export type Counts = Record<State, number>;

/** The numbers of page one and of pack.json. Subjects are counted once per control, by their worst of two answers. */
export interface Statistics {
  keys: number;
  exceptions: number;
  undetermined: number;
  evidenceRequired: number;
  gaps: number;
}

/** Counts over one snapshot. */
export function statistics(db: ReadableDb, snapshot: string): Statistics {
  const one = (sql: string) => db.prepare<[string], number>(sql).pluck().get(snapshot) ?? 0;
  const withResult = (result: State) =>
    db
      .prepare<[string, string], number>(
        'SELECT count(*) FROM (SELECT DISTINCT control, subject FROM test_result WHERE snapshot = ? AND result = ?)',
      )
      .pluck()
      .get(snapshot, result) ?? 0;
  return {
    keys: one("SELECT count(*) FROM key WHERE snapshot = ? AND belongs = 'inventory'"),
    exceptions: withResult('exception'),
    undetermined: withResult('undetermined'),
    evidenceRequired: withResult('evidence-required'),
    gaps: one('SELECT count(*) FROM gap WHERE snapshot = ?'),
  };
}

/** Results of one control by state, for one of its two answers. */
export function controlCounts(
  db: ReadableDb,
  snapshot: string,
  control: string,
  at: 'collection' | 'period',
): Counts {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Counts;
  const rows = db
    .prepare<[string, string, string], { result: State; n: number }>(
      'SELECT result, count(*) AS n FROM test_result WHERE snapshot = ? AND control = ? AND at = ? GROUP BY result',
    )
    .all(snapshot, control, at);
  for (const { result, n } of rows) counts[result] = n;
  return counts;
}

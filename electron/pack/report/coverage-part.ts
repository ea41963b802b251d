import type { ReadableDb } from '../../../db/handle.ts';
import type { Period } from '../../engagement/engagement.ts';
import type { CoveragePart } from '../pdf/report-model.ts';

interface CoverageRow {
  source: string;
  account: string;
  region: string;
  start: number;
  end: number;
  state: 'covered' | 'changes only' | 'gap';
  reason: string;
  detail: string;
}

function rows(db: ReadableDb, snapshot: string): CoverageRow[] {
  return db
    .prepare<[string], CoverageRow>(
      `SELECT source, account, region, start, end, state, reason, detail FROM coverage
        WHERE snapshot = ? ORDER BY source, account, region, n`,
    )
    .all(snapshot);
}

/** Coverage of the period per account and region, as the chart shows it. */
export function coverageParts(db: ReadableDb, snapshot: string, period: Period): CoveragePart[] {
  const length = Date.parse(period.to) - Date.parse(period.from);
  const places = Map.groupBy(rows(db, snapshot), (row) => `${row.source} ${row.account} ${row.region}`);
  return [...places.values()].map((members) => {
    const covered = members.filter((m) => m.state === 'covered').reduce((sum, m) => sum + m.end - m.start, 0);
    const [first] = members;
    return {
      source: `${first!.source} (${first!.account})`,
      region: first!.region,
      percent: Math.floor((covered / length) * 1000) / 10,
      intervals: members.map((m) => ({
        from: new Date(m.start).toISOString(),
        to: new Date(m.end).toISOString(),
        state: m.state === 'covered' ? 'covered' : m.state === 'changes only' ? 'provisional' : 'gap',
        ...(m.reason || m.detail ? { reason: [m.reason, m.detail].filter(Boolean).join(': ') } : {}),
      })),
    };
  });
}

/** Share of the period covered over all places, 0 to 100 with one decimal; null when nothing is known of any. */
export function coveragePercent(parts: readonly CoveragePart[]): number | null {
  if (parts.length === 0) return null;
  return Math.floor((parts.reduce((sum, part) => sum + part.percent, 0) / parts.length) * 10) / 10;
}

/** Whether the logs of one place cover a time span: wholly, in part, or not. */
export function coverageOf(db: ReadableDb, snapshot: string, account: string, region: string) {
  const covered = rows(db, snapshot).filter(
    (r) => r.account === account && r.region === region && r.state === 'covered',
  );
  return (from: number, to: number): boolean | 'partial' => {
    const held = covered.reduce(
      (sum, r) => sum + Math.max(0, Math.min(to, r.end) - Math.max(from, r.start)),
      0,
    );
    return held >= to - from ? true : held > 0 ? 'partial' : false;
  };
}

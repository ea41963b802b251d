import type { ReadableDb } from '../../db/handle.ts';
import { declared } from '../engagement/declarations.ts';
import { membersOf, readUntil } from '../engagement/view.ts';
import type { Closing } from './closed-gaps.ts';

/** Notes that tell of a time whose logs were not read. */
const LOG_NOTES = new Set([
  ...['before-retention-edge', 'provisional-tail', 'event-budget-reached', 'log-files-not-read'],
  ...['lookup-incomplete', 'log-query-partial'],
]);
/** Calls that read logs. */
const LOG_CALLS =
  /^(aws\.cloudtrail\.LookupEvents|aws\.s3\.(GetObject|ListObjectsV2)|azure\.(loganalytics\.Query|blob\.\w+|insights\.ListActivityLog))$/;

/** A gap as far as it is looked at here. */
type Gap = { source: string; scope: string; op: string; reason: string; seq: number | null };

interface Span {
  region: string;
  start: number;
  end: number;
  cites: number[];
}

/**
 * Tells of a gap about logs whether the coverage of a view fills it with the evidence of other members: every moment of
 * its time is covered in every place it speaks of, and would not be by the member that has the gap alone.
 */
export function logGapCloser(db: ReadableDb, snapshot: string): (run: string, gap: Gap) => Closing | null {
  const period = declared(db, 'engagement').at(-1)?.value.period;
  if (!period || membersOf(db, snapshot).length === 1) return () => null;
  const until = readUntil(db, snapshot);
  const notes = new Map(declared(db, 'collect.note').map(({ seq, value }) => [seq, value]));
  const runOf = runs(db);
  const spansOf = spans(db, snapshot);
  return (run, gap) => {
    if (!LOG_NOTES.has(gap.reason) && !LOG_CALLS.test(gap.op)) return null;
    const note = gap.seq === null ? undefined : notes.get(gap.seq);
    const from = Math.max(Date.parse(note?.from ?? period.from), Date.parse(period.from));
    const to = Math.min(Date.parse(note?.to ?? period.to), Date.parse(period.to), until(gap.source));
    const [account = '', region = ''] = gap.scope.split('/');
    const here = spansOf(account);
    const regions = new Set(here.map((span) => span.region));
    const places = regions.has(region) ? [region] : [...regions];
    const cites = new Set<number>();
    let needed = false;
    for (const place of places) {
      const all = here.filter((span) => span.region === place && span.start < to && span.end > from);
      if (!covers(all, from, to)) return null;
      const own = all.filter((span) => span.cites.every((seq) => runOf(seq) === run));
      if (covers(own, from, to)) continue;
      needed = true;
      for (const seq of all.flatMap((span) => span.cites)) if (runOf(seq) !== run) cites.add(seq);
    }
    if (!needed) return null;
    const sorted = [...cites].sort((a, b) => a - b);
    const by = [...new Set(sorted.map(runOf))].filter((id) => id !== null);
    return { by, how: 'its time is covered by logs of the other snapshots', cites: sorted };
  };
}

/** Whether spans, in order of their start, leave nothing out of a time. */
function covers(spans: readonly Span[], from: number, to: number): boolean {
  let at = from;
  for (const { start, end } of spans) {
    if (start > at) return false;
    at = Math.max(at, end);
  }
  return at >= to;
}

function spans(db: ReadableDb, snapshot: string): (account: string) => Span[] {
  const rows = db.prepare<[string, string], Omit<Span, 'cites'> & { cites: string }>(
    `SELECT region, start, "end", cites FROM coverage
      WHERE snapshot = ? AND account = ? AND state = 'covered' ORDER BY start, "end"`,
  );
  const known = new Map<string, Span[]>();
  return (account) => {
    let found = known.get(account);
    if (!found) {
      found = rows
        .all(snapshot, account)
        .map((row) => ({ ...row, cites: JSON.parse(row.cites) as number[] }));
      known.set(account, found);
    }
    return found;
  };
}

function runs(db: ReadableDb): (seq: number) => string | null {
  const find = db.prepare<[number], string | null>('SELECT snapshot FROM entry WHERE seq = ?').pluck();
  const known = new Map<number, string | null>();
  return (seq) => {
    if (!known.has(seq)) known.set(seq, find.get(seq) ?? null);
    return known.get(seq)!;
  };
}

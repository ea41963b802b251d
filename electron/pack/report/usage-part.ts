import type { ReadableDb } from '../../../db/handle.ts';
import { membersJson } from '../../engagement/view.ts';
import type { Period } from '../../engagement/engagement.ts';
import { MONTHS } from '../pdf/chart.ts';
import type { ChangesPart, KeyUsage } from '../pdf/report-model.ts';
import { pageId } from './key-part.ts';
import { statement } from '../../../db/statement.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Operations listed on a key's page. */
const MOST_OPERATIONS = 8;
/** Changes printed; the file has all. */
const MOST_CHANGES = 500;

/** Use of one key over the period, by week, and by operation. `covered` tells whether logs cover a time span. */
export function keyUsage(
  db: ReadableDb,
  period: Period,
  key: { id: string },
  covered: (from: number, to: number) => boolean | 'partial',
): KeyUsage {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const days = Math.ceil((to - from) / DAY_MS);
  const width = days > 62 ? 7 : 1;
  const perDay = new Map(
    statement<[string, number, number], { day: number; events: number }>(
      db,
      'SELECT day, sum(events) AS events FROM usage_total WHERE key = ? AND day >= ? AND day < ? GROUP BY day',
    )
      .all(key.id, Math.floor(from / DAY_MS), Math.ceil(to / DAY_MS))
      .map((row) => [row.day, row.events]),
  );
  const bins = Array.from({ length: Math.ceil(days / width) }, (_, i) => {
    const start = from + i * width * DAY_MS;
    const end = Math.min(start + width * DAY_MS, to);
    let count = 0;
    for (let at = start; at < end; at += DAY_MS) count += perDay.get(Math.floor(at / DAY_MS)) ?? 0;
    return { label: dayLabel(start), count, covered: covered(start, end) };
  });
  const operations = statement<
    [string, number, number],
    { operation: string; count: number; principals: number }
  >(
    db,
    `SELECT name || CASE WHEN error_code IS NULL THEN '' ELSE ' (' || error_code || ')' END AS operation,
              sum(events) AS count, count(DISTINCT principal) AS principals
         FROM usage_total WHERE key = ? AND day >= ? AND day < ? GROUP BY 1 ORDER BY count DESC, operation`,
  ).all(key.id, Math.floor(from / DAY_MS), Math.ceil(to / DAY_MS));
  const total = operations.reduce((sum, row) => sum + row.count, 0);
  return {
    bins,
    total,
    statement:
      total === 0
        ? 'No event names this key in the logs that were read.'
        : `${total} events name this key in the logs that were read.`,
    operations: operations.slice(0, MOST_OPERATIONS),
  };
}

/** `26 Aug`, UTC: the year stands on every page. */
function dayLabel(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** Events that weaken what protects a key. */
const WEAKENING =
  /^(DisableKey|DisableKeyRotation|ScheduleKeyDeletion|DeleteKey|StopLogging|DeleteTrail|DeleteImportedKeyMaterial|DeleteBucketPolicy)$/;

interface ChangeRow {
  time: number;
  name: string;
  service: string;
  key: string | null;
  account: string;
  region: string;
  actor: string;
  seq: number;
}

/** Changes of keys, policies, grants and trails within the period, oldest first. */
export function changesPart(
  db: ReadableDb,
  snapshot: string,
  period: Period,
  keyPages: ReadonlySet<string>,
): ChangesPart {
  const range = [Date.parse(period.from), Date.parse(period.to), membersJson(db, snapshot)] as const;
  // On the rows, not the view: only so is the index of changes used.
  const changes = `FROM usage_event_row r
     WHERE r.flags & 2 AND r.time >= ? AND r.time < ? AND r.error IS NULL
       AND r.seq IN (SELECT seq FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?)))
       AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)`;
  const total =
    db
      .prepare<[number, number, string], number>(`SELECT count(*) ${changes}`)
      .pluck()
      .get(...range) ?? 0;
  const rows = db
    .prepare<[number, number, string], ChangeRow>(
      `SELECT e.time, e.name, e.service, e.key, e.account, e.region, e.actor, e.seq FROM usage_event e
        WHERE (e.seq, e.n, e.k) IN
          (SELECT r.seq, r.n, r.k ${changes} ORDER BY r.time, r.seq, r.n, r.k LIMIT ${MOST_CHANGES})
        ORDER BY e.time, e.seq, e.n, e.k`,
    )
    .all(...range);
  return {
    total,
    file: 'data/3-usage-logs/changes.csv',
    events: rows.map((row) => ({
      at: new Date(row.time).toISOString(),
      kind: row.name,
      subject: row.key ?? `${row.account} ${row.region}`,
      ...(row.key && keyPages.has(row.key) ? { keyPage: pageId(row.key) } : {}),
      by: row.actor,
      detail: row.service,
      weakens: WEAKENING.test(row.name),
      citations: [row.seq],
    })),
  };
}

import { DIMENSIONS } from '../../db/derived/events.ts';
import { settleEvents } from '../../db/derived/settle-events.ts';
import type { WritableDb } from '../../db/handle.ts';
import { snapshots } from '../engagement/current.ts';
import { declared } from '../engagement/declarations.ts';
import { readUntil } from '../engagement/view.ts';
import { digestInput } from './cloudtrail/digest/from-ledger.ts';
import { deriveCoverage } from './derive-coverage.ts';
import { deriveDigests } from './derive-digests.ts';
import { insertEventsOf } from './events-of-entry.ts';
import { PAGES_OF_EVENTS } from './formats.ts';

/** Derived tables that events fill, in the order in which a rebuild is compared. */
export const EVENT_TABLES = [
  'usage_source',
  ...DIMENSIONS.map(([table]) => table),
  'usage_event_row',
  'usage_duplicate',
  'usage_day',
  'digest_result',
  'coverage',
] as const;

/** Entries written in one transaction. */
const AT_ONCE = 200;

/**
 * Takes events from every ledger entry that they were not taken from yet (log files have theirs from ingest, pages of
 * events do not), settles them (indexes, duplicates, totals), then validates digests and states the coverage of
 * each snapshot. Returns the number of rows added.
 */
export function deriveEvents(db: WritableDb): number {
  let rows = 0;
  const pages = JSON.stringify(PAGES_OF_EVENTS);
  const next = db
    .prepare<[number, string, number], number>(
      `SELECT e.seq FROM entry e
        WHERE e.seq > ? AND (e.line ->> '$.facts.lines' IS NOT NULL
            OR coalesce(e.op, e.line ->> '$.facts.format') IN (SELECT value FROM json_each(?)))
          AND NOT EXISTS (SELECT 1 FROM usage_source s WHERE s.seq = e.seq)
        ORDER BY e.seq LIMIT ?`,
    )
    .pluck();
  for (let after = 0; ;) {
    const seqs = next.all(after, pages, AT_ONCE);
    if (seqs.length === 0) break;
    db.transaction(() => {
      for (const seq of seqs) rows += insertEventsOf(db, seq);
    })();
    after = seqs.at(-1)!;
  }
  settleEvents(db);
  db.transaction(() => deriveStatements(db))();
  return rows;
}

/** Digest results and coverage: both need the period, so an engagement without one has none yet. */
function deriveStatements(db: WritableDb): void {
  const engagement = declared(db, 'engagement').at(-1)?.value;
  if (!engagement) return;
  const { period } = engagement;
  for (const { id, startedAt } of snapshots(db)) {
    const input = digestInput(db, id, Date.parse(period.from));
    const digests = deriveDigests(db, id, input);
    const until = { until: Date.parse(startedAt), untilOf: readUntil(db, id) };
    deriveCoverage(db, { snapshot: id, period, ...until, input, digests });
  }
}

/** Throws all events away and takes them from the ledger again: the rows are the same. */
export function rebuildEvents(db: WritableDb): number {
  db.transaction(() => {
    for (const table of [...EVENT_TABLES, 'usage_settled']) db.exec(`DELETE FROM ${table}`);
  })();
  return deriveEvents(db);
}

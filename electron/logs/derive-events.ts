import { DIMENSIONS } from '../../db/derived/events.ts';
import { settleEvents } from '../../db/derived/settle-events.ts';
import type { WritableDb } from '../../db/handle.ts';
import { insertEventsOf, LOOKUP } from './events-of-entry.ts';

/** Derived tables that events fill, in the order in which a rebuild is compared. */
export const EVENT_TABLES = [
  'usage_source',
  ...DIMENSIONS.map(([table]) => table),
  'usage_event_row',
  'usage_duplicate',
  'usage_day',
] as const;

/** Entries written in one transaction. */
const AT_ONCE = 200;

/**
 * Takes events from every ledger entry that they were not taken from yet (log files have theirs from ingest, pages of
 * LookupEvents do not), then settles: indexes, duplicates, totals. Returns the number of rows added.
 */
export function deriveEvents(db: WritableDb): number {
  let rows = 0;
  const next = db
    .prepare<[number, string, number], number>(
      `SELECT e.seq FROM entry e
        WHERE e.seq > ? AND (e.line ->> '$.facts.lines' IS NOT NULL OR e.op = ?)
          AND NOT EXISTS (SELECT 1 FROM usage_source s WHERE s.seq = e.seq)
        ORDER BY e.seq LIMIT ?`,
    )
    .pluck();
  for (let after = 0; ;) {
    const seqs = next.all(after, LOOKUP, AT_ONCE);
    if (seqs.length === 0) break;
    db.transaction(() => {
      for (const seq of seqs) rows += insertEventsOf(db, seq);
    })();
    after = seqs.at(-1)!;
  }
  settleEvents(db);
  return rows;
}

/** Throws all events away and takes them from the ledger again: the rows are the same. */
export function rebuildEvents(db: WritableDb): number {
  db.transaction(() => {
    for (const table of [...EVENT_TABLES, 'usage_settled']) db.exec(`DELETE FROM ${table}`);
  })();
  return deriveEvents(db);
}

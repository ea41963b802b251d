import type { WritableDb } from '../handle.ts';
import { EVENT_INDEXES } from './event-indexes.ts';

/*
 * What is done once after events were added: bulk ingest is twice as fast without indexes to keep, and duplicates and
 * totals need all events anyway.
 */

const DAY_MS = 86_400_000;

/**
 * Builds indexes, marks duplicates and makes the daily totals. Cheap when nothing was added since the last time.
 *
 * Of the copies of one event (same id and time, in one account and Region) the one of the best source counts: delivered
 * log files before imported ones before event history; among equals the first in the ledger. Events without an id are
 * never taken for copies. Where the id alone tells copies (flag 4: request and answer in every device of an audit log), the one
 * that tells the outcome (flag 8) counts first.
 */
export function settleEvents(db: WritableDb): void {
  if (isSettled(db)) return;
  const present = db.prepare<[string], number>(
    `SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?`,
  );
  for (const { name, sql } of EVENT_INDEXES) if (!present.get(name)) db.exec(sql);
  db.transaction(() => {
    db.exec('DELETE FROM usage_duplicate');
    db.exec('DELETE FROM usage_day');
    db.exec(`
      INSERT INTO usage_duplicate (seq, n)
      SELECT seq, n FROM (
        SELECT r.seq, r.n, row_number() OVER (
          PARTITION BY r.time, r.event_id, r.place ORDER BY s.rank, r.seq, r.n) AS copy
        FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq
        WHERE r.k = 0 AND r.event_id <> '' AND NOT r.flags & 4
      ) WHERE copy > 1 ORDER BY seq, n`);
    db.exec(`
      INSERT INTO usage_duplicate (seq, n)
      SELECT seq, n FROM (
        SELECT r.seq, r.n, row_number() OVER (
          PARTITION BY r.event_id, r.place ORDER BY r.flags & 8 DESC, s.rank, r.seq, r.n) AS copy
        FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq
        WHERE r.k = 0 AND r.event_id <> '' AND r.flags & 4
      ) WHERE copy > 1 ORDER BY seq, n`);
    db.exec(`
      INSERT INTO usage_day (key, principal, operation, place, error, day, events, first, last)
      SELECT coalesce(key, 0), principal, operation, place, coalesce(error, 0), time / ${DAY_MS},
             count(*), min(time), max(time)
      FROM usage_event_row r
      WHERE NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
      GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 6, 2, 3, 4, 5`);
    db.prepare('DELETE FROM usage_settled').run();
    db.prepare(
      `INSERT INTO usage_settled (sources, last_seq) SELECT count(*), coalesce(max(seq), 0) FROM usage_source`,
    ).run();
  })();
}

function isSettled(db: WritableDb): boolean {
  const row = db
    .prepare<[], { same: number }>(
      `SELECT (SELECT count(*) FROM usage_source) = sources
          AND (SELECT coalesce(max(seq), 0) FROM usage_source) = last_seq AS same FROM usage_settled`,
    )
    .get();
  return row?.same === 1;
}

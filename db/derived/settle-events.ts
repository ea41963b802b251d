import type { WritableDb } from '../handle.ts';
import { EVENT_INDEXES } from './event-indexes.ts';

/*
 * What is done once after events were added: bulk ingest is twice as fast without indexes to keep, and duplicates and
 * totals need all events anyway.
 */

const DAY_MS = 86_400_000;

/** Events sorted at a time. SQLite sorts in memory here (temp_store): what is sorted at once must not grow with the logs. */
const AT_ONCE = 250_000;

const COPIES_BY_TIME = `
  INSERT INTO usage_duplicate (seq, n)
  SELECT seq, n FROM (
    SELECT r.seq, r.n, row_number() OVER (
      PARTITION BY r.time, r.event_id, r.place ORDER BY s.rank, r.seq, r.n) AS copy
    FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq
    WHERE r.time >= ? AND r.time < ? AND r.k = 0 AND r.event_id <> '' AND NOT r.flags & 4
  ) WHERE copy > 1 ORDER BY seq, n`;

const COPIES_BY_ID = `
  INSERT INTO usage_duplicate (seq, n)
  SELECT seq, n FROM (
    SELECT r.seq, r.n, row_number() OVER (
      PARTITION BY r.event_id, r.place ORDER BY r.flags & 8 DESC, s.rank, r.seq, r.n) AS copy
    FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq
    WHERE r.k = 0 AND r.event_id <> '' AND r.flags & 4
      AND (unicode(substr(r.event_id, -1)) * 31 + unicode(substr(r.event_id, -2))) % ? = ?
  ) WHERE copy > 1 ORDER BY seq, n`;

const TOTALS = `
  INSERT INTO usage_day AS d (key, principal, operation, place, error, day, events, first, last)
  SELECT coalesce(key, 0), principal, operation, place, coalesce(error, 0), time / ${DAY_MS},
         count(*), min(time), max(time)
  FROM usage_event_row r
  WHERE r.time >= ? AND r.time < ?
    AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
  GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 6, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET events = d.events + excluded.events, first = min(d.first, excluded.first),
    last = max(d.last, excluded.last)`;

/**
 * Builds indexes, marks duplicates and makes the daily totals, of `atOnce` events at a time. Cheap when nothing was added
 * since the last time.
 *
 * Of the copies of one event (same id and time, in one account and Region) the one of the best source counts: delivered
 * log files before imported ones before event history; among equals the first in the ledger. Events without an id are
 * never taken for copies. Where the id alone tells copies (flag 4: request and answer in every device of an audit log), the one
 * that tells the outcome (flag 8) counts first.
 */
export function settleEvents(db: WritableDb, atOnce = AT_ONCE): void {
  if (isSettled(db)) return;
  buildIndexes(db);
  db.transaction(() => {
    db.exec('DELETE FROM usage_duplicate');
    db.exec('DELETE FROM usage_day');
    markCopiesById(db, atOnce);
    const copies = db.prepare<[number, number]>(COPIES_BY_TIME);
    const totals = db.prepare<[number, number]>(TOTALS);
    for (const { from, to } of stretches(db, atOnce)) {
      copies.run(from, to);
      totals.run(from, to);
    }
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

/**
 * Sorted outside of memory: ten million rows would take half a gigabyte. The files that SQLite sorts in have no name, and
 * hold times and numbers of rows, no text.
 */
function buildIndexes(db: WritableDb): void {
  const present = db.prepare<[string], number>(
    `SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?`,
  );
  const missing = EVENT_INDEXES.filter(({ name }) => !present.get(name));
  if (missing.length === 0) return;
  const before = db.pragma('temp_store', { simple: true }) as number;
  db.pragma('temp_store = FILE');
  try {
    for (const { sql } of missing) db.exec(sql);
  } finally {
    db.pragma(`temp_store = ${before}`);
  }
}

/** Copies that their id alone tells, whatever their times: in parts by the end of the id, which is as good as random. */
function markCopiesById(db: WritableDb, atOnce: number): void {
  const events = db
    .prepare<[], number>('SELECT count(*) FROM usage_event_row WHERE flags & 4')
    .pluck()
    .get()!;
  const parts = Math.ceil(events / atOnce);
  const mark = db.prepare<[number, number]>(COPIES_BY_ID);
  for (let part = 0; part < parts; part += 1) mark.run(parts, part);
}

/** Spans of time, ms UTC, that together hold every event once, each of about so many. */
function* stretches(db: WritableDb, atOnce: number): Generator<{ from: number; to: number }> {
  const first = db.prepare<[], number | null>('SELECT min(time) FROM usage_event_row').pluck().get() ?? null;
  const last = db.prepare<[], number | null>('SELECT max(time) FROM usage_event_row').pluck().get() ?? null;
  if (first === null || last === null) return;
  const after = db
    .prepare<[number], number>(
      `SELECT time FROM usage_event_row WHERE time >= ? ORDER BY time LIMIT 1 OFFSET ${atOnce}`,
    )
    .pluck();
  for (let from = first; from <= last;) {
    const to = Math.max(after.get(from) ?? last + 1, from + 1);
    yield { from, to };
    from = to;
  }
}

import type { ReadableDb } from '../../../db/handle.ts';
import { membersJson } from '../../engagement/view.ts';
import type { Cell } from '../files/csv.ts';

/** How often one operation was logged with one outcome. */
interface Count {
  name: string;
  error: string | null;
  events: number;
  keys: number;
  principals: number;
}

/** Events of a snapshot, without copies. Counted on the rows: the view joins seven tables. */
export function countEvents(db: ReadableDb, snapshot: string): number {
  return db
    .prepare<[string], number>(
      `SELECT count(*) FROM usage_event_row r WHERE r.seq IN (SELECT seq FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?)))
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)`,
    )
    .pluck()
    .get(membersJson(db, snapshot))!;
}

/**
 * Events, keys and principals of each operation and outcome, most frequent first. From the daily totals where all logs
 * are of this snapshot, else from its rows; both count the same. Memory grows with keys and principals, not with events.
 */
export function countOperations(db: ReadableDb, snapshot: string): Cell[][] {
  const others = db.prepare<[string], 1>(
    'SELECT 1 FROM usage_source WHERE snapshot NOT IN (SELECT value FROM json_each(?)) LIMIT 1',
  );
  const counts = others.get(membersJson(db, snapshot)) ? fromRows(db, snapshot) : fromTotals(db);
  return counts
    .sort((a, b) => b.events - a.events || byText(a.name, b.name) || byText(a.error ?? '', b.error ?? ''))
    .map(({ name, error, events, keys, principals }) => [name, error, events, keys, principals]);
}

function fromTotals(db: ReadableDb): Count[] {
  return db
    .prepare<[], Count>(
      `SELECT o.name, e.code AS error, sum(t.events) AS events, count(DISTINCT nullif(t.key, 0)) AS keys,
              count(DISTINCT t.principal) AS principals
         FROM usage_day t JOIN usage_operation o ON o.id = t.operation LEFT JOIN usage_error e ON e.id = t.error
        GROUP BY 1, 2`,
    )
    .all();
}

function fromRows(db: ReadableDb, snapshot: string): Count[] {
  const rows = db
    .prepare<[string], [name: string, error: string | null, key: number | null, principal: number]>(
      `SELECT o.name, e.code, r.key, r.principal
         FROM usage_event_row r JOIN usage_operation o ON o.id = r.operation LEFT JOIN usage_error e ON e.id = r.error
        WHERE r.seq IN (SELECT seq FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?)))
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)`,
    )
    .raw();
  const counted = new Map<string, Count & { of: { keys: Set<number>; principals: Set<number> } }>();
  for (const [name, error, key, principal] of rows.iterate(membersJson(db, snapshot))) {
    const id = `${name} ${error ?? ''}`;
    let count = counted.get(id);
    if (!count) {
      const of = { keys: new Set<number>(), principals: new Set<number>() };
      counted.set(id, (count = { name, error, events: 0, keys: 0, principals: 0, of }));
    }
    count.events += 1;
    if (key !== null) count.of.keys.add(key);
    count.of.principals.add(principal);
  }
  return [...counted.values()].map(({ of, ...count }) => ({
    ...count,
    keys: of.keys.size,
    principals: of.principals.size,
  }));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

import type { ReadableDb } from '../handle.ts';
import { dimensionId } from './events.ts';

/** One event as a list shows it. Times in ms since 1970 UTC. */
export interface UsageEvent {
  seq: number;
  n: number;
  k: number;
  time: number;
  eventId: string;
  service: string;
  name: string;
  account: string;
  region: string;
  key: string | null;
  principal: string;
  actor: string;
  invokedBy: string | null;
  sourceIp: string;
  error: string | null;
  change: boolean;
}

/** Which events to list; every member narrows. Times in ms since 1970 UTC, `[from, to)`. */
export interface UsageFilter {
  from: number;
  to: number;
  key?: string;
  principal?: string;
  operation?: { service: string; name: string };
  changesOnly?: boolean;
}

/** Where a page ended. */
export type UsageCursor = Pick<UsageEvent, 'time' | 'seq' | 'n' | 'k'>;

/** Most rows of one page. */
export const MOST_ROWS = 500;

/**
 * One page of events, oldest first, each once. Pages go on by key, so that the last page of a million events costs what
 * the first does. Looks texts up by their numbers: an event with an unknown key or principal does not exist.
 */
export function listUsageEvents(
  db: ReadableDb,
  filter: UsageFilter,
  after: UsageCursor | null = null,
  limit = MOST_ROWS,
): UsageEvent[] {
  const where = ['r.time >= ?', 'r.time < ?'];
  const values: number[] = [after?.time ?? filter.from, filter.to];
  const narrow = (column: string, id: number) => {
    where.push(`r.${column} = ?`);
    values.push(id);
  };
  if (filter.key !== undefined) narrow('key', dimensionId('usage_key', filter.key));
  if (filter.principal !== undefined) narrow('principal', dimensionId('usage_principal', filter.principal));
  if (filter.operation) {
    narrow('operation', dimensionId('usage_operation', filter.operation.service, filter.operation.name));
  }
  if (filter.changesOnly) where.push('r.flags & 2');
  if (after) {
    where.push('(r.time, r.seq, r.n, r.k) > (?, ?, ?, ?)');
    values.push(after.time, after.seq, after.n, after.k);
  }
  const rows = db
    .prepare<number[], Omit<UsageEvent, 'change'> & { flags: number }>(
      `SELECT r.seq, r.n, r.k, r.time, r.event_id AS eventId, o.service, o.name, p.account, p.region, k.key,
              w.principal, a.actor, a.invoked_by AS invokedBy, c.source_ip AS sourceIp, e.code AS error, r.flags
         FROM usage_event_row r
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_place p ON p.id = r.place
         JOIN usage_principal w ON w.id = r.principal
         JOIN usage_actor a ON a.id = r.actor
         JOIN usage_client c ON c.id = r.client
         LEFT JOIN usage_key k ON k.id = r.key
         LEFT JOIN usage_error e ON e.id = r.error
        WHERE ${where.join(' AND ')}
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
        ORDER BY r.time, r.seq, r.n, r.k LIMIT ?`,
    )
    .all(...values, Math.min(limit, MOST_ROWS));
  return rows.map(({ flags, ...row }) => ({ ...row, change: (flags & 2) !== 0 }));
}

/** Use of keys added up over days `[fromDay, toDay)` (days since 1970 UTC). */
export interface UsageSum {
  key: string | null;
  principal: string;
  service: string;
  name: string;
  error: string | null;
  events: number;
  first: number;
  last: number;
}

/** Events per key, principal, operation and outcome; of one key only when it is given. Most events first. */
export function sumUsage(db: ReadableDb, fromDay: number, toDay: number, key?: string): UsageSum[] {
  const narrow = key === undefined ? '' : 'AND t.key = ?';
  const values = key === undefined ? [] : [dimensionId('usage_key', key)];
  return db
    .prepare<number[], UsageSum>(
      `SELECT k.key, w.principal, o.service, o.name, e.code AS error,
              sum(t.events) AS events, min(t.first) AS first, max(t.last) AS last
         FROM usage_day t
         JOIN usage_operation o ON o.id = t.operation
         JOIN usage_principal w ON w.id = t.principal
         LEFT JOIN usage_key k ON k.id = t.key
         LEFT JOIN usage_error e ON e.id = t.error
        WHERE t.day >= ? AND t.day < ? ${narrow}
        GROUP BY t.key, t.principal, t.operation, t.error
        ORDER BY events DESC, k.key, w.principal, o.service, o.name, e.code`,
    )
    .all(fromDay, toDay, ...values);
}

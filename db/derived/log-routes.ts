import type { ReadableDb } from '../handle.ts';

/** A way that records of key use take to where they are kept: a diagnostic setting, an audit device. */
export interface LogRouteRow {
  id: string;
  provider: string;
  source: string;
  account: string;
  region: string;
  subject: string;
  kind: string;
  name: string;
  key_events: 'all' | 'partial' | 'none' | 'unknown';
  destinations: { kind: string; id: string }[];
  created: string | null;
  /** The provider's own answer. */
  detail: Record<string, unknown>;
  seq: number;
}

/** Log routes of a snapshot, by id. */
export function logRoutes(db: ReadableDb, snapshot: string): LogRouteRow[] {
  return db
    .prepare<
      [string],
      Omit<LogRouteRow, 'destinations' | 'detail'> & { destinations: string; detail: string }
    >(
      `SELECT id, provider, source, account, region, subject, kind, name, key_events, destinations, created, detail, seq
         FROM log_route WHERE snapshot = ? ORDER BY id`,
    )
    .all(snapshot)
    .map((row) => ({
      ...row,
      destinations: JSON.parse(row.destinations) as LogRouteRow['destinations'],
      detail: JSON.parse(row.detail) as LogRouteRow['detail'],
    }));
}

import type { ReadableDb } from '../../db/handle.ts';
import { membersJson } from '../engagement/view.ts';
import { recordsOfEntry } from '../logs/events-of-entry.ts';
import type { LoggedRecord } from '../logs/format.ts';
import type { LogChange } from './log-facts.ts';

interface Row {
  seq: number;
  n: number;
  time: number;
  event_id: string;
  service: string;
  name: string;
  account: string;
  region: string;
  key: string | null;
  actor: string;
  error: string | null;
}

/** Changes that logs of a snapshot hold, oldest first, each with the parameters of its request. */
export function readChanges(db: ReadableDb, snapshot: string): LogChange[] {
  // The tables rather than the view usage_event: only `flags & 2` in these words finds the index of changes.
  const rows = db
    .prepare<[string], Row>(
      `SELECT r.seq, r.n, r.time, r.event_id, o.service, o.name, p.account, p.region, k.key, a.actor, e.code AS error
         FROM usage_event_row r
         JOIN usage_source s ON s.seq = r.seq
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_place p ON p.id = r.place
         JOIN usage_actor a ON a.id = r.actor
         LEFT JOIN usage_key k ON k.id = r.key
         LEFT JOIN usage_error e ON e.id = r.error
        WHERE r.flags & 2 AND s.snapshot IN (SELECT value FROM json_each(?))
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
        ORDER BY r.seq, r.n, r.k`,
    )
    .all(membersJson(db, snapshot));
  const changes: LogChange[] = [];
  let records: { seq: number; byIndex: Map<number, LoggedRecord> } = { seq: 0, byIndex: new Map() };
  for (const row of rows) {
    if (records.seq !== row.seq) records = { seq: row.seq, byIndex: recordsOfEntry(db, row.seq) };
    const changed = records.byIndex.get(row.n)?.change(row.key);
    if (!changed) continue;
    changes.push({
      ...{ at: new Date(row.time).toISOString(), event: row.name, eventSource: row.service },
      ...{ subject: changed.subject, account: row.account, region: row.region },
      ...{ actor: row.actor || null, eventId: row.event_id || null, params: changed.params },
      ...{ error: row.error, seq: row.seq },
    });
  }
  return changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq));
}

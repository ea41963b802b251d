import type { ReadableDb } from '../../../db/handle.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { asObject, asText, parseRecord, type CloudTrailRecord } from '../cloudtrail/parse-record.ts';
import { eventsOfPage } from '../cloudtrail/format.ts';
import { bodyOf } from '../events-of-entry.ts';
import { membersJson } from '../../engagement/view.ts';
import type { CoverageTrail } from './trails.ts';

/** A time in which a trail did not log. Times in ms UTC. */
export interface Stop {
  /** ARN of the trail. */
  trail: string;
  start: number;
  end: number;
  cites: number[];
}

interface Row {
  seq: number;
  n: number;
  time: number;
  name: string;
  account: string;
  region: string;
}

/**
 * When trails were stopped: from the events of those who stopped, started or deleted them, and from the last start and
 * stop that GetTrailStatus tells. `until`: when the trails were asked.
 */
export function trailStops(
  db: ReadableDb,
  snapshot: string,
  trails: ReadonlyMap<string, CoverageTrail>,
  until: number,
): Stop[] {
  const rows = db
    .prepare<[string], Row>(
      `SELECT r.seq, r.n, r.time, o.name, p.account, p.region FROM usage_event_row r
         JOIN usage_source s ON s.seq = r.seq
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_place p ON p.id = r.place
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND r.flags & 2 AND r.error IS NULL AND o.service = 'cloudtrail.amazonaws.com'
          AND o.name IN ('StopLogging', 'StartLogging', 'DeleteTrail', 'CreateTrail')
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
        ORDER BY r.time, r.seq, r.n`,
    )
    .all(membersJson(db, snapshot));
  const open = new Map<string, { start: number; seq: number }>();
  const stops: Stop[] = [];
  for (const row of rows) {
    const arn = trailOf(recordAt(db, row.seq, row.n), row);
    if (arn === null) continue;
    if (row.name === 'StopLogging' || row.name === 'DeleteTrail') {
      if (!open.has(arn)) open.set(arn, { start: row.time, seq: row.seq });
      continue;
    }
    const stop = open.get(arn);
    open.delete(arn);
    if (stop) stops.push({ trail: arn, start: stop.start, end: row.time, cites: [stop.seq, row.seq] });
  }
  for (const [trail, { start, seq }] of open) stops.push({ trail, start, end: until, cites: [seq] });
  for (const { arn, status } of trails.values()) {
    if (open.has(arn)) continue;
    for (const { logging, started, stopped, seq } of status.values()) {
      if (!logging) stops.push({ trail: arn, start: stopped ?? 0, end: until, cites: [seq] });
      // It logs since then: before, it was stopped, or had never been started.
      else if (started !== null && (stopped === null || stopped < started)) {
        stops.push({ trail: arn, start: stopped ?? 0, end: started, cites: [seq] });
      }
    }
  }
  return stops;
}

function trailOf(record: CloudTrailRecord | null, row: Row): string | null {
  const params = asObject(record?.requestParameters);
  const name = asText(asObject(record?.responseElements).trailARN) ?? asText(params.name);
  if (name === null || name.startsWith('arn:')) return name;
  return `arn:aws:cloudtrail:${row.region}:${row.account}:trail/${name}`;
}

/** One event as it stands in the ledger; null when it cannot be read. */
export function recordAt(db: ReadableDb, seq: number, n: number): CloudTrailRecord | null {
  for (const { index, raw } of logRecords(db, seq)) if (index === n) return parseRecord(raw);
  const entry = readEntry(db, seq);
  if (entry?.kind !== 'exchange' && entry?.kind !== 'import') return null;
  const body = bodyOf(db, entry);
  return body ? (eventsOfPage(body)[n] ?? null) : null;
}

import type { ReadableDb } from '../../db/handle.ts';
import { logRecords } from '../../db/ledger/log-records.ts';
import { readEntry } from '../../db/ledger/read.ts';
import { asObject, asText, parseRecord, type CloudTrailRecord } from '../logs/cloudtrail/parse-record.ts';
import { eventsOfPage } from '../logs/events-of-entry.ts';
import { partitionOf } from '../providers/aws/normalise/arn.ts';
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
        WHERE r.flags & 2 AND s.snapshot = ?
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)
        ORDER BY r.seq, r.n, r.k`,
    )
    .all(snapshot);
  const changes: LogChange[] = [];
  let records: { seq: number; byIndex: Map<number, CloudTrailRecord> } = { seq: 0, byIndex: new Map() };
  for (const row of rows) {
    if (records.seq !== row.seq) records = { seq: row.seq, byIndex: recordsOf(db, row.seq) };
    changes.push(...changeOf(row, asObject(records.byIndex.get(row.n))));
  }
  return changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq));
}

function recordsOf(db: ReadableDb, seq: number): Map<number, CloudTrailRecord> {
  const byIndex = new Map<number, CloudTrailRecord>();
  for (const { index, raw } of logRecords(db, seq)) {
    const record = parseRecord(raw);
    if (record) byIndex.set(index, record);
  }
  if (byIndex.size > 0) return byIndex;
  const entry = readEntry(db, seq);
  if (entry?.kind === 'exchange' || entry?.kind === 'import') {
    eventsOfPage(db, entry).forEach((record, n) => {
      if (record) byIndex.set(n, record);
    });
  }
  return byIndex;
}

function changeOf(row: Row, record: Record<string, unknown>): LogChange[] {
  const params = typeof record.requestParameters === 'object' ? asObject(record.requestParameters) : null;
  const subject = row.key ?? subjectOf(row, params ?? {}, asObject(record.responseElements));
  // An alias that the log does not resolve names no key of ours.
  if (row.service === 'kms.amazonaws.com' && !subject?.includes(':key/')) return [];
  return [
    {
      at: new Date(row.time).toISOString(),
      event: row.name,
      eventSource: row.service,
      subject,
      account: row.account,
      region: row.region,
      actor: row.actor || null,
      eventId: row.event_id || null,
      params,
      error: row.error,
      seq: row.seq,
    },
  ];
}

/** What a change outside KMS is about: a trail or a bucket. */
function subjectOf(
  row: Row,
  params: Record<string, unknown>,
  answer: Record<string, unknown>,
): string | null {
  if (row.service === 's3.amazonaws.com') return asText(params.bucketName);
  if (row.service !== 'cloudtrail.amazonaws.com') return null;
  const name = asText(answer.trailARN) ?? asText(params.name) ?? asText(params.trailName);
  if (name === null || name.startsWith('arn:')) return name;
  return `arn:${partitionOf(row.region)}:cloudtrail:${row.region}:${row.account}:trail/${name}`;
}

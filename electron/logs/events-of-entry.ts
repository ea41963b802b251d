import {
  EventBatchBuilder,
  eventWriter,
  type EventBatch,
  type UsageSource,
} from '../../db/derived/events.ts';
import type { ReadableDb, WritableDb } from '../../db/handle.ts';
import { readBody } from '../../db/ledger/bodies.ts';
import { logRecords } from '../../db/ledger/log-records.ts';
import { readEntry, type OpenedEntry } from '../../db/ledger/read.ts';
import { asObject, asRecord, eventMillis, parseRecord } from './cloudtrail/parse-record.ts';
import { isRelevant } from './cloudtrail/relevance.ts';
import { toUsageEvents } from './cloudtrail/usage-events.ts';

/** Operation whose answers are pages of events. */
export const LOOKUP = 'aws.cloudtrail.LookupEvents';

type EvidenceEntry = OpenedEntry<'exchange'> | OpenedEntry<'import'>;

/** What of an entry events are taken from: a log file's kept records, a page of events, or nothing. */
export function eventKind(entry: OpenedEntry): UsageSource['kind'] | null {
  if (entry.kind === 'exchange') {
    if (entry.facts.outcome !== 'ok') return null;
    if (entry.facts.lines) return 'log-file';
    return entry.facts.op === LOOKUP && entry.facts.bodyClass === 'full' ? 'lookup' : null;
  }
  if (entry.kind !== 'import' || entry.facts.outcome !== 'ok' || !entry.facts.lines) return null;
  return entry.facts.format === LOOKUP ? 'imported-lookup' : 'imported-log-file';
}

const writers = new WeakMap<WritableDb, ReturnType<typeof eventWriter>>();

function writerOf(db: WritableDb): ReturnType<typeof eventWriter> {
  let writer = writers.get(db);
  if (!writer) writers.set(db, (writer = eventWriter(db)));
  return writer;
}

/**
 * Writes the events of one ledger entry: those that ingest made while it read the file, or, without `batches`, those
 * that the ledger holds. Both are the same rows. Does nothing for entries that give no events.
 */
export function insertEventsOf(db: WritableDb, seq: number, batches?: Iterable<EventBatch>): number {
  const entry = readEntry(db, seq);
  const kind = entry && eventKind(entry);
  if (!kind) return 0;
  const evidence = entry as EvidenceEntry;
  const { snapshot, source, lines } = evidence.facts;
  const writer = writerOf(db);
  let rows = 0;
  const write = (batch: EventBatch | null): void => {
    if (!batch) return;
    writer.batch(seq, batch);
    rows += batch.rows;
  };
  const about = { kind, snapshot, source };
  if (lines) {
    for (const batch of batches ?? batchesOfRecords(db, seq)) write(batch);
    writer.source(seq, {
      ...about,
      records: lines.records,
      relevant: lines.relevant,
      first: millis(lines.firstEvent),
      last: millis(lines.lastEvent),
    });
    return rows;
  }
  const page = eventsOfPage(db, evidence);
  const builder = new EventBatchBuilder();
  let relevant = 0;
  page.forEach((record, n) => {
    if (!record || !isRelevant(record.eventSource, record.eventName)) return;
    relevant += 1;
    for (const row of toUsageEvents(record, n)) builder.add(row);
  });
  write(builder.take());
  const times = page.flatMap((record) => (record ? [eventMillis(record.eventTime)!] : []));
  const [first, last] = times.length > 0 ? [Math.min(...times), Math.max(...times)] : [null, null];
  writer.source(seq, { ...about, records: page.length, relevant, first, last });
  return rows;
}

function* batchesOfRecords(db: ReadableDb, seq: number): Generator<EventBatch> {
  const builder = new EventBatchBuilder();
  for (const { index, raw } of logRecords(db, seq)) {
    const record = parseRecord(raw);
    if (record) for (const row of toUsageEvents(record, index)) builder.add(row);
    if (builder.rows >= 4096) yield builder.take()!;
  }
  const rest = builder.take();
  if (rest) yield rest;
}

/** The events of a page of LookupEvents, in its order; null where one cannot be read. */
export function eventsOfPage(db: ReadableDb, entry: EvidenceEntry) {
  const body = entry.values.body === undefined ? null : readBody(db, entry.values.body);
  if (!body) return [];
  const { Events } = asObject(JSON.parse(body.toString('utf8')));
  return Array.isArray(Events) ? Events.map(asRecord) : [];
}

function millis(time: string | null): number | null {
  return time === null ? null : eventMillis(time);
}

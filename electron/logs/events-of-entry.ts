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
import { eventMillis } from './cloudtrail/parse-record.ts';
import { LOOKUP } from './cloudtrail/format.ts';
import type { LogFormat, LoggedRecord } from './format.ts';
import { logFormatOf } from './formats.ts';

const FEED = 10;

/** An entry that may bring events. */
export type EvidenceEntry = OpenedEntry<'exchange'> | OpenedEntry<'import'>;

/** An entry that events are taken from: of which kind of log, and whether as a file or as a page. */
interface EventsEntry {
  entry: EvidenceEntry;
  kind: UsageSource['kind'];
  format: LogFormat;
}

/** What of an entry events are taken from: a log file's kept records, a page of events, or nothing. */
function eventsEntry(entry: OpenedEntry): EventsEntry | null {
  if (entry.kind !== 'exchange' && entry.kind !== 'import') return null;
  if (entry.facts.outcome !== 'ok') return null;
  const name = entry.kind === 'exchange' ? entry.facts.op : entry.facts.format;
  const format = logFormatOf(name);
  if (!format) return null;
  const page = name in format.pages && entry.facts.bodyClass === 'full';
  if (entry.kind === 'exchange') {
    if (entry.facts.lines) return { entry, kind: 'log-file', format };
    return page ? { entry, kind: 'lookup', format } : null;
  }
  // A saved lookup of CloudTrail may be too large for a page: it is read like a log file.
  if (entry.facts.lines)
    return { entry, kind: name === LOOKUP ? 'imported-lookup' : 'imported-log-file', format };
  return page ? { entry, kind: 'imported-lookup', format } : null;
}

const writers = new WeakMap<WritableDb, ReturnType<typeof eventWriter>>();

function writerOf(db: WritableDb): ReturnType<typeof eventWriter> {
  let writer = writers.get(db);
  if (!writer) writers.set(db, (writer = eventWriter(db)));
  return writer;
}

/**
 * Writes the events of one ledger entry: those that ingest made while it read the file, or, without `read`, those
 * that the ledger holds. Both are the same rows. Does nothing for entries that give no events.
 */
export function insertEventsOf(
  db: WritableDb,
  seq: number,
  read?: { events: Iterable<EventBatch>; multiLine: boolean },
): number {
  const opened = readEntry(db, seq);
  const found = opened && eventsEntry(opened);
  if (!found) return 0;
  const { entry, kind } = found;
  const { snapshot, source, lines } = entry.facts;
  const writer = writerOf(db);
  let rows = 0;
  const write = (batch: EventBatch | null): void => {
    if (!batch) return;
    writer.batch(seq, batch);
    rows += batch.rows;
  };
  const about = { kind, snapshot, source };
  if (lines) {
    const from = read ?? eventsOfRecords(db, seq, found);
    for (const batch of from.events) write(batch);
    writer.source(seq, {
      ...about,
      records: lines.records,
      relevant: lines.relevant,
      first: millis(lines.firstEvent),
      last: millis(lines.lastEvent),
      multiLine: from.multiLine,
    });
    return rows;
  }
  const page = recordsOfPage(db, found);
  const builder = new EventBatchBuilder();
  let relevant = 0;
  page.forEach((record, n) => {
    if (!record?.relevant) return;
    relevant += 1;
    for (const row of record.rows(n)) builder.add(row);
  });
  write(builder.take());
  const times = page.flatMap((record) => (record ? [record.time] : []));
  const [first, last] = times.reduce<[number, number] | [null, null]>(
    ([least, most], time) => (least === null ? [time, time] : [Math.min(least, time), Math.max(most, time)]),
    [null, null],
  );
  writer.source(seq, { ...about, records: page.length, relevant, first, last, multiLine: null });
  return rows;
}

/** The relevant records that an entry holds, by their index in its file or page. */
export function recordsOfEntry(db: ReadableDb, seq: number): Map<number, LoggedRecord> {
  const byIndex = new Map<number, LoggedRecord>();
  const opened = readEntry(db, seq);
  const found = opened && eventsEntry(opened);
  if (!found) return byIndex;
  if (found.entry.facts.lines) {
    const place = placeOf(db, found);
    for (const { index, raw } of logRecords(db, seq)) {
      const record = found.format.read(raw, place);
      if (record) byIndex.set(index, record);
    }
    return byIndex;
  }
  recordsOfPage(db, found).forEach((record, n) => {
    if (record) byIndex.set(n, record);
  });
  return byIndex;
}

/** Where the records of an entry are from, when they do not say so themselves. */
function placeOf(db: ReadableDb, { entry, format }: EventsEntry): string {
  return format.placeOf?.(db, entry.facts.source, entry.seq) ?? '';
}

/** Events of the records that the ledger holds; whether one has a line break is known once all were read. */
function eventsOfRecords(db: ReadableDb, seq: number, found: EventsEntry) {
  const place = placeOf(db, found);
  const read = { events: batches(), multiLine: false };
  function* batches(): Generator<EventBatch> {
    const builder = new EventBatchBuilder();
    for (const { index, raw } of logRecords(db, seq)) {
      read.multiLine ||= raw.includes(FEED);
      const record = found.format.read(raw, place);
      if (record) for (const row of record.rows(index)) builder.add(row);
      if (builder.rows >= 4096) yield builder.take()!;
    }
    const rest = builder.take();
    if (rest) yield rest;
  }
  return read;
}

function recordsOfPage(db: ReadableDb, { entry, format }: EventsEntry): (LoggedRecord | null)[] {
  const body = bodyOf(db, entry);
  const name = entry.kind === 'exchange' ? entry.facts.op : entry.facts.format;
  return body ? (format.pages[name]?.(body) ?? []) : [];
}

/** The body of an entry, when it is kept whole. */
export function bodyOf(db: ReadableDb, entry: EvidenceEntry): Buffer | null {
  return entry.values.body === undefined ? null : readBody(db, entry.values.body);
}

function millis(time: string | null): number | null {
  return time === null ? null : eventMillis(time);
}

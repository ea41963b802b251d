import type { ReadableDb } from '../../db/handle.ts';
import type { UsageEventRow } from '../../db/derived/events.ts';
import type { RecordFields } from './cloudtrail/scan-record.ts';
import type { SplitEnd, SplitVisitor } from './cloudtrail/split-records.ts';

export type LogFormatId = 'cloudtrail' | 'azure-audit' | 'azure-csv' | 'vault-audit';

/** Cuts the content of a log file into its records' own bytes as it streams past. */
export interface Splitter {
  /** Takes the next bytes. They may be changed and put back, and are not held after the call. */
  write(chunk: Buffer): void;
  /** Says how the content ended. Call once, after the last byte. */
  end(): SplitEnd;
}

/** What a change in a log is about, for the change timeline. */
export interface ChangeSubject {
  /** Id of the key, trail, vault … it changed; null when the record names none. */
  subject: string | null;
  /** Parameters of the request as the record has them; null when it has none. */
  params: Record<string, unknown> | null;
}

/** One record that could be read as an event. */
export interface LoggedRecord {
  /** When it happened, ms UTC. */
  time: number;
  /** Whether it is kept: it uses or changes a key, or changes who may, what is logged, or who is told. */
  relevant: boolean;
  /** Whether it is an event of the key management system itself. */
  ofKeys: boolean;
  /** Its rows: one for each key that it names, one without a key when it names none. `n` is its index in file or page. */
  rows: (n: number) => UsageEventRow[];
  /** What it changed; null when that is nothing of ours. `key` is the key of the row that is asked about. */
  change: (key: string | null) => ChangeSubject | null;
}

/** One kind of log: where it comes from, how it is cut into records, and how a record is read. All pure. */
export interface LogFormat {
  id: LogFormatId;
  /** As people call the records, for messages: `CloudTrail events`. */
  title: string;
  /** Operations, and formats of imported files, whose bodies of class `lines` are log files of this kind. */
  files: readonly string[];
  /** Operations, and formats of imported files, whose bodies of class `full` are pages of events, and how a page is read. */
  pages: Readonly<Record<string, (body: Buffer) => (LoggedRecord | null)[]>>;
  /** What stands in such a page, in the same order: JSON values, or text that is a record as logged. To show one. */
  inPages: Readonly<Record<string, (body: Buffer) => readonly unknown[]>>;
  split: (visit: SplitVisitor) => Splitter;
  /**
   * The time (ISO 8601 UTC, whole seconds) of a record that is evidently not relevant, without parsing it: most records
   * of a busy log are. Null when it has to be read. Optional: it only saves time.
   */
  irrelevantTime?: (bytes: Buffer, fields: RecordFields) => string | null;
  /**
   * Where the records of a source are from, when they do not say so themselves: told by what the ledger holds before the
   * entry `before`. Given to `read`.
   */
  placeOf?: (db: ReadableDb, source: string, before: number) => string;
  /** Reads one record; null when it cannot be read as an event of this kind. */
  read: (raw: Buffer, place?: string) => LoggedRecord | null;
}

import type { Readable } from 'node:stream';
import type { WritableDb } from '../../db/handle.ts';
import type { LinesFacts } from '../../db/ledger/entry.ts';
import type { LogRecords } from '../../db/ledger/log-records.ts';

/** Which log file a stream is, for messages and for choosing what to keep. */
export interface LinesContext {
  source: string;
  op: string;
  scope: string;
  /** Canonical JSON of the call's input: bucket and key. */
  params: string;
  /** Kept response headers (etag, content-encoding …). */
  headers: Record<string, string>;
  /** Aborts when the collection is cancelled: stop reading and reject. */
  signal: AbortSignal;
}

/** What a log file left behind; committed together with the exchange that brought it. */
export interface LinesResult {
  facts: LinesFacts;
  records: LogRecords;
  /** Writes what is derived from the file. Called in the transaction that writes its entry, after it. */
  land?: (db: WritableDb, seq: number) => void;
  /** Frees what was put aside for the commit. Called once it is made, or has failed. */
  release?: () => void;
}

/**
 * Reads a log file in one pass, in flat memory, as it comes over the wire (compressed when the source compresses).
 *
 * Resolves also for a file that is not what it should be: `facts.defect` says so. Rejects only when the stream itself
 * fails or the signal aborts: the recorder then records a network failure or an interruption, and the call is asked
 * again.
 */
export type IngestLines = (stream: Readable, context: LinesContext) => Promise<LinesResult>;

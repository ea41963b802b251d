import { tmpdir } from 'node:os';
import type { WritableDb } from '../../db/handle.ts';
import type { IngestLines } from '../recorder/lines-sink.ts';
import { insertEventsOf } from './events-of-entry.ts';
import { logFormatOf } from './formats.ts';
import type { IngestedLog } from './worker/collector.ts';
import { openLogPool, type LogPool } from './worker/pool.ts';

/** Log ingest of one run: worker threads, and the sink that the recorder gives log files to. */
export interface LogIngest {
  readonly pool: LogPool;
  /** For the recorder: takes the bytes of a log file as they come over the wire. */
  readonly ingestLines: IngestLines;
  /** Stops the worker threads. */
  close(): Promise<void>;
}

/** Opens ingest for one engagement. `folder` is where its file lies: a very large log file is put aside there. */
export function openLogIngest(options: { folder?: string; threads?: number } = {}): LogIngest {
  const { folder = tmpdir(), threads } = options;
  const pool = openLogPool({ spoolFolder: folder, ...(threads === undefined ? {} : { threads }) });
  return {
    pool,
    ingestLines: async (stream, { op, signal }) => {
      const format = logFormatOf(op);
      if (!format) throw new Error(`cannot take a log file of ${op}: no kind of log is declared for it.`);
      const log = await pool.readStream(stream, format.id, signal);
      return {
        facts: log.facts,
        records: log.records,
        land: (db, seq) => landEvents(db, seq, log),
        release: () => log.discard(),
      };
    },
    close: () => pool.close(),
  };
}

/**
 * Writes the events of a log file beside its entry. Call in the transaction that writes the entry.
 *
 * @throws Error when `seq` is not the entry of this file: its own write must have failed.
 */
export function landEvents(db: WritableDb, seq: number, log: IngestedLog): number {
  const sha256 = db
    .prepare<[number], string>(`SELECT line ->> '$.facts.lines.sha256' FROM entry WHERE seq = ?`)
    .pluck()
    .get(seq);
  if (sha256 !== log.facts.sha256) throw new Error('cannot write events: their log file was not recorded.');
  return insertEventsOf(db, seq, log);
}

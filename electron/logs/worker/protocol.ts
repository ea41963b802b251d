import type { LogFormatId } from '../format.ts';
import type { LogPart } from './log-file-reader.ts';
import type { ReadFacts } from './read-bytes.ts';

/** What the pool tells a worker. */
export type ToWorker =
  /** Read a file of this machine. */
  | { job: number; do: 'file'; path: string; format: LogFormatId; place: string }
  /** Read a whole file that is in memory. */
  | { job: number; do: 'buffer'; bytes: Uint8Array; format: LogFormatId; place: string }
  /** Read a file whose bytes follow. */
  | { job: number; do: 'open'; format: LogFormatId; place: string }
  | { job: number; do: 'chunk'; bytes: Uint8Array }
  | { job: number; do: 'close' }
  /** Forget the job: its stream failed or nobody wants it any more. */
  | { job: number; do: 'drop' };

/** What a worker tells the pool. */
export type FromWorker =
  /** Bytes of a stream that were dealt with: as many more may be sent. */
  | { job: number; is: 'taken'; bytes: number }
  /** Parts of a large file, ahead of its end. */
  | { job: number; is: 'parts'; parts: LogPart[] }
  | { job: number; is: 'done'; parts: LogPart[]; facts: ReadFacts }
  /** The file could not be read from disk. */
  | { job: number; is: 'failed'; code: string; message: string };

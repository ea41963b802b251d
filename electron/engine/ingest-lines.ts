import type { IngestLines } from '../recorder/lines-sink.ts';

/** Reads log files of a collection; null while this build has no reader for them, and the snapshot then says so. */
export function ingestLines(): IngestLines | null {
  return null;
}

import type { EventBatch } from '../../../db/derived/events.ts';
import type { LinesFacts } from '../../../db/ledger/entry.ts';
import type { LogBlock, LogRecords } from '../../../db/ledger/log-records.ts';
import { CHUNK_BYTES } from '../../../db/ledger/bodies.ts';
import type { LogPart } from './log-file-reader.ts';
import type { ReadFacts } from './read-bytes.ts';
import { newSpool, type Spool } from './spool.ts';

/** A log file after reading: what its ledger entry says, what is kept, and the events it gives. */
export interface IngestedLog {
  facts: LinesFacts;
  /** To be committed with the entry; readable once. */
  records: LogRecords;
  /** To be committed with the entry; readable once. */
  events: Iterable<EventBatch>;
  shape: ReadFacts['shape'];
  /** Kept records of kms.amazonaws.com. */
  kms: number;
  compressed: boolean;
  /** Frees what was put aside on disk, also when nothing is committed. */
  discard(): void;
}

/** Parts of one file held in memory; what is more goes to disk until it is committed. */
const HELD_BYTES = 24 * 1024 * 1024;

/** Puts together what a worker sends of one file, in flat memory. */
export class LogCollector {
  readonly #folder: string;
  #parts: LogPart[] = [];
  #bytes = 0;
  #spool: Spool | null = null;

  constructor(spoolFolder: string) {
    this.#folder = spoolFolder;
  }

  add(parts: readonly LogPart[]): void {
    for (const part of parts) {
      this.#parts.push(part);
      this.#bytes += sizeOf(part);
    }
    if (this.#bytes < HELD_BYTES) return;
    this.#spool ??= newSpool(this.#folder);
    for (const part of this.#parts) this.#spool.put(part);
    this.#parts = [];
    this.#bytes = 0;
  }

  finish({ shape, kms, compressed, ...facts }: ReadFacts): IngestedLog {
    const all = (): Iterable<LogPart> =>
      this.#spool ? chain(this.#spool.parts(), this.#parts) : this.#parts;
    return {
      facts,
      records: { blocks: blocksOf(all), leaves: leavesOf(all) },
      events: eventsOf(all),
      shape,
      kms,
      compressed,
      discard: () => this.discard(),
    };
  }

  discard(): void {
    this.#parts = [];
    this.#spool?.close();
    this.#spool = null;
  }
}

type Parts = () => Iterable<LogPart>;

function* chain(first: Iterable<LogPart>, second: Iterable<LogPart>): Generator<LogPart> {
  yield* first;
  yield* second;
}

function blocksOf(parts: Parts): Iterable<LogBlock> {
  return {
    *[Symbol.iterator]() {
      for (const { block } of parts()) if (block) yield block;
    },
  };
}

/** Leaves in the pieces that the ledger keeps: each full but the last. */
function leavesOf(parts: Parts): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      let held: Uint8Array[] = [];
      let bytes = 0;
      for (const { leaves } of parts()) {
        if (!leaves) continue;
        held.push(leaves);
        bytes += leaves.length;
        while (bytes >= CHUNK_BYTES) {
          const joined = Buffer.concat(held, bytes);
          yield joined.subarray(0, CHUNK_BYTES);
          held = [joined.subarray(CHUNK_BYTES)];
          bytes -= CHUNK_BYTES;
        }
      }
      if (bytes > 0) yield Buffer.concat(held, bytes);
    },
  };
}

function eventsOf(parts: Parts): Iterable<EventBatch> {
  return {
    *[Symbol.iterator]() {
      for (const { events } of parts()) if (events) yield events;
    },
  };
}

function sizeOf({ block, leaves, events }: LogPart): number {
  const rows = events ? events.numbers.byteLength + events.ids.length : 0;
  return (block ? block.data.length + block.positions.length : 0) + (leaves?.length ?? 0) + rows;
}

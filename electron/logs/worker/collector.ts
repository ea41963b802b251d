import type { EventBatch } from '../../../db/derived/events.ts';
import type { LinesFacts } from '../../../db/ledger/entry.ts';
import type { LogRecords } from '../../../db/ledger/log-records.ts';
import { CHUNK_BYTES } from '../../../db/ledger/bodies.ts';
import { freeBuffer } from './free-buffer.ts';
import type { LogPart } from './log-file-reader.ts';
import type { ReadFacts } from './read-bytes.ts';
import { newSpool, type Spool } from './spool.ts';

/** A log file after reading: what its ledger entry says, what is kept, and the events it gives. */
export interface IngestedLog {
  facts: LinesFacts;
  /** To be committed with the entry. Each value is good until the next is asked for. */
  records: LogRecords;
  /** To be committed with the entry. Each value is good until the next is asked for. */
  events: Iterable<EventBatch>;
  shape: ReadFacts['shape'];
  /** Kept records of the key management system itself. */
  kms: number;
  /** A kept record has a line break inside. */
  multiLine: boolean;
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

  finish({ shape, kms, multiLine, compressed, ...facts }: ReadFacts): IngestedLog {
    const all: Parts = (kind) => {
      const held = this.#parts.flatMap((part) => part[kind] ?? []);
      return this.#spool ? chain(this.#spool.parts(kind), held) : held;
    };
    return {
      facts,
      records: { blocks: again(() => all('block')), leaves: again(() => wholePieces(all('leaves'))) },
      events: again(() => all('events')),
      shape,
      kms,
      multiLine,
      compressed,
      discard: () => this.discard(),
    };
  }

  discard(): void {
    for (const { block, leaves, events } of this.#parts)
      for (const bytes of [block?.data, leaves, events?.numbers]) if (bytes) freeBuffer(bytes);
    this.#parts = [];
    this.#spool?.close();
    this.#spool = null;
  }
}

type Parts = <K extends keyof LogPart>(kind: K) => Iterable<NonNullable<LogPart[K]>>;

function* chain<T>(first: Iterable<T>, second: Iterable<T>): Generator<T> {
  yield* first;
  yield* second;
}

/** Something that can be read from its start more than once: a transaction that fails is tried again. */
function again<T>(read: () => Iterable<T>): Iterable<T> {
  return { [Symbol.iterator]: () => read()[Symbol.iterator]() };
}

/** Leaves in the pieces that the ledger keeps: each of 1 MiB but the last. */
function* wholePieces(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  for (const leaves of parts) {
    held = Buffer.concat([held, leaves]);
    let at = 0;
    for (; held.length - at >= CHUNK_BYTES; at += CHUNK_BYTES) yield held.subarray(at, at + CHUNK_BYTES);
    held = held.subarray(at);
  }
  if (held.length > 0) yield held;
}

function sizeOf({ block, leaves, events }: LogPart): number {
  const rows = events ? events.numbers.byteLength + events.ids.length : 0;
  return (block ? block.data.length + block.positions.length : 0) + (leaves?.length ?? 0) + rows;
}

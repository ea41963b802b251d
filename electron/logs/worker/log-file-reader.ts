import { createHash } from 'node:crypto';
import { EventBatchBuilder, type EventBatch } from '../../../db/derived/events.ts';
import type { LinesFacts } from '../../../db/ledger/entry.ts';
import { packLogBlocks, type LogBlock } from '../../../db/ledger/log-records.ts';
import { MerkleBuilder } from '../../../db/ledger/merkle.ts';
import type { RecordFields } from '../cloudtrail/scan-record.ts';
import type { SplitEnd } from '../cloudtrail/split-records.ts';
import type { LogFormat, Splitter } from '../format.ts';
import { LeafList, rootOfLeaves } from './leaf-hasher.ts';

/** Pieces of what a log file left, handed on as they are ready so that a reader's memory stays flat. */
export interface LogPart {
  block?: LogBlock;
  leaves?: Uint8Array;
  events?: EventBatch;
}

/** What only the content says; the rest of the facts is about the bytes as received. */
export type ContentFacts = Omit<LinesFacts, 'bytes' | 'sha256' | 'defect'> & {
  shape: SplitEnd['shape'];
  defect: string | null;
  /** Records of the key management system itself among the relevant ones. */
  kms: number;
  /** A kept record has a line break inside: it cannot stand one a line. */
  multiLine: boolean;
};

const FEED = 10;
const BLOCK_BYTES = 1024 * 1024;
const PART_ROWS = 4096;
/** Leaves handed on at a time: 32 bytes each, so a multiple of the ledger's 1 MiB pieces. */
const PART_LEAVES = 32 * 1024;

/** Numbers of texts that files have in common, remembered by the thread. */
const known = new Map<string, number>();

/** Reads the inflated content of one log file: hashes it, splits it, keeps what is relevant. */
export class LogFileReader {
  readonly #format: LogFormat;
  readonly #emit: (part: LogPart) => void;
  readonly #hash = createHash('sha256');
  readonly #splitter: Splitter;
  readonly #events = new EventBatchBuilder(known);
  readonly #leaves = new LeafList();
  /** Set once leaves were handed on; until then the root is made in one go. */
  #tree: MerkleBuilder | null = null;
  readonly #stage = Buffer.allocUnsafe(BLOCK_BYTES);
  #staged: { index: number; raw: Buffer }[] = [];
  #stagedBytes = 0;
  #bytes = 0;
  #records = 0;
  #relevant = 0;
  #rejected = 0;
  #kms = 0;
  #multiLine = false;
  #first: string | null = null;
  #last: string | null = null;

  constructor(format: LogFormat, emit: (part: LogPart) => void) {
    this.#format = format;
    this.#emit = emit;
    this.#splitter = format.split({
      record: (bytes, start, end, fields) => this.#record(bytes, start, end, fields),
      reject: (leaf) => {
        this.#leaves.push(leaf);
        this.#counted();
        this.#rejected += 1;
      },
    });
  }

  /** Takes the next bytes of the content. */
  write(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#splitter.write(chunk);
  }

  /** Hands on what is left and says what the file was. */
  end(): ContentFacts {
    const { defect, shape } = this.#splitter.end();
    this.#emitBlock();
    this.#emitEvents();
    const leaves = this.#leaves.take();
    let root: Buffer;
    if (this.#tree) {
      addLeaves(this.#tree, leaves);
      root = this.#tree.root();
    } else root = rootOfLeaves(leaves);
    if (leaves.length > 0) this.#emit({ leaves });
    return {
      contentBytes: this.#bytes,
      contentSha256: this.#hash.digest('hex'),
      records: this.#records,
      relevant: this.#relevant,
      rejected: this.#rejected,
      merkleRoot: root.toString('hex'),
      firstEvent: this.#first,
      lastEvent: this.#last,
      shape,
      defect,
      kms: this.#kms,
      multiLine: this.#multiLine,
    };
  }

  #record(bytes: Buffer, start: number, end: number, fields: RecordFields): void {
    const index = this.#records;
    this.#leaves.pushHashOf(bytes, start, end);
    this.#counted();
    const passed = this.#format.irrelevantTime?.(bytes, fields);
    if (passed) return this.#time(passed);
    // Relevant, or not as plain as it should be: parsed.
    const raw = bytes.subarray(start, end);
    const record = this.#format.read(raw);
    if (!record) {
      this.#rejected += 1;
      return;
    }
    this.#time(secondsUtc(record.time));
    if (!record.relevant) return;
    this.#relevant += 1;
    if (record.ofKeys) this.#kms += 1;
    this.#keep(index, raw);
    for (const row of record.rows(index)) this.#events.add(row);
    if (this.#events.rows >= PART_ROWS) this.#emitEvents();
  }

  #counted(): void {
    this.#records += 1;
    if (this.#leaves.count < PART_LEAVES) return;
    const leaves = this.#leaves.take();
    addLeaves((this.#tree ??= new MerkleBuilder()), leaves);
    this.#emit({ leaves });
  }

  #time(time: string): void {
    if (this.#first === null || time < this.#first) this.#first = time;
    if (this.#last === null || time > this.#last) this.#last = time;
  }

  #keep(index: number, raw: Buffer): void {
    this.#multiLine ||= raw.includes(FEED);
    if (this.#stagedBytes + raw.length > BLOCK_BYTES) this.#emitBlock();
    const at = this.#stagedBytes;
    raw.copy(this.#stage, at);
    this.#stagedBytes += raw.length;
    this.#staged.push({ index, raw: this.#stage.subarray(at, this.#stagedBytes) });
  }

  #emitBlock(): void {
    if (this.#staged.length === 0) return;
    for (const block of packLogBlocks(this.#staged)) this.#emit({ block });
    this.#staged = [];
    this.#stagedBytes = 0;
  }

  #emitEvents(): void {
    const batch = this.#events.take();
    if (batch) this.#emit({ events: batch });
  }
}

/** A time in ms as the facts write it, cut to the second. */
function secondsUtc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function addLeaves(tree: MerkleBuilder, leaves: Buffer): void {
  for (let at = 0; at < leaves.length; at += 32) tree.add(leaves.subarray(at, at + 32));
}

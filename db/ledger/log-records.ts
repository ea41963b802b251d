import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import type { ReadableDb, WritableDb } from '../handle.ts';
import { CHUNK_BYTES } from './bodies.ts';

/** Raw records that share one compressed block; a block holds at most about 1 MiB of raw bytes. */
export interface LogBlock {
  /** Index in the file and length in bytes of each record: pairs of unsigned 32-bit little endian. */
  positions: Uint8Array;
  /** Length of the records together, before compression. */
  bytes: number;
  /** The records' own bytes one after the other, zstd. */
  data: Uint8Array;
}

/** What is kept of a log file: relevant records, and the leaf hashes of all. Read once, in order, at commit. */
export interface LogRecords {
  blocks: Iterable<LogBlock>;
  /** 32 bytes per record of the file, in order: whole, or in pieces that are all of 1 MiB but the last. */
  leaves: Uint8Array | Iterable<Uint8Array>;
}

/** One kept record: its index in the file and its own bytes. */
export interface LogRecord {
  index: number;
  raw: Buffer;
}

const BLOCK_BYTES = CHUNK_BYTES;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs records into blocks; done in a worker, so that the writer only inserts. */
export function packLogBlocks(records: readonly { index: number; raw: Uint8Array }[]): LogBlock[] {
  const blocks: LogBlock[] = [];
  for (let from = 0; from < records.length;) {
    let bytes = 0;
    let to = from;
    while (to < records.length && (to === from || bytes + records[to]!.raw.length <= BLOCK_BYTES)) {
      bytes += records[to]!.raw.length;
      to += 1;
    }
    const members = records.slice(from, to);
    const positions = Buffer.alloc(members.length * 8);
    members.forEach((record, i) => {
      positions.writeUInt32LE(record.index, i * 8);
      positions.writeUInt32LE(record.raw.length, i * 8 + 4);
    });
    const data = zstdCompressSync(Buffer.concat(members.map((m) => m.raw)), ZSTD);
    blocks.push({ positions, bytes, data });
    from = to;
  }
  return blocks;
}

/** Inserts what is kept of a log file. Call inside the transaction that inserts its entry. */
export function insertLogRecords(db: WritableDb, seq: number, records: LogRecords): void {
  const block = db.prepare('INSERT INTO log_block (seq, n, positions, bytes, data) VALUES (?, ?, ?, ?, ?)');
  let n = 0;
  for (const b of records.blocks) block.run(seq, n++, b.positions, b.bytes, b.data);
  const leaves = db.prepare('INSERT INTO log_leaves (seq, n, data) VALUES (?, ?, ?)');
  n = 0;
  for (const piece of piecesOf(records.leaves)) leaves.run(seq, n++, piece);
}

function* piecesOf(leaves: LogRecords['leaves']): Generator<Uint8Array> {
  if (!(leaves instanceof Uint8Array)) return yield* leaves;
  for (let at = 0; at < leaves.length; at += CHUNK_BYTES) yield leaves.subarray(at, at + CHUNK_BYTES);
}

/** The kept records of one log file, in file order. */
export function* logRecords(db: ReadableDb, seq: number): Generator<LogRecord> {
  const rows = db
    .prepare<[number], { positions: Buffer; bytes: number; data: Buffer }>(
      'SELECT positions, bytes, data FROM log_block WHERE seq = ? ORDER BY n',
    )
    .iterate(seq);
  for (const row of rows) yield* unpackLogBlock(row);
}

/** The records of one block. @throws when the block's bytes do not inflate to what it declares. */
export function* unpackLogBlock(block: LogBlock): Generator<LogRecord> {
  const raw = zstdDecompressSync(block.data, { maxOutputLength: Math.max(block.bytes, 1) });
  const positions = Buffer.from(block.positions.buffer, block.positions.byteOffset, block.positions.length);
  for (let i = 0, at = 0; i < positions.length; i += 8) {
    const length = positions.readUInt32LE(i + 4);
    yield { index: positions.readUInt32LE(i), raw: raw.subarray(at, at + length) };
    at += length;
  }
}

/** Leaf hashes of all records of one log file, 32 bytes each. */
export function logLeaves(db: ReadableDb, seq: number): Buffer {
  const rows = db
    .prepare<[number], Buffer>('SELECT data FROM log_leaves WHERE seq = ? ORDER BY n')
    .pluck()
    .all(seq);
  return Buffer.concat(rows);
}

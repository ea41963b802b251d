import type { ReadableDb, WritableDb } from '../handle.ts';
import { statement } from '../statement.ts';
import { CHUNK_BYTES } from './bodies.ts';
import { pack, unpack } from './zstd.ts';

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
const COMPRESSION_LEVEL = 1;

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
    const data = pack(Buffer.concat(members.map((m) => m.raw)), COMPRESSION_LEVEL);
    blocks.push({ positions, bytes, data });
    from = to;
  }
  return blocks;
}

/**
 * Inserts what is kept of a log file. Call inside the transaction that inserts its entry.
 *
 * @throws RangeError when it is not what the entry says: such an entry could never be verified again.
 */
export function insertLogRecords(
  db: WritableDb,
  seq: number,
  records: LogRecords,
  facts: { records: number; relevant: number },
): void {
  const block = statement(
    db,
    'INSERT INTO log_block (seq, n, positions, bytes, data) VALUES (?, ?, ?, ?, ?)',
  );
  let [n, kept] = [0, 0];
  for (const b of records.blocks) {
    block.run(seq, n++, b.positions, b.bytes, b.data);
    kept += b.positions.length / 8;
  }
  const leaf = statement(db, 'INSERT INTO log_leaves (seq, n, data) VALUES (?, ?, ?)');
  let bytes = 0;
  n = 0;
  for (const piece of piecesOf(records.leaves)) {
    leaf.run(seq, n++, piece);
    bytes += piece.length;
  }
  if (bytes !== facts.records * 32 || kept !== facts.relevant) {
    throw new RangeError(
      `cannot add the log file: it brings ${bytes / 32} hashes and ${kept} records where its entry says ${facts.records} and ${facts.relevant}`,
    );
  }
}

function* piecesOf(leaves: LogRecords['leaves']): Generator<Uint8Array> {
  if (!(leaves instanceof Uint8Array)) {
    yield* leaves;
    return;
  }
  for (let at = 0; at < leaves.length; at += CHUNK_BYTES) yield leaves.subarray(at, at + CHUNK_BYTES);
}

/**
 * The kept records of one log file, in file order.
 *
 * @throws RangeError when blocks are missing, or hold anything but the records they list, each once and in order.
 */
export function* logRecords(db: ReadableDb, seq: number): Generator<LogRecord> {
  const next = statement<[number, number], LogBlock & { n: number }>(
    db,
    'SELECT n, positions, bytes, data FROM log_block WHERE seq = ? AND n >= ? ORDER BY n LIMIT 1',
  );
  let last = -1;
  for (let n = 0, row = next.get(seq, Number.MIN_SAFE_INTEGER); row; n += 1, row = next.get(seq, n)) {
    if (row.n !== n)
      throw new RangeError(`cannot read the log records of entry ${seq}: block ${n} is missing`);
    for (const record of unpackLogBlock(row)) {
      if (record.index <= last) {
        throw new RangeError(
          `cannot read the log records of entry ${seq}: record ${record.index} is there twice`,
        );
      }
      last = record.index;
      yield record;
    }
  }
}

/**
 * Indexes in the file of the kept records, without unpacking them.
 *
 * @throws RangeError when a block is missing.
 */
export function logIndexes(db: ReadableDb, seq: number): number[] {
  const blocks = statement<[number], { n: number; positions: Buffer }>(
    db,
    'SELECT n, positions FROM log_block WHERE seq = ? ORDER BY n',
  ).all(seq);
  return blocks.flatMap(({ n, positions }, i) => {
    if (n !== i) throw new RangeError(`cannot read the log records of entry ${seq}: block ${i} is missing`);
    return Array.from({ length: positions.length / 8 }, (_, r) => positions.readUInt32LE(r * 8));
  });
}

/** The records of one block. @throws when the block is not exactly the bytes and records it declares. */
export function* unpackLogBlock(block: LogBlock): Generator<LogRecord> {
  const raw = unpack(block.data, block.bytes);
  const positions = Buffer.from(block.positions.buffer, block.positions.byteOffset, block.positions.length);
  let at = 0;
  for (let i = 0; i < positions.length; i += 8) {
    const length = positions.readUInt32LE(i + 4);
    yield { index: positions.readUInt32LE(i), raw: raw.subarray(at, at + length) };
    at += length;
  }
  if (at !== raw.length || positions.length === 0) {
    throw new RangeError('a block of log records holds other bytes than its records');
  }
}

/**
 * Leaf hashes of all records of one log file in file order, 32 bytes each.
 *
 * @throws RangeError when a piece of them is missing or out of shape.
 */
export function* logLeaves(db: ReadableDb, seq: number): Generator<Buffer> {
  const next = statement<[number, number], { n: number; data: Buffer }>(
    db,
    'SELECT n, data FROM log_leaves WHERE seq = ? AND n >= ? ORDER BY n LIMIT 1',
  );
  for (let n = 0, row = next.get(seq, Number.MIN_SAFE_INTEGER); row; n += 1, row = next.get(seq, n)) {
    if (row.n !== n || row.data.length === 0 || row.data.length % 32 !== 0) {
      throw new RangeError(
        `cannot read the hashes of the log records of entry ${seq}: piece ${n} is missing`,
      );
    }
    for (let at = 0; at < row.data.length; at += 32) yield row.data.subarray(at, at + 32);
  }
}

import type { ReadableDb, WritableDb } from '../handle.ts';
import { statement } from '../statement.ts';
import { sha256Hex } from './hash.ts';
import { pack, unpack } from './zstd.ts';

/** Bodies are kept in pieces of at most 1 MiB: better-sqlite3 cannot stream a blob, and memory must stay flat. */
export const CHUNK_BYTES = 1024 * 1024;

const COMPRESSION_LEVEL = 3;

/** Stores one body under its SHA-256 unless it is there already; returns the hash (hex). Call inside a transaction. */
export function putBody(db: WritableDb, body: Uint8Array, sha256: string = sha256Hex(body)): string {
  const key = Buffer.from(sha256, 'hex');
  if (hasBody(db, sha256)) return sha256;
  statement(db, 'INSERT INTO body (sha256, bytes) VALUES (?, ?)').run(key, body.length);
  const insert = statement(
    db,
    'INSERT INTO body_chunk (sha256, n, bytes, encoding, data) VALUES (?, ?, ?, ?, ?)',
  );
  for (let n = 0, at = 0; at < body.length; n += 1, at += CHUNK_BYTES) {
    const raw = body.subarray(at, at + CHUNK_BYTES);
    const packed = pack(raw, COMPRESSION_LEVEL);
    if (packed.length < raw.length) insert.run(key, n, raw.length, 'zstd', packed);
    else insert.run(key, n, raw.length, 'identity', raw);
  }
  return sha256;
}

export function hasBody(db: ReadableDb, sha256: string): boolean {
  return bodyBytes(db, sha256) !== null;
}

/** Length of a kept body in bytes as its row states it, or null when it is not kept. */
export function bodyBytes(db: ReadableDb, sha256: string): number | null {
  const row = statement<[Buffer], { bytes: number }>(db, 'SELECT bytes FROM body WHERE sha256 = ?').get(
    Buffer.from(sha256, 'hex'),
  );
  return row?.bytes ?? null;
}

interface ChunkRow {
  n: number;
  bytes: number;
  encoding: string;
  data: Buffer;
}

/**
 * The pieces of a body in order, each at most 1 MiB. Their hash is not checked here: verification hashes what this gives.
 *
 * @throws RangeError when a piece is missing, or is not exactly the bytes that its row states.
 */
export function* bodyChunks(db: ReadableDb, sha256: string): Generator<Buffer> {
  const key = Buffer.from(sha256, 'hex');
  const next = statement<[Buffer, number], ChunkRow>(
    db,
    'SELECT n, bytes, encoding, data FROM body_chunk WHERE sha256 = ? AND n >= ? ORDER BY n LIMIT 1',
  );
  // From the least number SQLite has, so that no piece can stand before the first.
  for (let n = 0, row = next.get(key, Number.MIN_SAFE_INTEGER); row; n += 1, row = next.get(key, n)) {
    const raw = row.encoding === 'zstd' ? unpack(row.data, row.bytes) : row.data;
    if (row.n !== n || raw.length !== row.bytes || raw.length === 0) {
      throw new RangeError(
        `cannot read body ${sha256}: its piece ${n} is missing or is not as it was stored`,
      );
    }
    yield raw;
  }
}

/** A whole body, or null when it is not kept. For bodies of unknown size use {@link bodyChunks}. */
export function readBody(db: ReadableDb, sha256: string): Buffer | null {
  if (!hasBody(db, sha256)) return null;
  return Buffer.concat([...bodyChunks(db, sha256)]);
}

import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import type { ReadableDb, WritableDb } from '../handle.ts';
import { sha256Hex } from './hash.ts';

/** Bodies are kept in pieces of at most 1 MiB: better-sqlite3 cannot stream a blob, and memory must stay flat. */
export const CHUNK_BYTES = 1024 * 1024;

const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Stores one body under its SHA-256 unless it is there already; returns the hash (hex). Call inside a transaction. */
export function putBody(db: WritableDb, body: Uint8Array, sha256: string = sha256Hex(body)): string {
  const key = Buffer.from(sha256, 'hex');
  if (hasBody(db, sha256)) return sha256;
  db.prepare('INSERT INTO body (sha256, bytes) VALUES (?, ?)').run(key, body.length);
  const insert = db.prepare(
    'INSERT INTO body_chunk (sha256, n, bytes, encoding, data) VALUES (?, ?, ?, ?, ?)',
  );
  for (let n = 0, at = 0; at < body.length; n += 1, at += CHUNK_BYTES) {
    const raw = body.subarray(at, at + CHUNK_BYTES);
    const packed = zstdCompressSync(raw, ZSTD);
    if (packed.length < raw.length) insert.run(key, n, raw.length, 'zstd', packed);
    else insert.run(key, n, raw.length, 'identity', raw);
  }
  return sha256;
}

export function hasBody(db: ReadableDb, sha256: string): boolean {
  return db.prepare('SELECT 1 FROM body WHERE sha256 = ?').get(Buffer.from(sha256, 'hex')) !== undefined;
}

interface ChunkRow {
  bytes: number;
  encoding: string;
  data: Buffer;
}

/** The pieces of a body in order, each at most 1 MiB. Nothing is checked here: verification hashes what this gives. */
export function* bodyChunks(db: ReadableDb, sha256: string): Generator<Buffer> {
  const rows = db
    .prepare<[Buffer], ChunkRow>('SELECT bytes, encoding, data FROM body_chunk WHERE sha256 = ? ORDER BY n')
    .iterate(Buffer.from(sha256, 'hex'));
  for (const row of rows) {
    // maxOutputLength: a damaged chunk must not inflate past what a chunk may hold.
    yield row.encoding === 'zstd' ? zstdDecompressSync(row.data, { maxOutputLength: CHUNK_BYTES }) : row.data;
  }
}

/** A whole body, or null when it is not kept. For bodies of unknown size use {@link bodyChunks}. */
export function readBody(db: ReadableDb, sha256: string): Buffer | null {
  if (!hasBody(db, sha256)) return null;
  return Buffer.concat([...bodyChunks(db, sha256)]);
}

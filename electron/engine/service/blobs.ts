import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Blob } from '../../api/shared.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { bodyBytes, CHUNK_BYTES } from '../../../db/ledger/bodies.ts';
import { unpack } from '../../../db/ledger/zstd.ts';
import { statement } from '../../../db/statement.ts';
import { getKey } from '../../../db/derived/keys.ts';
import { cardOf } from '../../pack/exhibits/cards.ts';
import { Refusal } from './refusal.ts';

export interface BlobRequest {
  address: string;
  /** Number of the piece, from 0; each but the last is 1 MiB. */
  piece: number;
}

/** One piece of a blob, with what the host needs to serve it. */
export interface BlobPiece {
  data: Uint8Array;
  mediaType: string;
  name: string;
  /** Length of the whole. */
  bytes: number;
}

/** Media types that a window may show in place; all else is handed over as a download of no type. */
const SHOWN = new Set(['application/pdf', 'image/png', 'image/svg+xml', 'text/csv', 'application/json']);

/** Address of a kept body. The type is what we say it is, never what the provider said. */
export function bodyBlob(sha256: string, bytes: number, name: string, mediaType: string): Blob {
  const type = SHOWN.has(mediaType) ? mediaType : 'application/octet-stream';
  const query = new URLSearchParams({ type, name });
  return { url: `/blob/body/${sha256}?${query.toString()}`, mediaType: type, name, bytes };
}

/** Address of the configuration card of a key. */
export function cardBlob(db: ReadableDb, snapshot: string, key: { id: string; native_id: string }): Blob {
  const query = new URLSearchParams({ snapshot, key: key.id });
  return {
    url: `/blob/card/${encodeURIComponent(key.native_id)}?${query.toString()}`,
    mediaType: 'image/svg+xml',
    name: cardName(key.native_id),
    bytes: Buffer.byteLength(cardOf(db, snapshot, key.id)),
  };
}

const cardName = (key: string): string => `card-${key.replace(/[^A-Za-z0-9-]+/g, '-')}.svg`;

/** A card, drawn anew: it is always the same. */
function cardPiece(db: ReadableDb, url: URL, piece: number): BlobPiece {
  const key = url.searchParams.get('key') ?? '';
  const snapshot = url.searchParams.get('snapshot') ?? '';
  if (!getKey(db, snapshot, key)) throw notFound(url.pathname);
  const whole = Buffer.from(cardOf(db, snapshot, key), 'utf8');
  return {
    data: whole.subarray(piece * CHUNK_BYTES, (piece + 1) * CHUNK_BYTES),
    mediaType: 'image/svg+xml',
    name: cardName(key),
    bytes: whole.length,
  };
}

/** A piece of what stands in the ledger. @throws Refusal NOT_FOUND */
export function ledgerBlob(db: ReadableDb, { address, piece }: BlobRequest): BlobPiece {
  const url = new URL(address, 'http://blob.invalid');
  if (url.pathname.startsWith('/blob/card/')) return cardPiece(db, url, piece);
  const sha256 = /^\/blob\/body\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
  const bytes = sha256 === undefined ? null : bodyBytes(db, sha256);
  if (sha256 === undefined || bytes === null) throw notFound(address);
  const type = url.searchParams.get('type') ?? '';
  return {
    data: bodyPiece(db, sha256, piece),
    mediaType: SHOWN.has(type) ? type : 'application/octet-stream',
    name: url.searchParams.get('name') ?? sha256,
    bytes,
  };
}

function bodyPiece(db: ReadableDb, sha256: string, piece: number): Uint8Array {
  const row = statement<[Buffer, number], { bytes: number; encoding: string; data: Buffer }>(
    db,
    'SELECT bytes, encoding, data FROM body_chunk WHERE sha256 = ? AND n = ?',
  ).get(Buffer.from(sha256, 'hex'), piece);
  if (!row) return new Uint8Array();
  return row.encoding === 'zstd' ? unpack(row.data, row.bytes) : row.data;
}

/** Something lent: a file, or bytes that are in no file. */
type Lent = { mediaType: string; name: string } & ({ path: string } | { content: Uint8Array });

/** What the engine made and lends to the window under a number that nobody can guess. */
export class FileBlobs {
  readonly #lent = new Map<string, Lent>();

  lend(path: string, mediaType: string): Blob {
    return this.#lend({ path, mediaType, name: basename(path) }, statSync(path).size);
  }

  /** Lends bytes; bytes lent before are not lent any more: only one such thing is shown at a time. */
  lendBytes(content: Uint8Array, mediaType: string, name: string): Blob {
    for (const [ticket, lent] of this.#lent) if ('content' in lent) this.#lent.delete(ticket);
    return this.#lend({ content, mediaType, name }, content.length);
  }

  /** @throws Refusal NOT_FOUND */
  read({ address, piece }: BlobRequest): BlobPiece {
    const lent = this.#lent.get(address.slice('/blob/file/'.length));
    if (!lent) throw notFound(address);
    const { mediaType, name } = lent;
    if ('path' in lent) return { ...filePiece(lent.path, piece), mediaType, name };
    const data = lent.content.slice(piece * CHUNK_BYTES, (piece + 1) * CHUNK_BYTES);
    return { data, mediaType, name, bytes: lent.content.length };
  }

  clear(): void {
    this.#lent.clear();
  }

  #lend(lent: Lent, bytes: number): Blob {
    const ticket = crypto.randomUUID();
    this.#lent.set(ticket, lent);
    return { url: `/blob/file/${ticket}`, mediaType: lent.mediaType, name: lent.name, bytes };
  }
}

function filePiece(path: string, piece: number): Pick<BlobPiece, 'data' | 'bytes'> {
  const { size } = statSync(path);
  const data = Buffer.alloc(Math.max(0, Math.min(CHUNK_BYTES, size - piece * CHUNK_BYTES)));
  const handle = openSync(path, 'r');
  try {
    const read = readSync(handle, data, 0, data.length, piece * CHUNK_BYTES);
    return { data: data.subarray(0, read), bytes: size };
  } finally {
    closeSync(handle);
  }
}

const notFound = (address: string): Refusal =>
  new Refusal(
    'refused',
    'NOT_FOUND',
    `cannot read ${address.slice(0, 120)}: there is no such thing any more.`,
  );

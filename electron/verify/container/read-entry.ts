import { createHash } from 'node:crypto';
import { crc32, createInflateRaw } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { STORED, type ZipEntry } from '../../pack/zip/format.ts';
import { dataOffset } from './read-directory.ts';

/** Read from disk at a time. */
const PIECE_BYTES = 1024 * 1024;
/** A little above what the writer allows; beyond it an entry is a zip bomb, whatever it says of itself. */
const HIGHEST_RATIO = 100;

/** What reading a file of the container showed; complete once its pieces have been read to the end. */
export interface ReadEntry {
  bytes: number;
  sha256: string;
  /** What is wrong with how it is packed, or null. */
  fault: string | null;
}

/** A file of the container being read. */
export interface EntryReading {
  pieces: AsyncGenerator<Buffer>;
  /** Valid after `pieces` has ended. */
  result: ReadEntry;
}

/**
 * Reads one file of the container in pieces, hashing on the way, and never more than it declares: an entry that would
 * inflate further is a fault, not a full disk.
 */
export function openEntry(file: FileHandle, entry: ZipEntry): EntryReading {
  const result: ReadEntry = { bytes: 0, sha256: '', fault: null };
  return { pieces: pieces(file, entry, result), result };
}

async function* pieces(file: FileHandle, entry: ZipEntry, result: ReadEntry): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let crc = 0;
  const raw = rawPieces(file, entry);
  const inflate = entry.method === STORED ? null : createInflateRaw({ chunkSize: 256 * 1024 });
  try {
    if (entry.bytes > entry.compressedBytes * HIGHEST_RATIO + 1024) {
      result.fault = 'it would inflate beyond any ratio a pack has';
      return;
    }
    const source: AsyncIterable<Buffer> = inflate
      ? Readable.from(raw)
          .on('error', (e) => inflate.destroy(e))
          .pipe(inflate)
      : raw;
    for await (const piece of source) {
      result.bytes += piece.length;
      if (result.bytes > entry.bytes) {
        result.fault = 'it inflates to more bytes than it declares';
        return;
      }
      crc = crc32(piece, crc);
      hash.update(piece);
      yield piece;
    }
    // Compressed bytes after the end of the deflate stream would be a place to hide something.
    if (inflate && inflate.bytesWritten !== entry.compressedBytes)
      result.fault = 'bytes follow its compressed data';
    else if (result.bytes !== entry.bytes) result.fault = 'it is shorter than it declares';
    else if (crc !== entry.crc32) result.fault = 'its checksum (CRC-32) differs';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !code.startsWith('Z_')) throw error;
    result.fault = `it cannot be unpacked (${code})`;
  } finally {
    inflate?.destroy();
    result.sha256 = hash.digest('hex');
  }
}

async function* rawPieces(file: FileHandle, entry: ZipEntry): AsyncGenerator<Buffer> {
  const start = dataOffset(entry);
  for (let read = 0; read < entry.compressedBytes;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, entry.compressedBytes - read));
    const { bytesRead } = await file.read(piece, 0, piece.length, start + read);
    if (bytesRead === 0) return;
    read += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** Reads a file of the container to its end; `onPiece` sees its bytes. */
export async function readEntry(
  file: FileHandle,
  entry: ZipEntry,
  onPiece: (piece: Buffer) => void = () => undefined,
): Promise<ReadEntry> {
  const reading = openEntry(file, entry);
  for await (const piece of reading.pieces) onPiece(piece);
  return reading.result;
}

/** Reads a small file of the container whole; null when it is damaged or larger than `most` bytes. */
export async function readSmallEntry(
  file: FileHandle,
  entry: ZipEntry,
  most: number,
): Promise<Buffer | null> {
  if (entry.bytes > most) return null;
  const parts: Buffer[] = [];
  const { fault } = await readEntry(file, entry, (piece) => void parts.push(piece));
  return fault === null ? Buffer.concat(parts) : null;
}

import { createHash } from 'node:crypto';
import { crc32, createInflateRaw } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { STORED, type ZipEntry } from '../../pack/zip/format.ts';
import { dataOffset } from './read-directory.ts';

/** Read from disk at a time. */
const PIECE_BYTES = 1024 * 1024;
/** A little above what the writer allows; beyond it an entry is a zip bomb, whatever it says of itself. */
const HIGHEST_RATIO = 100;

/** What reading a file of the container showed. */
export interface ReadEntry {
  bytes: number;
  sha256: string;
  /** What is wrong with how it is packed, or null. */
  fault: string | null;
}

/**
 * Reads one file of the container in pieces, hashing on the way, and never more than it declares: an entry that would
 * inflate further is a fault, not a full disk.
 */
export async function readEntry(
  file: FileHandle,
  entry: ZipEntry,
  onPiece: (piece: Buffer) => void | Promise<void> = () => undefined,
): Promise<ReadEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  let crc = 0;
  let packed = 0;
  let fault: string | null = null;
  if (entry.bytes > entry.compressedBytes * HIGHEST_RATIO + 1024) {
    return { bytes: 0, sha256: hash.digest('hex'), fault: 'it would inflate beyond any ratio a pack has' };
  }
  async function* stored() {
    const start = dataOffset(entry);
    while (packed < entry.compressedBytes) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, entry.compressedBytes - packed));
      const { bytesRead } = await file.read(piece, 0, piece.length, start + packed);
      if (bytesRead === 0) return;
      packed += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }
  async function take(pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > entry.bytes) {
        fault = 'it inflates to more bytes than it declares';
        return;
      }
      crc = crc32(piece, crc);
      hash.update(piece);
      await onPiece(piece);
    }
  }
  try {
    if (entry.method === STORED) await take(stored());
    else {
      const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
      await pipeline(Readable.from(stored()), inflate, take);
      // Compressed bytes after the end of the deflate stream would be a place to hide something.
      if (fault === null && inflate.bytesWritten !== entry.compressedBytes)
        fault = 'bytes follow its compressed data';
    }
  } catch (error) {
    fault ??= `it cannot be unpacked (${(error as NodeJS.ErrnoException).code ?? 'damaged'})`;
  }
  if (fault === null && bytes !== entry.bytes) fault = 'it is shorter than it declares';
  if (fault === null && crc !== entry.crc32) fault = 'its checksum (CRC-32) differs';
  return { bytes, sha256: hash.digest('hex'), fault };
}

/** Reads a small file of the container whole; null when it is damaged or larger than `most` bytes. */
export async function readSmallEntry(
  file: FileHandle,
  entry: ZipEntry,
  most: number,
): Promise<Buffer | null> {
  if (entry.bytes > most) return null;
  const pieces: Buffer[] = [];
  const { fault } = await readEntry(file, entry, (piece) => void pieces.push(Buffer.from(piece)));
  return fault === null ? Buffer.concat(pieces) : null;
}

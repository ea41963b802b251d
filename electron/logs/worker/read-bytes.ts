import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { LinesFacts } from '../../../db/ledger/entry.ts';
import type { LogFormat } from '../format.ts';
import { freeBuffer } from './free-buffer.ts';
import { newGunzipStream, type GunzipStream } from './gunzip-stream.ts';
import { LogFileReader, type ContentFacts, type LogPart } from './log-file-reader.ts';

/** A small file is inflated in one go, when it says that it inflates to no more than this. */
const AT_ONCE_BYTES = 24 * 1024 * 1024;

/** Facts of a log file, with what import needs to know of its shape. */
export interface ReadFacts extends LinesFacts {
  shape: ContentFacts['shape'];
  kms: number;
  multiLine: boolean;
  compressed: boolean;
}

/**
 * Reads one log file from its bytes as received, compressed or not: hashes them, inflates them, and reads the content.
 * Everything before a defect is kept, and the defect is named in the facts. Rejects only when the source does.
 */
export async function readLogBytes(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  format: LogFormat,
  emit: (part: LogPart) => void,
): Promise<ReadFacts> {
  const hash = createHash('sha256');
  const reader = new LogFileReader(format, emit);
  let bytes = 0;
  let head: Buffer = Buffer.alloc(0);
  let inflate: GunzipStream | null = null;
  let compressed: boolean | null = null;
  for await (const piece of source) {
    const chunk = asBuffer(piece);
    hash.update(chunk);
    bytes += chunk.length;
    if (compressed === null) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      compressed = isGzip(head);
      if (compressed) inflate = newGunzipStream((content) => reader.write(content));
      await (inflate ? inflate.write(head) : reader.write(head));
    } else if (inflate) await inflate.write(chunk);
    else reader.write(chunk);
  }
  if (compressed === null && head.length > 0) reader.write(head);
  const inflated = inflate ? await inflate.end() : null;
  return facts(reader, bytes, hash.digest('hex'), compressed === true, inflated);
}

/** The same for a whole file in memory: faster when it is small. */
export async function readLogBuffer(
  file: Buffer,
  format: LogFormat,
  emit: (part: LogPart) => void,
): Promise<ReadFacts> {
  // The last four bytes say what a member inflates to (RFC 1952 §2.3.1); a lie is found out below.
  const size = isGzip(file) && file.length > 18 ? file.readUInt32LE(file.length - 4) : Infinity;
  if (size <= AT_ONCE_BYTES) {
    const content = gunzipWhole(file, size);
    if (content) {
      const reader = new LogFileReader(format, emit);
      reader.write(content);
      freeBuffer(content);
      const sha256 = createHash('sha256').update(file).digest('hex');
      return facts(reader, file.length, sha256, true, null);
    }
  }
  return readLogBytes([file], format, emit);
}

/** Null when the file is anything but one whole gzip member: then it is streamed, which says what is wrong. */
function gunzipWhole(file: Buffer, size: number): Buffer | null {
  try {
    // One piece of the right size: nothing to put together, half the memory.
    const { buffer, engine } = gunzipSync(file, {
      info: true,
      chunkSize: Math.max(size + 1, 64),
      maxOutputLength: AT_ONCE_BYTES,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === file.length ? buffer : null;
  } catch {
    return null;
  }
}

function facts(
  reader: LogFileReader,
  bytes: number,
  sha256: string,
  compressed: boolean,
  inflated: string | null,
): ReadFacts {
  const { defect, ...content } = reader.end();
  // What is wrong with the compression explains what is wrong with the JSON.
  const both = inflated && defect ? `${inflated}; ${defect}` : (inflated ?? defect);
  return { bytes, sha256, ...content, defect: both, compressed };
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

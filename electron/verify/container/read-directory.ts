import type { FileHandle } from 'node:fs/promises';
import {
  centralHeader,
  DEFLATED,
  directory,
  LIMIT_16,
  LIMIT_32,
  localHeader,
  SIGNATURES,
  STORED,
  type ZipEntry,
} from '../../pack/zip/format.ts';
import { isSafeName, MOST_FILES } from '../../pack/zip/writer.ts';

/** A deviation of the container from the strict profile: where (bytes) and what. */
export interface ContainerFault {
  /** Entry it concerns, or null for the container as a whole. */
  name: string | null;
  offset: number;
  what: string;
}

export interface Container {
  entries: ZipEntry[];
  faults: ContainerFault[];
  bytes: number;
  /** Offset of the central directory. */
  directoryAt: number;
}

/** Not readable as a zip at all. */
export class NotAContainer extends Error {}

/** A directory larger than this belongs to no pack of at most 900 files. */
const MOST_DIRECTORY_BYTES = 1024 * 1024;

/**
 * Reads the directory of a container and compares every header byte with what the strict profile (format.ts) would have
 * written. So each byte outside file contents is accounted for: what is not exactly as written is named.
 *
 * @throws NotAContainer when there is no readable central directory.
 */
export async function readDirectory(file: FileHandle): Promise<Container> {
  const { size } = await file.stat();
  const end = await findEnd(file, size);
  const headers = await readAt(file, end.start, end.bytes);
  const faults: ContainerFault[] = [...end.faults];
  const entries = parseCentral(headers, end.count, faults, end.start);

  const expected = directory(entries, end.start);
  // By length first: what a hostile end record claims to be the directory may be most of the file.
  const asWritten =
    size - end.start === expected.length && (await readAt(file, end.start, expected.length)).equals(expected);
  if (faults.length === 0 && !asWritten) {
    faults.push({ name: null, offset: end.start, what: 'the directory of the zip is not as it was written' });
  }
  await checkLocalHeaders(file, entries, end.start, faults);
  checkNames(entries, faults);
  return { entries, faults, bytes: size, directoryAt: end.start };
}

interface End {
  start: number;
  bytes: number;
  count: number;
  faults: ContainerFault[];
}

async function findEnd(file: FileHandle, size: number): Promise<End> {
  if (size < 22) throw new NotAContainer('it is too short to be a zip');
  const tailAt = Math.max(0, size - 22 - LIMIT_16);
  const tail = await readAt(file, tailAt, size - tailAt);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0 || tail.length - at < 22) throw new NotAContainer('it has no zip directory at its end');
  const offset = tailAt + at;
  const faults: ContainerFault[] = [];
  if (at + 22 !== tail.length)
    faults.push({ name: null, offset: offset + 22, what: 'bytes follow the end of the zip' });
  let count = tail.readUInt16LE(at + 10);
  let bytes = tail.readUInt32LE(at + 12);
  let start = tail.readUInt32LE(at + 16);
  if (count === LIMIT_16 || bytes === LIMIT_32 || start === LIMIT_32) {
    const end64 = offset >= 76 ? await readAt(file, offset - 76, 56) : Buffer.alloc(56);
    if (end64.readUInt32LE(0) !== SIGNATURES.end64)
      throw new NotAContainer('its zip64 directory cannot be found');
    count = Number(end64.readBigUInt64LE(32));
    bytes = Number(end64.readBigUInt64LE(40));
    start = Number(end64.readBigUInt64LE(48));
  }
  if (bytes > MOST_DIRECTORY_BYTES || start + bytes > size)
    throw new NotAContainer('its zip directory is out of bounds');
  return { start, bytes, count, faults };
}

function parseCentral(headers: Buffer, count: number, faults: ContainerFault[], base: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 46 <= headers.length && headers.readUInt32LE(at) === SIGNATURES.central) {
    const nameBytes = headers.readUInt16LE(at + 28);
    const extraBytes = headers.readUInt16LE(at + 30);
    const commentBytes = headers.readUInt16LE(at + 32);
    const next = at + 46 + nameBytes + extraBytes + commentBytes;
    if (next > headers.length) break;
    const method = headers.readUInt16LE(at + 10);
    const name = headers.toString('utf8', at + 46, at + 46 + nameBytes);
    const wide = readZip64(headers.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes));
    const take = (value: number) => (value === LIMIT_32 ? (wide.shift() ?? value) : value);
    const rawBytes = headers.readUInt32LE(at + 24);
    const bytes = take(rawBytes);
    const compressedBytes = take(headers.readUInt32LE(at + 20));
    const offset = take(headers.readUInt32LE(at + 42));
    const entry: ZipEntry = {
      name,
      method: method === STORED ? STORED : DEFLATED,
      time: headers.readUInt32LE(at + 12),
      crc32: headers.readUInt32LE(at + 16),
      compressedBytes,
      bytes,
      offset,
      large: rawBytes === LIMIT_32,
    };
    if (!centralHeader(entry).equals(headers.subarray(at, next))) {
      faults.push({ name, offset: base + at, what: 'its directory entry is not as it was written' });
    }
    entries.push(entry);
    at = next;
  }
  if (at !== headers.length || entries.length !== count) {
    faults.push({
      name: null,
      offset: base + at,
      what: 'the directory of the zip lists another number of files than it says',
    });
  }
  return entries;
}

function readZip64(extra: Buffer): number[] {
  if (extra.length < 4 || extra.readUInt16LE(0) !== 1) return [];
  const length = Math.min(extra.readUInt16LE(2), extra.length - 4);
  return Array.from({ length: Math.floor(length / 8) }, (_, i) => Number(extra.readBigUInt64LE(4 + i * 8)));
}

/** Local headers must repeat the directory exactly, and nothing may stand before, between or after the files. */
async function checkLocalHeaders(
  file: FileHandle,
  entries: readonly ZipEntry[],
  directoryAt: number,
  faults: ContainerFault[],
): Promise<void> {
  let expected = 0;
  for (const entry of entries) {
    const { name } = entry;
    if (entry.offset !== expected) {
      faults.push({ name, offset: expected, what: `bytes ${expected} to ${entry.offset} belong to no file` });
    }
    const header = localHeader(entry);
    const found =
      entry.offset + header.length <= directoryAt ? await readAt(file, entry.offset, header.length) : null;
    if (!found?.equals(header))
      faults.push({ name, offset: entry.offset, what: 'its header is not as it was written' });
    expected = entry.offset + header.length + entry.compressedBytes;
  }
  if (expected !== directoryAt) {
    faults.push({
      name: null,
      offset: expected,
      what: `bytes ${expected} to ${directoryAt} belong to no file`,
    });
  }
}

function checkNames(entries: readonly ZipEntry[], faults: ContainerFault[]): void {
  const seen = new Set<string>();
  const [first] = entries;
  for (const { name, offset, time } of entries) {
    if (!isSafeName(name)) faults.push({ name, offset, what: 'its name is not a safe relative path' });
    if (seen.has(name.toLowerCase())) faults.push({ name, offset, what: 'it is in the zip twice' });
    if (time !== first!.time) faults.push({ name, offset, what: 'its date differs from the pack’s' });
    seen.add(name.toLowerCase());
  }
  if (entries.length > MOST_FILES) {
    faults.push({ name: null, offset: 0, what: `it holds ${entries.length} files, more than ${MOST_FILES}` });
  }
}

/** Offset of an entry's data. */
export function dataOffset(entry: ZipEntry): number {
  return entry.offset + localHeader(entry).length;
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead !== length) throw new NotAContainer('it ends early');
  return buffer;
}

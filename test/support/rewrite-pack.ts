import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { directory, localHeader, type ZipEntry } from '../../electron/pack/zip/format.ts';
import { readDirectory } from '../../electron/verify/container/read-directory.ts';
import { readSmallEntry } from '../../electron/verify/container/read-entry.ts';

/** A file of a pack, out of its container. */
export interface RawEntry {
  name: string;
  bytes: Uint8Array;
  stored: boolean;
}

export async function readPack(path: string): Promise<RawEntry[]> {
  const file = await open(path, 'r');
  try {
    const { entries } = await readDirectory(file);
    const read: RawEntry[] = [];
    for (const entry of entries) {
      const bytes = (await readSmallEntry(file, entry, 64 * 1024 * 1024))!;
      read.push({ name: entry.name, bytes, stored: entry.method === 0 });
    }
    return read;
  } finally {
    await file.close();
  }
}

/**
 * Writes a container of our profile from any entries, also those that the real writer refuses: what a forger with our
 * source would do. `gap` hides bytes somewhere.
 */
export function writePack(
  path: string,
  entries: readonly RawEntry[],
  gap?: 'before' | 'between' | 'behind',
): void {
  const hidden = Buffer.from('hidden');
  const parts: Buffer[] = gap === 'before' ? [hidden] : [];
  let offset = parts[0]?.length ?? 0;
  const listed: ZipEntry[] = [];
  for (const [index, { name, bytes, stored }] of entries.entries()) {
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes, { level: 1 });
    const entry: ZipEntry = {
      name,
      method: stored ? 0 : 8,
      time: 0x5d210000,
      crc32: crc32(bytes),
      compressedBytes: packed.length,
      bytes: bytes.length,
      offset,
      large: false,
    };
    listed.push(entry);
    const header = localHeader(entry);
    parts.push(header, packed);
    offset += header.length + packed.length;
    if (gap === 'between' && index === 2) {
      parts.push(hidden);
      offset += hidden.length;
    }
  }
  parts.push(directory(listed, offset));
  if (gap === 'behind') parts.push(hidden);
  writeFileSync(path, Buffer.concat(parts));
}

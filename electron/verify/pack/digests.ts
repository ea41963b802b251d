import type { FileHandle } from 'node:fs/promises';
import type { ZipEntry } from '../../pack/zip/format.ts';
import { readEntry, type ReadEntry } from '../container/read-entry.ts';

/** Files read side by side: inflating runs on zlib's own threads, so two cores are used. */
const SIDE_BY_SIDE = 3;

/**
 * Reads every file of the container once, whole; by name. Of a name that is there twice neither copy counts: programs
 * differ in which of them they unpack.
 */
export async function digestFiles(
  file: FileHandle,
  entries: readonly ZipEntry[],
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Map<string, ReadEntry>> {
  const found = new Map<string, ReadEntry>();
  // The largest first, so that the last ones to finish are small.
  const queue = [...entries].sort((a, b) => b.compressedBytes - a.compressedBytes);
  async function work(): Promise<void> {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const read = await readEntry(file, entry, (piece) => onBytes(piece.length));
      const double = found.has(entry.name);
      found.set(entry.name, double ? { ...read, sha256: '', fault: 'it is in the zip twice' } : read);
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return found;
}

import type { FileHandle } from 'node:fs/promises';
import type { ZipEntry } from '../../pack/zip/format.ts';
import { openEntry, type ReadEntry } from '../container/read-entry.ts';
import type { OpenFile } from './evidence.ts';

/** Files that the checks of the ledger read from beginning to end. */
const LEDGER_FILE = /^data\/(ledger\/|3-usage-logs\/.*\.jsonl$)/;

/** Names of files that the checks of the ledger read, each once in the container. */
export function ledgerFileNames(entries: readonly ZipEntry[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Set([...counts].flatMap(([name, n]) => (n === 1 && LEDGER_FILE.test(name) ? [name] : [])));
}

/**
 * Opens files of the container and remembers, of those that were read to their end, what reading showed: inflating and
 * hashing a pack is most of the work of verifying it, and need not be done twice.
 */
export function readThrough(
  file: FileHandle,
  entries: readonly ZipEntry[],
): { open: OpenFile; read: Map<string, ReadEntry> } {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const once = ledgerFileNames(entries);
  const read = new Map<string, ReadEntry>();
  async function* pieces(entry: ZipEntry): AsyncGenerator<Buffer> {
    const reading = openEntry(file, entry);
    yield* reading.pieces;
    if (once.has(entry.name)) read.set(entry.name, reading.result);
  }
  return {
    open: (name) => {
      const entry = byName.get(name);
      return entry ? pieces(entry) : null;
    },
    read,
  };
}

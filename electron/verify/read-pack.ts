import type { FileHandle } from 'node:fs/promises';
import type { ReadEntry } from './container/read-entry.ts';
import { digestFiles } from './pack/digests.ts';
import { ledgerFileNames } from './pack/read-through.ts';
import { readLedger, readLedgerApart, type LedgerOrder, type LedgerReading } from './read-ledger.ts';

/** Above this a thread of its own for the ledger pays. Unpacked bytes. */
const LARGE_BYTES = 64 * 1024 * 1024;

/**
 * Reads every file of a pack once: the ledger's files while they are checked, on a thread of their own when the pack is
 * large, and all others beside them. By name, in the order of the container.
 */
export async function readPack(file: FileHandle, path: string, order: LedgerOrder): Promise<LedgerReading> {
  const { entries } = order;
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const ofLedger = ledgerFileNames(entries);
  const [ledger, others] = await Promise.all([
    total > LARGE_BYTES ? readLedgerApart(path, order) : readLedger(file, order),
    digestFiles(
      file,
      entries.filter((entry) => !ofLedger.has(entry.name)),
    ),
  ]);
  // What a check left unread, because it found a fault before its end or has no use for the file.
  const left = entries.filter((entry) => ofLedger.has(entry.name) && !ledger.read.has(entry.name));
  const found = new Map([...ledger.read, ...others, ...(await digestFiles(file, left))]);
  const read = new Map<string, ReadEntry>();
  for (const { name } of entries) read.set(name, found.get(name)!);
  return { checks: ledger.checks, read };
}

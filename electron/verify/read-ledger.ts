import type { FileHandle } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ZipEntry } from '../pack/zip/format.ts';
import type { VerifyOptions } from '../seal/cades.ts';
import type { ReadEntry } from './container/read-entry.ts';
import { checkLedger } from './pack/ledger-checks.ts';
import { readThrough } from './pack/read-through.ts';
import type { Check } from './verification.ts';

/** What the checks of the ledger are made from; plain data, so that it passes to a worker thread. */
export interface LedgerOrder {
  entries: readonly ZipEntry[];
  texts: ReadonlyMap<string, string>;
  options: VerifyOptions;
}

export interface LedgerReading {
  checks: Check[];
  /** Of the files that were read to their end on the way. */
  read: Map<string, ReadEntry>;
}

/** Checks the ledger of a pack on this thread. */
export async function readLedger(file: FileHandle, order: LedgerOrder): Promise<LedgerReading> {
  const { open, read } = readThrough(file, order.entries);
  const names = new Set(order.entries.map((entry) => entry.name));
  const checks = await checkLedger(open, names, order.texts, order.options);
  return { checks, read };
}

/** The same on a thread of its own, for packs that are large. */
export function readLedgerApart(path: string, order: LedgerOrder): Promise<LedgerReading> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./ledger-worker.ts', import.meta.url), {
      workerData: { ...order, path },
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('cannot verify the pack: a worker thread has ended.')));
  });
}

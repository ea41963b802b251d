import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readLedger, type LedgerOrder } from './read-ledger.ts';

/* A worker thread that checks the ledger of one pack. */

const { path, ...order } = workerData as LedgerOrder & { path: string };
const file = await open(path, 'r');
try {
  parentPort!.postMessage(await readLedger(file, order));
} finally {
  await file.close();
}

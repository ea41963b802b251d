import type { WritableDb } from '../../db/handle.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { openEngagementFile } from '../../db/open.ts';
import { rebuildEvents } from '../logs/derive-events.ts';
import { analyse } from './analyse.ts';

/** An engagement while it is worked on. */
export interface Work {
  db: WritableDb;
  writer: LedgerWriter;
}

/** An engagement open for work; close it. */
export interface OpenWork extends Work {
  close: () => void;
}

/**
 * Opens an engagement for writing. Calls that a killed process left in flight are recorded as interrupted first, so
 * nothing the client's own log may hold is missing from ours. A file of an older version gets its derived rows anew:
 * its tables changed, the ledger did not.
 *
 * @throws EngagementError, see openEngagementFile.
 */
export async function openWork(file: string): Promise<OpenWork> {
  const { db, migratedFrom, close } = openEngagementFile(file);
  try {
    const writer = new LedgerWriter(db);
    await writer.recoverInterrupted();
    if (migratedFrom !== null) {
      rebuildEvents(db);
      analyse(db);
    }
    return { db, writer, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Opens an engagement for writing, does the work and closes it, also when the work fails.
 */
export async function withEngagement<T>(file: string, work: (work: Work) => Promise<T>): Promise<T> {
  const open = await openWork(file);
  try {
    return await work(open);
  } finally {
    open.close();
  }
}

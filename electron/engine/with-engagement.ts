import type { WritableDb } from '../../db/handle.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { openEngagementFile } from '../../db/open.ts';

/** An engagement while it is worked on. */
export interface Work {
  db: WritableDb;
  writer: LedgerWriter;
}

/**
 * Opens an engagement for writing, does the work and closes it, also when the work fails. Calls that a killed process
 * left in flight are recorded as interrupted first, so nothing the client's own log may hold is missing from ours.
 */
export async function withEngagement<T>(file: string, work: (work: Work) => Promise<T>): Promise<T> {
  const open = openEngagementFile(file);
  try {
    const writer = new LedgerWriter(open.db);
    await writer.recoverInterrupted();
    return await work({ db: open.db, writer });
  } finally {
    open.close();
  }
}

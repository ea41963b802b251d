import type { WritableDb } from '../handle.ts';

/**
 * Gaps of one member of a view that the evidence of another member fills. Derived: `run` is the member that has the gap,
 * `closed_by` the members that fill it (JSON array), `cites` the ledger entries that do (JSON array).
 */
export default function closedGaps(db: WritableDb): void {
  db.exec(`
    CREATE TABLE closed_gap (
      snapshot TEXT NOT NULL,
      n INTEGER NOT NULL,
      run TEXT NOT NULL,
      source TEXT NOT NULL,
      scope TEXT NOT NULL,
      op TEXT NOT NULL,
      subject TEXT NOT NULL,
      reason TEXT NOT NULL,
      code TEXT,
      message TEXT,
      seq INTEGER,
      closed_by TEXT NOT NULL,
      how TEXT NOT NULL,
      cites TEXT NOT NULL,
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, n)
    ) STRICT, WITHOUT ROWID;
  `);
}

import { EVENT_RULES } from '../../db/derived/events.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { DigestInput, DigestRow } from './cloudtrail/digest/types.ts';
import { validateDigests } from './cloudtrail/digest/validate.ts';

/** Validates the digests of one snapshot and writes a row per digest and log file; returns the rows. */
export function deriveDigests(db: WritableDb, snapshot: string, input: DigestInput): DigestRow[] {
  db.prepare('DELETE FROM digest_result WHERE snapshot = ?').run(snapshot);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO digest_result
       (snapshot, bucket, object, kind, result, reason, account, region, trail, first, last, seq, rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_RULES})`,
  );
  const rows = validateDigests(input);
  for (const r of rows) {
    const { bucket, object, kind, result, reason, account, region, trail, first, last, seq } = r;
    insert.run(snapshot, bucket, object, kind, result, reason, account, region, trail, first, last, seq);
  }
  return rows;
}

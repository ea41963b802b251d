import { EVENT_RULES } from '../../db/derived/events.ts';
import type { ReadableDb, WritableDb } from '../../db/handle.ts';
import { digestInput } from './cloudtrail/digest/from-ledger.ts';
import { validateDigests, type DigestRow } from './cloudtrail/digest/validate.ts';

/** Validates the digests of one snapshot and writes a row per digest and log file. `from`: start of the period, ms UTC. */
export function deriveDigests(db: WritableDb, snapshot: string, from: number): DigestRow[] {
  db.prepare('DELETE FROM digest_result WHERE snapshot = ?').run(snapshot);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO digest_result
       (snapshot, bucket, object, kind, result, reason, account, region, trail, first, last, seq, rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_RULES})`,
  );
  const rows = validateDigests(digestInput(db, snapshot, from));
  for (const r of rows) {
    const { bucket, object, kind, result, reason, account, region, trail, first, last, seq } = r;
    insert.run(snapshot, bucket, object, kind, result, reason, account, region, trail, first, last, seq);
  }
  return rows;
}

/** The digest results of a snapshot as the pack's `digests.json` lists them, with totals. */
export function digestReport(db: ReadableDb, snapshot: string) {
  const rows = db
    .prepare<[string], DigestRow>(
      `SELECT kind, bucket, object, result, reason, account, region, trail, first, last, seq FROM digest_result
        WHERE snapshot = ? ORDER BY bucket, account, region, kind, object`,
    )
    .all(snapshot);
  const totals: Record<DigestRow['kind'], Record<string, number>> = { digest: {}, log: {} };
  for (const { kind, result } of rows) totals[kind][result] = (totals[kind][result] ?? 0) + 1;
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    format: 'urn:keywitness:digests:1',
    method:
      'Signature (RSASSA-PKCS1-v1_5 with SHA-256, CloudTrail’s public keys), place, link to the digest before, and SHA-256 of every log file named.',
    totals,
    files: rows.map(({ first, last, ...row }) => ({ ...row, from: time(first), to: time(last) })),
  };
}

import type { ReadableDb } from '../../db/handle.ts';

/** Entries named for a stretch of coverage, half from each of its ends: every file of a year is in the usage extract. */
const MOST_CITES = 4;

/** Reads the coverage statement of a snapshot; gives the ledger entries that cover a time of a place. */
export function coverageCites(
  db: ReadableDb,
  snapshot: string,
): (account: string, region: string, from: string, to: string) => number[] {
  const spans = db.prepare<[string, string, string, number, number], string>(
    `SELECT cites FROM coverage WHERE snapshot = ? AND account = ? AND region = ? AND state <> 'gap'
        AND start < ? AND "end" > ? ORDER BY start, "end"`,
  );
  spans.pluck();
  let last: { key: string; seqs: number[] } = { key: '', seqs: [] };
  return (account, region, from, to) => {
    const key = [account, region, from, to].join('\n');
    if (last.key !== key) {
      const found = spans
        .all(snapshot, account, region, Date.parse(to), Date.parse(from))
        .flatMap((cites) => JSON.parse(cites) as number[]);
      const seqs = [...new Set(found)].sort((a, b) => a - b);
      const few = [...seqs.slice(0, MOST_CITES / 2), ...seqs.slice(-MOST_CITES / 2)];
      last = { key, seqs: seqs.length <= MOST_CITES ? seqs : few };
    }
    return last.seqs;
  };
}

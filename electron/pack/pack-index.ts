import type { ReadableDb } from '../../db/handle.ts';
import { currentEngagement, snapshots } from '../engagement/current.ts';
import { VERSION } from '../engine/version.ts';
import type { Exhibit } from './files/pack-file.ts';
import { statistics } from './report/statistics.ts';

/** What data/pack.json adds to what the database knows. */
export interface IndexFacts {
  packId: string;
  builtAt: string;
  snapshot: string;
  /** Ledger entries 1..upTo are in the pack. */
  upTo: number;
  head: string;
  merkleRoot: string;
  exhibits: readonly Exhibit[];
  coverage: readonly unknown[];
  redactions: readonly unknown[];
}

/** data/pack.json: the index. Its format is versioned by URI; verification recomputes `counts` from the ledger. */
export function packIndex(db: ReadableDb, facts: IndexFacts): string {
  const engagement = currentEngagement(db);
  const snapshot = snapshots(db).find((s) => s.id === facts.snapshot);
  const document = {
    format: 'urn:keywitness:pack:1',
    packId: facts.packId,
    builtAt: facts.builtAt,
    tool: { name: 'Keywitness', version: VERSION },
    sample: engagement.sample,
    engagement: {
      client: engagement.client,
      criteria: engagement.criteria,
      mode: engagement.mode,
      type: engagement.type,
      period: engagement.period,
    },
    snapshot,
    members: (snapshot?.members ?? []).map((id) => memberFacts(db, id)),
    identities: rows(
      db,
      'SELECT source, arn, account, user_id, seq FROM identity WHERE snapshot = ? ORDER BY source, arn',
      facts.snapshot,
    ),
    hosts: rows(
      db,
      `SELECT source, host, tls_peer, calls, offset_min, offset_median, offset_max FROM host
        WHERE snapshot = ? ORDER BY source, host, tls_peer`,
      facts.snapshot,
    ),
    ledger: { entries: facts.upTo, head: facts.head, merkleRoot: facts.merkleRoot },
    counts: {
      entries: kindCounts(db, facts.upTo),
      calls: callCounts(db, facts.upTo),
      answers: rows(
        db,
        `SELECT k.source, k.account, k.region, a.op, a.status, count(*) AS keys FROM key_answer a
           JOIN key k ON k.snapshot = a.snapshot AND k.id = a.key AND k.belongs = 'inventory'
          WHERE a.snapshot = ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
        facts.snapshot,
      ),
      listings: rows(
        db,
        'SELECT source, account, region, label, pages, items, complete, status, code FROM listing WHERE snapshot = ? ORDER BY 1, 2, 3, 4',
        facts.snapshot,
      ),
      ...statistics(db, facts.snapshot),
    },
    coverage: facts.coverage,
    gaps: rows(
      db,
      'SELECT n, source, scope, op, subject, reason, code, message, effect, remedy, seq FROM gap WHERE snapshot = ? ORDER BY n',
      facts.snapshot,
    ),
    closedGaps: closedGaps(db, facts.snapshot),
    redactions: facts.redactions,
    exhibits: facts.exhibits,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function rows(db: ReadableDb, sql: string, snapshot: string): unknown[] {
  return db.prepare<[string], unknown>(sql).all(snapshot);
}

/** One run of the pack's snapshot, with the number of its entries: verification counts them in the ledger. */
function memberFacts(db: ReadableDb, id: string) {
  const run = snapshots(db).find((snapshot) => snapshot.id === id);
  const count = (kind: string) =>
    db
      .prepare<[string, string], number>('SELECT count(*) FROM entry WHERE snapshot = ? AND kind = ?')
      .pluck()
      .get(id, kind) ?? 0;
  return {
    id,
    sources: run?.sources ?? [],
    startedAt: run?.startedAt ?? null,
    state: run?.close?.state ?? 'open',
    exchanges: count('exchange'),
    imports: count('import'),
  };
}

/** Gaps of one member that another fills, each with what closes it. */
function closedGaps(db: ReadableDb, snapshot: string): unknown[] {
  const found = rows(
    db,
    `SELECT run, source, scope, op, subject, reason, code, message, seq, closed_by AS closedBy, how, cites
       FROM closed_gap WHERE snapshot = ? ORDER BY n`,
    snapshot,
  ) as { closedBy: string; cites: string }[];
  return found.map((gap) => ({
    ...gap,
    closedBy: JSON.parse(gap.closedBy) as string[],
    cites: JSON.parse(gap.cites) as number[],
  }));
}

function kindCounts(db: ReadableDb, upTo: number): Record<string, number> {
  const counts = db
    .prepare<[number], { kind: string; n: number }>(
      'SELECT kind, count(*) AS n FROM entry WHERE seq <= ? GROUP BY kind ORDER BY kind',
    )
    .all(upTo);
  return Object.fromEntries(counts.map(({ kind, n }) => [kind, n]));
}

function callCounts(db: ReadableDb, upTo: number): Record<string, Record<string, number>> {
  const counts = db
    .prepare<[number], { op: string; result: string; n: number }>(
      `SELECT op, CASE line ->> '$.facts.outcome' WHEN 'ok' THEN 'ok'
                  ELSE coalesce(line ->> '$.facts.errorCode', line ->> '$.facts.outcome') END AS result, count(*) AS n
         FROM entry WHERE kind = 'exchange' AND seq <= ? GROUP BY op, result ORDER BY op, result`,
    )
    .all(upTo);
  const calls: Record<string, Record<string, number>> = {};
  for (const { op, result, n } of counts) (calls[op] ??= {})[result] = n;
  return calls;
}

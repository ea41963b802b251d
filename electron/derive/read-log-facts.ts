import type { ReadableDb } from '../../db/handle.ts';
import { membersJson } from '../engagement/view.ts';
import { coverageCites } from './coverage-cites.ts';
import { coverageHoles } from './coverage-holes.ts';
import { DERIVATIONS, placeOfKey } from './derivations.ts';
import { NO_LOGS, type DigestResult, type LogFacts, type LoggedKey } from './log-facts.ts';
import { readChanges } from './read-changes.ts';

/** The logs of a snapshot, from the tables that electron/logs fills. */
export function readLogFacts(db: ReadableDb, snapshot: string): LogFacts {
  const sources = db
    .prepare<[string], number>(
      'SELECT count(*) FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?))',
    )
    .pluck()
    .get(membersJson(db, snapshot));
  if (!sources)
    return { ...NO_LOGS, holes: coverageHoles(db, snapshot), digests: () => digests(db, snapshot) };
  return {
    available: true,
    changes: () => readChanges(db, snapshot),
    loggedKeys: () => loggedKeys(db, snapshot),
    holes: coverageHoles(db, snapshot),
    covering: coverageCites(db, snapshot),
    digests: () => digests(db, snapshot),
  };
}

/**
 * Keys that logs name in an event that was not refused, and that the collection did not find. A refused request may
 * name anything, so it proves no key.
 */
function loggedKeys(db: ReadableDb, snapshot: string): LoggedKey[] {
  const accounts = new Set(
    db
      .prepare<[string, string], string>(
        'SELECT account FROM listing WHERE snapshot = ? UNION SELECT account FROM key WHERE snapshot = ? AND listed_start',
      )
      .pluck()
      .all(snapshot, snapshot),
  );
  const rows = db
    .prepare<
      [string, string, string, string],
      {
        arn: string;
        source: string;
        seq: number;
        account: string;
        created: number | null;
        deleted: number | null;
      }
    >(
      `SELECT k.key AS arn, s.source, min(r.seq) AS seq, min(p.account) AS account,
              min(CASE WHEN o.name IN (SELECT value FROM json_each(?)) THEN r.time END) AS created,
              max(CASE WHEN o.name IN (SELECT value FROM json_each(?)) THEN r.time END) AS deleted
         FROM usage_event_row r
         JOIN usage_source s ON s.seq = r.seq
         JOIN usage_key k ON k.id = r.key
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_place p ON p.id = r.place
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND r.error IS NULL
          AND NOT EXISTS (SELECT 1 FROM key known WHERE known.snapshot = ? AND known.id = k.key)
        GROUP BY k.key ORDER BY k.key`,
    )
    .all(eventNames('created'), eventNames('deleted'), membersJson(db, snapshot), snapshot);
  return rows.flatMap(({ arn, source, seq, account, created, deleted }) => {
    const named = placeOfKey(arn);
    if (!named) return [];
    // An id without an account: the place that logged the event is the key's own.
    const place = { ...named, account: named.account || account };
    return [
      {
        ...{ arn, source, seq, ...place },
        belongs: accounts.has(place.account) ? ('inventory' as const) : ('elsewhere' as const),
        created: created === null ? null : new Date(created).toISOString(),
        deleted: deleted === null ? null : new Date(deleted).toISOString(),
      },
    ];
  });
}

/** Names of events by which any provider's logs tell of a key's beginning or end, as a JSON array. */
function eventNames(what: 'created' | 'deleted'): string {
  return JSON.stringify(DERIVATIONS.flatMap((derivation) => derivation.keyEvents[what]));
}

/** Digest validation by trail, account and Region: what is wrong anywhere decides. */
function digests(db: ReadableDb, snapshot: string): DigestResult[] {
  const rows = db
    .prepare<
      [string],
      {
        account: string;
        region: string;
        trail: string;
        result: string;
        files: number;
        reason: string | null;
        first: number | null;
        last: number | null;
      }
    >(
      `SELECT account, region, trail, result, count(*) AS files, min(reason) AS reason,
              min(seq) AS first, max(seq) AS last
         FROM digest_result WHERE snapshot = ? GROUP BY account, region, trail, result
        ORDER BY account, region, trail, result`,
    )
    .all(snapshot);
  const places = Map.groupBy(rows, (row) => [row.account, row.region, row.trail].join('\n'));
  return [...places.values()].map((group): DigestResult => {
    const { account, region, trail } = group[0]!;
    const of = (...results: string[]) => group.find((row) => results.includes(row.result));
    const worst = of('invalid') ?? of('missing', 'undigested') ?? of('not verifiable') ?? group[0]!;
    const result = RESULTS[worst.result] ?? 'not-validated';
    return {
      ...{ account, region, trail, result },
      reason: `${worst.files} ${worst.files === 1 ? 'file' : 'files'} ${worst.result}${worst.reason ? `: ${worst.reason}` : ''}`,
      seqs: group.flatMap((row) => [row.first, row.last]).filter((seq) => seq !== null),
    };
  });
}

const RESULTS: Record<string, DigestResult['result']> = {
  valid: 'valid',
  invalid: 'invalid',
  missing: 'gap',
  undigested: 'gap',
  'not verifiable': 'not-validated',
};

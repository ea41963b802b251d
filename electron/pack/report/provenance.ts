import type { ReadableDb } from '../../../db/handle.ts';
import { membersJson } from '../../engagement/view.ts';
import { providers } from '../../providers/index.ts';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import type { ProvenanceCard } from '../pdf/report-model.ts';

interface DataSet {
  title: string;
  /** First part of the ids of its operations. */
  provider: string;
  /** Operations whose responses make the data set. */
  ops: readonly string[];
  parameters: string;
  /** How many items came of it, and how many an independent call says there are. */
  items: (db: ReadableDb, snapshot: string) => number;
  expected: (db: ReadableDb, snapshot: string) => { count: number | null; how: string };
}

const count = (db: ReadableDb, sql: string, snapshot: string): number =>
  db.prepare<[string], number>(sql).pluck().get(snapshot) ?? 0;

const INVENTORY = "SELECT count(*) FROM key WHERE snapshot = ? AND belongs = 'inventory'";
const LISTED_AGAIN = 'SELECT count(*) FROM key WHERE snapshot = ? AND listed_end = 1';

const DATA_SETS: readonly DataSet[] = [
  {
    title: 'Key inventory and configuration',
    provider: 'aws',
    ops: ['aws.kms.ListKeys', 'aws.kms.DescribeKey', 'aws.kms.ListAliases', 'aws.kms.ListResourceTags'],
    parameters: 'every account and region in scope; no filter',
    items: (db, snapshot) => count(db, INVENTORY, snapshot),
    expected: (db, snapshot) => ({
      count: count(db, LISTED_AGAIN, snapshot),
      how: 'second list of keys at the end',
    }),
  },
  {
    title: 'Rotation status and history',
    provider: 'aws',
    ops: ['aws.kms.GetKeyRotationStatus', 'aws.kms.ListKeyRotations'],
    parameters: 'every key that supports automatic rotation; all key material',
    items: (db, snapshot) => count(db, 'SELECT count(*) FROM key_rotation WHERE snapshot = ?', snapshot),
    expected: () => ({ count: null, how: 'no independent count exists' }),
  },
  {
    title: 'Key policies and grants',
    provider: 'aws',
    ops: ['aws.kms.GetKeyPolicy', 'aws.kms.ListGrants'],
    parameters: 'every key; policy "default"; all grants',
    items: (db, snapshot) =>
      count(db, 'SELECT count(*) FROM key_policy WHERE snapshot = ?', snapshot) +
      count(db, 'SELECT count(*) FROM key_grant WHERE snapshot = ?', snapshot),
    expected: () => ({ count: null, how: 'no independent count exists' }),
  },
  {
    title: 'Users, roles, groups and policies',
    provider: 'aws',
    ops: ['aws.iam.GetAccountAuthorizationDetails'],
    parameters: 'every account; users, roles, groups, local and AWS managed policies',
    items: (db, snapshot) => count(db, 'SELECT count(*) FROM principal WHERE snapshot = ?', snapshot),
    expected: () => ({ count: null, how: 'no independent count exists' }),
  },
  {
    title: 'Log files of key use',
    provider: 'aws',
    ops: ['aws.s3.GetObject', 'aws.cloudtrail.LookupEvents'],
    parameters:
      'every region; the period and one day after it; events of key management and of changes to it',
    items: (db, snapshot) =>
      count(
        db,
        "SELECT coalesce(sum(line ->> '$.facts.lines.records'), 0) FROM entry WHERE snapshot IN (SELECT value FROM json_each(?))",
        membersJson(db, snapshot),
      ),
    expected: () => ({ count: null, how: 'digest files where the trail signs them: see completeness' }),
  },
];

/** The minimal provenance card of each data set that was asked for. */
export function provenanceCards(db: ReadableDb, snapshot: string, operator: string): ProvenanceCard[] {
  return [...DATA_SETS, ...otherProviders(db, snapshot)].flatMap((set) => {
    const calls = callsOf(db, snapshot, set.ops);
    return calls === null ? [] : [card(db, snapshot, set, calls, operator)];
  });
}

/** One data set for each other provider that was asked: everything it answered about keys, access and logs. */
function otherProviders(db: ReadableDb, snapshot: string): DataSet[] {
  const ops = db
    .prepare<[string], string>('SELECT DISTINCT op FROM call_count WHERE snapshot = ? ORDER BY op')
    .pluck()
    .all(snapshot);
  const listed = (id: string, also: string) => (from: ReadableDb, of: string) =>
    from
      .prepare<[string, string], number>(
        `SELECT count(*) FROM key WHERE snapshot = ? AND provider = ? AND ${also}`,
      )
      .pluck()
      .get(of, id) ?? 0;
  return providers()
    .filter(({ id }) => id !== 'aws')
    .map(({ id, title }) => ({
      title: `Keys, access and logs of ${title}`,
      provider: id,
      ops: ops.filter((op) => op.startsWith(`${id}.`)),
      parameters: 'everything in scope; no filter but the period for logs',
      items: listed(id, "belongs = 'inventory'"),
      expected: (from: ReadableDb, of: string) => ({
        count: listed(id, 'listed_end = 1')(from, of),
        how: 'second list of keys at the end',
      }),
    }));
}

interface Calls {
  pages: number;
  first: string;
  last: string;
  firstSeq: number;
  lastSeq: number;
  errors: string;
}

function callsOf(db: ReadableDb, snapshot: string, ops: readonly string[]): Calls | null {
  const marks = ops.map(() => '?').join(', ');
  const total = db
    .prepare<
      string[],
      { pages: number | null; first: string; last: string; firstSeq: number; lastSeq: number }
    >(
      `SELECT sum(calls) AS pages, min(first) AS first, max(last) AS last, min(first_seq) AS firstSeq, max(last_seq) AS lastSeq
         FROM call_count WHERE snapshot = ? AND op IN (${marks})`,
    )
    .get(snapshot, ...ops);
  if (!total?.pages) return null;
  const errors = db
    .prepare<string[], { code: string; calls: number }>(
      `SELECT CASE code WHEN '' THEN outcome ELSE code END AS code, sum(calls) AS calls FROM call_count
        WHERE snapshot = ? AND op IN (${marks}) AND outcome <> 'ok' GROUP BY 1 ORDER BY 1`,
    )
    .all(snapshot, ...ops);
  return {
    ...total,
    pages: total.pages,
    errors: errors.map((e) => `${e.code}: ${e.calls}`).join(', ') || 'none',
  };
}

function card(
  db: ReadableDb,
  snapshot: string,
  set: DataSet,
  calls: Calls,
  operator: string,
): ProvenanceCard {
  const identity = db
    .prepare<[string, string, string], string>(
      `SELECT group_concat(arn, ', ') FROM (SELECT DISTINCT arn FROM identity
        WHERE snapshot = ? AND source IN (SELECT source FROM call_count WHERE snapshot = ? AND op LIKE ? || '.%') ORDER BY arn)`,
    )
    .pluck()
    .get(snapshot, snapshot, set.provider);
  const offset = db
    .prepare<[string], number>(
      'SELECT offset_median FROM host WHERE snapshot = ? AND offset_median IS NOT NULL ORDER BY abs(offset_median) DESC LIMIT 1',
    )
    .pluck()
    .get(snapshot);
  return {
    title: set.title,
    source: providers().find(({ id }) => id === set.provider)?.title ?? set.provider,
    operations: set.ops.map((op) => op.replace(/^[a-z]+\./, '')).join(', '),
    parameters: set.parameters,
    startedAt: calls.first,
    endedAt: calls.last,
    clockOffsetMs: offset ?? null,
    caller: identity ?? 'not known',
    pages: calls.pages,
    items: set.items(db, snapshot),
    expected: set.expected(db, snapshot),
    firstRecord: null,
    lastRecord: null,
    errors: calls.errors,
    retention: 'see completeness',
    sha256: responseSetHash(db, snapshot, set.ops),
    operator,
    redactions: 'none',
    citations: [calls.firstSeq, calls.lastSeq],
  };
}

/** SHA-256 over the ledger hashes of all calls of the data set, in ledger order: names the very set of responses. */
function responseSetHash(db: ReadableDb, snapshot: string, ops: readonly string[]): string {
  const marks = ops.map(() => '?').join(', ');
  const hashes = db
    .prepare<string[], Buffer>(
      `SELECT hash FROM entry WHERE snapshot IN (SELECT value FROM json_each(?)) AND op IN (${marks}) ORDER BY seq`,
    )
    .pluck()
    .all(membersJson(db, snapshot), ...ops);
  return sha256Hex(Buffer.concat(hashes));
}

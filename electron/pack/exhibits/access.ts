import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { csvFile, jsonLines, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import { workbookFiles } from '../files/workbook.ts';

const MATRIX = [
  'key',
  'principal',
  'principal_kind',
  'right',
  'via',
  'actions',
  'conditions',
  'certainty',
  'detail',
  'ledger_entries',
];
const PRINCIPALS = ['account', 'kind', 'principal', 'name', 'unique_id', 'created', 'ledger_entry'];

/** data/2-access/: policies as received, who holds which right through what, and the directory of principals. */
export function accessFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const folder = 'data/2-access';
  return [
    { path: `${folder}/policies-aws.jsonl`, content: () => jsonLines(policies(db, snapshot)) },
    {
      path: `${folder}/access-matrix.csv`,
      content: () => csvFile(MATRIX, matrixRows(db, snapshot)),
      large: true,
    },
    ...workbookFiles(`${folder}/access-matrix`, {
      name: 'Access',
      header: MATRIX,
      total: db.prepare<[string], number>(COUNT).pluck().get(snapshot)!,
      rows: (from, count) => matrixRows(db, snapshot, from, count),
    }),
    { path: `${folder}/principals.csv`, content: () => csvFile(PRINCIPALS, principalRows(db, snapshot)) },
    ...iamFiles(db, snapshot),
  ];
}

/** Folder budget: with more accounts than this, several share a file. */
const MOST_IAM_FILES = 60;

/** One file for each account; with more than the budget, documents of several accounts one a line. */
function iamFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const all = accounts(db, snapshot);
  if (all.length <= MOST_IAM_FILES) {
    return all.map((account) => ({
      path: `data/2-access/iam-${account}.json`,
      content: () => iamDocument(db, snapshot, account),
    }));
  }
  const perFile = Math.ceil(all.length / MOST_IAM_FILES);
  return Array.from({ length: Math.ceil(all.length / perFile) }, (_, n) => ({
    path: `data/2-access/iam-accounts-${String(n + 1).padStart(4, '0')}.jsonl`,
    content: function* () {
      for (const account of all.slice(n * perFile, (n + 1) * perFile))
        yield* iamDocument(db, snapshot, account, '');
    },
  }));
}

/** One key policy a line: the text as the provider gave it, with the exchange that brought it. */
function* policies(db: ReadableDb, snapshot: string) {
  const rows = db
    .prepare<[string], { key: string; name: string; sha256: string; seq: number }>(
      'SELECT key, name, sha256, seq FROM key_policy WHERE snapshot = ? ORDER BY key, name',
    )
    .all(snapshot);
  for (const { key, name, sha256, seq } of rows) {
    const entry = readEntry(db, seq)!;
    const body = entry.values.body ? readBody(db, entry.values.body) : null;
    const answer = body ? (JSON.parse(body.toString('utf8')) as { Policy?: string }) : {};
    const at = entry.kind === 'exchange' ? entry.facts.end : entry.at;
    const requestId = entry.kind === 'exchange' ? entry.facts.requestId : null;
    yield {
      key,
      name,
      at,
      requestId,
      ledgerEntry: seq,
      bodySha256: entry.values.body ?? null,
      policySha256: sha256,
      policy: answer.Policy ?? null,
    };
  }
}

const COUNT = 'SELECT count(*) FROM access_path WHERE snapshot = ?';

/** A negative count means all. */
function* matrixRows(db: ReadableDb, snapshot: string, from = 0, count = -1): Generator<Cell[]> {
  yield* db
    .prepare<[string, number, number], Cell[]>(
      `SELECT key, principal, principal_kind, access, via, actions, conditions, certainty, detail, cites
         FROM access_path WHERE snapshot = ? ORDER BY key, n LIMIT ? OFFSET ?`,
    )
    .raw()
    .iterate(snapshot, count, from);
}

function* principalRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  yield* db
    .prepare<[string], Cell[]>(
      'SELECT account, kind, id, name, unique_id, created, seq FROM principal WHERE snapshot = ? ORDER BY account, kind, id',
    )
    .raw()
    .iterate(snapshot);
}

function accounts(db: ReadableDb, snapshot: string): string[] {
  return db
    .prepare<[string], string>('SELECT DISTINCT account FROM principal WHERE snapshot = ? ORDER BY account')
    .pluck()
    .all(snapshot);
}

/** Users, roles, groups and policies of one account as the directory described them; `feed` parts its lines. */
function* iamDocument(db: ReadableDb, snapshot: string, account: string, feed = '\n'): Generator<Buffer> {
  const rows = db
    .prepare<[string, string], { kind: string; id: string; detail: string; seq: number }>(
      'SELECT kind, id, detail, seq FROM principal WHERE snapshot = ? AND account = ? ORDER BY kind, id',
    )
    .iterate(snapshot, account);
  yield Buffer.from(`{"account":${JSON.stringify(account)},"principals":[`);
  let separator = feed;
  for (const { kind, id, detail, seq } of rows) {
    yield Buffer.from(
      `${separator}{"kind":${JSON.stringify(kind)},"id":${JSON.stringify(id)},"ledgerEntry":${seq},"detail":${detail}}`,
    );
    separator = `,${feed}`;
  }
  yield Buffer.from(`${feed}]}\n`);
}

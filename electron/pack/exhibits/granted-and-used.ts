import type { ReadableDb } from '../../../db/handle.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { approvedLists } from '../../review/approved.ts';
import { accessRows, coverageCaveat } from '../../review/access-rows.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import { workbookFile } from '../files/workbook.ts';
import { attachedFiles } from './records.ts';

const HEADER = [
  ...[
    'key',
    'account',
    'region',
    'principal',
    'principal_kind',
    'why_this_kind',
    'right',
    'use',
    'certainty',
  ],
  ...[
    'approved',
    'times_used',
    'last_used',
    'why_not_told',
    'coverage',
    'also_administers',
    'members',
    'via',
  ],
];

const APPROVED = ['list', 'principal', 'rights', 'approver', 'approved_at', 'ledger_entry'];
const MEMBERS = ['provider', 'group', 'member', 'email', 'as_of', 'ledger_entry'];

/** Rights against the approved list and against their use: who holds what, approved or not, exercised or not. */
export function grantedAndUsedFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const folder = 'data/2-access';
  const scope = 'data/0-scope';
  return [
    {
      path: `${folder}/granted-versus-used.csv`,
      content: () => csvFile(HEADER, rows(db, snapshot)),
      large: true,
    },
    workbookFile(`${folder}/granted-versus-used.xlsx`, () => [
      { name: 'Granted and used', header: HEADER, rows: rows(db, snapshot) },
    ]),
    ...(approvedLists(db).size === 0
      ? []
      : [{ path: `${scope}/approved-principals.csv`, content: () => csvFile(APPROVED, approvedRows(db)) }]),
    ...(latestDeclared(db, 'principals.members').size === 0 && !hasObserved(db, snapshot)
      ? []
      : [
          {
            path: `${scope}/federated-members.csv`,
            content: () => csvFile(MEMBERS, memberRows(db, snapshot)),
          },
        ]),
    ...attachedFiles(db, scope, ['approved-principals', 'members']),
  ];
}

function* rows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  const places = new Map(
    db
      .prepare<[string], { id: string; account: string; region: string }>(
        'SELECT id, account, region FROM key WHERE snapshot = ?',
      )
      .all(snapshot)
      .map((key) => [key.id, key]),
  );
  const caveat = coverageCaveat(db, snapshot);
  let held: { key: string; administrators: Set<string> } = { key: '', administrators: new Set() };
  for (const row of accessRows(db, snapshot)) {
    if (held.key !== row.key) held = { key: row.key, administrators: new Set() };
    // The right to administer comes before the others of a principal.
    if (row.right === 'administer') held.administrators.add(row.principal);
    const { account = '', region = '' } = places.get(row.key) ?? {};
    yield [
      ...[row.key, account, region, row.principal, row.kind, row.kindReason, row.right, row.uses.join(' ')],
      ...[row.certainty, row.approval, row.used, row.lastUsed, row.usedWhy, caveat(account, region)],
      row.right === 'use' ? (held.administrators.has(row.principal) ? 'yes' : 'no') : null,
      row.membersUnknown ? 'members unknown' : row.members?.join('; '),
      row.via.join(' | '),
    ];
  }
}

function* approvedRows(db: ReadableDb): Generator<Cell[]> {
  for (const { subject, seq, value } of approvedLists(db).values()) {
    for (const { principal, rights } of value.principals) {
      yield [subject, principal, rights.join(' '), value.approver, value.approvedAt, seq];
    }
  }
}

/** Whether a provider told who is behind a federated role. */
const hasObserved = (db: ReadableDb, snapshot: string): boolean =>
  db
    .prepare<[string], number>('SELECT count(*) FROM federated_member WHERE snapshot = ?')
    .pluck()
    .get(snapshot)! > 0;

function* memberRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  const observed = db.prepare<[string], Cell[]>(
    `SELECT g.provider, m.account || '/' || m.name, m.member, m.email, g.as_of, m.seq FROM federated_member m
       JOIN federated_group g ON g.snapshot = m.snapshot AND g.account = m.account AND g.name = m.name
      WHERE m.snapshot = ? AND m.enabled = 1 ORDER BY m.account, m.name, m.n`,
  );
  yield* observed.raw().iterate(snapshot) as Iterable<Cell[]>;
  for (const { seq, value } of latestDeclared(db, 'principals.members').values()) {
    for (const { name, members } of value.groups) {
      for (const member of members) yield [value.provider, name, member.name, member.email, value.asOf, seq];
    }
  }
}

import type { ReadableDb } from '../handle.ts';
import { cutPage, pageLimit, type Page, type PageRequest } from './page.ts';

/** One answer of one control for one subject. */
export interface ResultRow {
  control: string;
  subject: string;
  at: 'collection' | 'period';
  subject_kind: 'key' | 'account' | 'place' | 'trail' | 'log store' | 'engagement';
  result: 'pass' | 'exception' | 'not-applicable' | 'evidence-required' | 'undetermined';
  reason: string;
  /** The provider's error code when it is undetermined because of one. */
  code: string | null;
  /** Ledger entries it rests on. */
  cites: number[];
}

/** Which results to list; all that are left out do not filter. */
export interface ResultFilter {
  control?: string;
  subject?: string;
  at?: 'collection' | 'period';
  result?: ResultRow['result'];
}

type Stored = Omit<ResultRow, 'cites'> & { cites: string };

const COLUMNS = 'control, subject, at, subject_kind, result, reason, code, cites';

/** Results by control, subject and time, one page. */
export function listResults(
  db: ReadableDb,
  snapshot: string,
  request: PageRequest,
  filter: ResultFilter = {},
): Page<ResultRow> {
  const limit = pageLimit(request);
  const [control, subject, at] = (request.after ?? '').split('\n');
  const { where, args } = clauses(filter);
  const rows = db
    .prepare<(string | number)[], Stored>(
      `SELECT ${COLUMNS} FROM test_result WHERE snapshot = ? AND (control, subject, at) > (?, ?, ?) ${where}
        ORDER BY control, subject, at LIMIT ?`,
    )
    .all(snapshot, control ?? '', subject ?? '', at ?? '', ...args, limit + 1)
    .map(open);
  return cutPage(rows, limit, (row) => [row.control, row.subject, row.at].join('\n'));
}

/** All results in the same order, one at a time; do not write to the same handle while iterating. */
export function* iterateResults(
  db: ReadableDb,
  snapshot: string,
  filter: ResultFilter = {},
): Generator<ResultRow> {
  const { where, args } = clauses(filter);
  const rows = db
    .prepare<string[], Stored>(
      `SELECT ${COLUMNS} FROM test_result WHERE snapshot = ? ${where} ORDER BY control, subject, at`,
    )
    .iterate(snapshot, ...args);
  for (const row of rows) yield open(row);
}

/** All exceptions of a snapshot, one page. */
export function listExceptions(db: ReadableDb, snapshot: string, request: PageRequest): Page<ResultRow> {
  return listResults(db, snapshot, request, { result: 'exception' });
}

/** Results about one subject. */
export function resultsOf(db: ReadableDb, snapshot: string, subject: string): ResultRow[] {
  return [...iterateResults(db, snapshot, { subject })];
}

/** How many answers each control has of each kind. */
export interface ResultCount {
  control: string;
  at: 'collection' | 'period';
  result: ResultRow['result'];
  subjects: number;
}

export function countResults(db: ReadableDb, snapshot: string): ResultCount[] {
  return db
    .prepare<[string], ResultCount>(
      `SELECT control, at, result, count(*) AS subjects FROM test_result WHERE snapshot = ?
        GROUP BY control, at, result ORDER BY control, at, result`,
    )
    .all(snapshot);
}

function clauses(filter: ResultFilter): { where: string; args: string[] } {
  const columns = (['control', 'subject', 'at', 'result'] as const).filter((c) => filter[c] !== undefined);
  return { where: columns.map((c) => `AND ${c} = ?`).join(' '), args: columns.map((c) => filter[c]!) };
}

function open(row: Stored): ResultRow {
  return { ...row, cites: JSON.parse(row.cites) as number[] };
}

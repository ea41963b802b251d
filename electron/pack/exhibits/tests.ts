import type { ReadableDb } from '../../../db/handle.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import { assessmentResults } from '../oscal/assessment-results.ts';

/** What the exhibit says of a control; declared beside its test. */
export interface ControlFacts {
  id: string;
  title: string;
  finding: string;
  criteria: readonly string[];
  question: string;
  method: string;
  permissions: readonly string[];
  remediation: string;
}

const RESULTS = [
  'control',
  'title',
  'criteria',
  'subject_kind',
  'subject',
  'asked',
  'result',
  'reason',
  'error_code',
  'ledger_entries',
];
/** The first two are for the client's own numbers, left to fill. */
const CONTROLS = [
  'client_control',
  'request',
  'control',
  'title',
  'finding',
  'criteria',
  'question',
  'method',
  'permissions',
  'remediation',
  'exhibit',
];
const EXCEPTIONS = [
  'control',
  'subject',
  'at_collection',
  'throughout_period',
  'reason',
  'management_response',
  'compensating_control',
  'owner',
  'due',
  'ledger_entries',
];

/** data/6-tests/: every result with its reason and what it rests on. */
export function testFiles(db: ReadableDb, snapshot: string, controls: readonly ControlFacts[]): PackFile[] {
  const folder = 'data/6-tests';
  return [
    { path: `${folder}/results.csv`, content: () => csvFile(RESULTS, resultRows(db, snapshot, controls)) },
    { path: `${folder}/results.json`, content: () => resultDocument(db, snapshot) },
    { path: `${folder}/controls.csv`, content: () => csvFile(CONTROLS, controlRows(controls)) },
    { path: `${folder}/exceptions.csv`, content: () => csvFile(EXCEPTIONS, exceptionRows(db, snapshot)) },
    {
      path: `${folder}/oscal-assessment-results.json`,
      content: () => assessmentResults(db, snapshot, controls),
    },
  ];
}

interface ResultRow {
  control: string;
  subject_kind: string;
  subject: string;
  at: string;
  result: string;
  reason: string;
  code: string | null;
  cites: string;
}

function results(db: ReadableDb, snapshot: string): IterableIterator<ResultRow> {
  return db
    .prepare<[string], ResultRow>(
      `SELECT control, subject_kind, subject, at, result, reason, code, cites
         FROM test_result WHERE snapshot = ? ORDER BY control, subject, at`,
    )
    .iterate(snapshot);
}

const ASKED: Record<string, string> = { collection: 'at collection', period: 'throughout the period' };

function* resultRows(db: ReadableDb, snapshot: string, controls: readonly ControlFacts[]): Generator<Cell[]> {
  const byId = new Map(controls.map((c) => [c.id, c]));
  for (const row of results(db, snapshot)) {
    const control = byId.get(row.control);
    yield [
      row.control,
      control?.title,
      control?.criteria.join(' '),
      row.subject_kind,
      row.subject,
      ASKED[row.at],
      row.result,
      row.reason,
      row.code,
      (JSON.parse(row.cites) as number[]).join(' '),
    ];
  }
}

function* resultDocument(db: ReadableDb, snapshot: string): Generator<Buffer> {
  yield Buffer.from('{"format":"urn:keywitness:results:1","results":[');
  let separator = '\n';
  for (const { cites, ...row } of results(db, snapshot)) {
    yield Buffer.from(
      `${separator}${JSON.stringify({ ...row, ledgerEntries: JSON.parse(cites) as number[] })}`,
    );
    separator = ',\n';
  }
  yield Buffer.from('\n]}\n');
}

/** Where the evidence behind a finding is shown. */
const EXHIBITS: Record<string, string> = {
  rotation: 'data/1-key-configuration',
  ownership: 'data/1-key-configuration/keys.csv',
  access: 'data/2-access',
  logging: 'data/3-usage-logs',
};

function* controlRows(controls: readonly ControlFacts[]): Generator<Cell[]> {
  for (const c of controls) {
    const criteria = c.criteria.join(' ');
    yield [
      null,
      null,
      c.id,
      c.title,
      c.finding,
      criteria,
      c.question,
      c.method,
      c.permissions.join(' '),
      c.remediation,
      EXHIBITS[c.finding] ?? 'data/6-tests/results.csv',
    ];
  }
}

/** One row per control and subject with an exception in either answer; columns for management are left to fill. */
function* exceptionRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  const rows = db
    .prepare<
      [string],
      {
        control: string;
        subject: string;
        collection: string | null;
        period: string | null;
        reason: string;
        cites: string;
      }
    >(
      `SELECT control, subject,
              max(CASE at WHEN 'collection' THEN result END) AS collection,
              max(CASE at WHEN 'period' THEN result END) AS period,
              coalesce(max(CASE WHEN at = 'collection' AND result = 'exception' THEN reason END),
                       max(CASE WHEN result = 'exception' THEN reason END)) AS reason,
              max(CASE WHEN result = 'exception' THEN cites END) AS cites
         FROM test_result WHERE snapshot = ? GROUP BY control, subject
        HAVING max(result = 'exception') = 1 ORDER BY control, subject`,
    )
    .iterate(snapshot);
  for (const r of rows) {
    const cites = (JSON.parse(r.cites) as number[]).join(' ');
    yield [r.control, r.subject, r.collection, r.period, r.reason, null, null, null, null, cites];
  }
}

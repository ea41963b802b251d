import type { ReadableDb } from '../../../db/handle.ts';
import type {
  ControlPart,
  ExceptionPart,
  FindingId,
  FindingPart,
  OpenPart,
  ResultState,
} from '../pdf/report-model.ts';
import type { ControlFacts } from '../exhibits/tests.ts';
import { controlCounts } from './statistics.ts';
import { pageId } from './key-part.ts';
import { shortened } from './shortened.ts';

/** Exceptions of one control that are printed with their subjects; the others are in the zip. */
const MOST_SUBJECTS = 60;

const FINDINGS: Record<FindingId, string> = {
  rotation: 'Rotation not enabled',
  access: 'Overly permissive access',
  logging: 'Missing usage logs',
  ownership: 'No documented owner',
};

interface ResultRow {
  subject: string;
  subject_kind: string;
  collection: ResultState | null;
  period: ResultState | null;
  collection_reason: string | null;
  period_reason: string | null;
  collection_cites: string | null;
  period_cites: string | null;
}

function pairedResults(db: ReadableDb, snapshot: string, control: string): ResultRow[] {
  return db
    .prepare<[string, string], ResultRow>(
      `SELECT subject, min(subject_kind) AS subject_kind,
              max(CASE at WHEN 'collection' THEN result END) AS collection,
              max(CASE at WHEN 'period' THEN result END) AS period,
              max(CASE at WHEN 'collection' THEN reason END) AS collection_reason,
              max(CASE at WHEN 'period' THEN reason END) AS period_reason,
              max(CASE at WHEN 'collection' THEN cites END) AS collection_cites,
              max(CASE at WHEN 'period' THEN cites END) AS period_cites
         FROM test_result WHERE snapshot = ? AND control = ? GROUP BY subject ORDER BY subject`,
    )
    .all(snapshot, control);
}

const citesOf = (...texts: (string | null)[]): number[] =>
  [...new Set(texts.flatMap((text) => (text === null ? [] : (JSON.parse(text) as number[]))))].sort(
    (a, b) => a - b,
  );

/** Results of every control, in the order of their declarations. */
export function controlParts(
  db: ReadableDb,
  snapshot: string,
  controls: readonly ControlFacts[],
  options: { type: 1 | 2; keyPages: ReadonlySet<string> },
): ControlPart[] {
  let number = 0;
  return controls.map((control) => {
    const rows = pairedResults(db, snapshot, control.id);
    const exceptions = rows.filter((r) => r.collection === 'exception' || r.period === 'exception');
    const open = rows
      .filter((r) => isOpen(r.collection) || isOpen(r.period))
      .filter((r) => !exceptions.includes(r));
    return {
      id: control.id,
      title: control.title,
      question: control.question,
      criteria: control.criteria,
      finding: isFinding(control.finding) ? control.finding : null,
      method: control.method,
      permission: control.permissions.join(', '),
      remediation: control.remediation,
      atCollection: controlCounts(db, snapshot, control.id, 'collection'),
      throughout: options.type === 1 ? null : controlCounts(db, snapshot, control.id, 'period'),
      exceptions:
        exceptions.length === 0 ? [] : [exceptionPart(control, exceptions, `E${++number}`, options.keyPages)],
      open: open.slice(0, MOST_SUBJECTS).map((row) => openPart(row, options.keyPages)),
    };
  });
}

const isOpen = (state: ResultState | null) => state === 'undetermined' || state === 'evidence-required';
const isFinding = (text: string): text is FindingId => text in FINDINGS;

function exceptionPart(
  control: ControlFacts,
  rows: readonly ResultRow[],
  number: string,
  keyPages: ReadonlySet<string>,
): ExceptionPart {
  const more =
    rows.length > MOST_SUBJECTS
      ? ` The first ${MOST_SUBJECTS} are listed; all are in data/6-tests/exceptions.csv.`
      : '';
  return {
    number,
    observation: `${control.title}: ${rows.length} ${rows.length === 1 ? 'subject' : 'subjects'} with an exception.${more}`,
    subjects: rows.slice(0, MOST_SUBJECTS).map((row) => ({
      ...subjectPart(row, keyPages),
      atCollection: row.collection ?? 'not-applicable',
      throughout: row.period,
      detail: shortened((row.collection === 'exception' ? row.collection_reason : row.period_reason) ?? ''),
      citations: citesOf(row.collection_cites, row.period_cites),
    })),
  };
}

function openPart(row: ResultRow, keyPages: ReadonlySet<string>): OpenPart {
  const byCollection = isOpen(row.collection);
  return {
    ...subjectPart(row, keyPages),
    state: (byCollection ? row.collection : row.period) as OpenPart['state'],
    reason: shortened((byCollection ? row.collection_reason : row.period_reason) ?? ''),
    citations: citesOf(byCollection ? row.collection_cites : row.period_cites),
  };
}

function subjectPart(row: ResultRow, keyPages: ReadonlySet<string>) {
  return {
    label: row.subject,
    detail: row.subject_kind,
    ...(keyPages.has(row.subject) ? { keyPage: pageId(row.subject) } : {}),
  };
}

/** The four findings auditors commonly raise, each answered in numbers. */
export function findingParts(controls: readonly ControlPart[]): FindingPart[] {
  return (Object.keys(FINDINGS) as FindingId[]).map((id) => {
    const members = controls.filter((control) => control.finding === id);
    const exceptions = members.reduce(
      (sum, c) => sum + c.exceptions.reduce((n, e) => n + e.subjects.length, 0),
      0,
    );
    const open = members.reduce((sum, c) => sum + c.open.length, 0);
    const answer =
      exceptions === 0
        ? `No exception noted by these procedures${open > 0 ? `; ${open} without an answer` : ''}.`
        : `${exceptions} ${exceptions === 1 ? 'exception' : 'exceptions'}${open > 0 ? `, and ${open} without an answer` : ''}, over ${members.length} tests.`;
    return { id, title: FINDINGS[id], answer, controls: members.map((c) => c.id) };
  });
}

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
import { groupResults, type PairedResult } from './group-results.ts';
import type { SubjectNames } from './subject-names.ts';

const FINDINGS: Record<FindingId, string> = {
  rotation: 'Rotation not enabled',
  access: 'Overly permissive access',
  logging: 'Missing usage logs',
  ownership: 'No documented owner',
};

function pairedResults(db: ReadableDb, snapshot: string, control: string): PairedResult[] {
  return db
    .prepare<[string, string], PairedResult>(
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

/** Results of every control, in the order of their declarations. Equal results are one entry. */
export function controlParts(
  db: ReadableDb,
  snapshot: string,
  controls: readonly ControlFacts[],
  options: { type: 1 | 2; names: SubjectNames },
): ControlPart[] {
  let number = 0;
  return controls.map((control) => {
    const rows = pairedResults(db, snapshot, control.id);
    const exceptions = rows.filter((r) => r.collection === 'exception' || r.period === 'exception');
    const open = rows.filter((r) => !exceptions.includes(r) && (isOpen(r.collection) || isOpen(r.period)));
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
        exceptions.length === 0 ? [] : [exceptionPart(control, exceptions, `E${++number}`, options.names)],
      open: openParts(open, options.names),
      openTotal: open.length,
    };
  });
}

const isOpen = (state: ResultState | null) => state === 'undetermined' || state === 'evidence-required';
const isFinding = (text: string): text is FindingId => text in FINDINGS;

function exceptionPart(
  control: ControlFacts,
  rows: readonly PairedResult[],
  number: string,
  names: SubjectNames,
): ExceptionPart {
  const reasonOf = (row: PairedResult) =>
    row.collection === 'exception' ? row.collection_reason : row.period_reason;
  return {
    number,
    observation: control.title,
    total: rows.length,
    groups: groupResults(rows, names, {
      reason: reasonOf,
      cites: (row) => [row.collection_cites, row.period_cites],
      state: (row) => `${row.collection} ${row.period}`,
    }).map(({ first, ...group }) => ({
      ...group,
      atCollection: first.collection ?? 'not-applicable',
      throughout: first.period,
    })),
  };
}

function openParts(rows: readonly PairedResult[], names: SubjectNames): OpenPart[] {
  const stateOf = (row: PairedResult) => (isOpen(row.collection) ? row.collection : row.period);
  return groupResults(rows, names, {
    reason: (row) => (isOpen(row.collection) ? row.collection_reason : row.period_reason),
    cites: (row) => [isOpen(row.collection) ? row.collection_cites : row.period_cites],
    state: (row) => String(stateOf(row)),
  }).map(({ first, ...group }) => ({ ...group, state: stateOf(first) as OpenPart['state'] }));
}

/** The four findings auditors commonly raise, each answered in numbers. */
export function findingParts(controls: readonly ControlPart[]): FindingPart[] {
  return (Object.keys(FINDINGS) as FindingId[]).map((id) => {
    const members = controls.filter((control) => control.finding === id);
    const exceptions = members.reduce((sum, c) => sum + c.exceptions.reduce((n, e) => n + e.total, 0), 0);
    const open = members.reduce((sum, c) => sum + c.openTotal, 0);
    const answer =
      exceptions === 0
        ? `No exception noted by these procedures${open > 0 ? `; ${open} without an answer` : ''}.`
        : `${exceptions} ${exceptions === 1 ? 'exception' : 'exceptions'}${open > 0 ? `, and ${open} without an answer` : ''}, over ${members.length} tests.`;
    return { id, title: FINDINGS[id], answer, controls: members.map((c) => c.id) };
  });
}

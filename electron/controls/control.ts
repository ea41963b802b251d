import type { ControlContext } from './context.ts';

/** The four findings auditors commonly raise, and protection of the keys themselves. */
export type Finding = 'rotation' | 'access' | 'logging' | 'ownership' | 'protection';

export type TestResult = 'pass' | 'exception' | 'not-applicable' | 'evidence-required' | 'undetermined';

/** One answer: what the procedure found, in a sentence with its numbers, and the ledger entries it rests on. */
export interface Answer {
  result: TestResult;
  /** A full sentence that can be printed alone. */
  reason: string;
  /** The provider's error code when `undetermined` is due to one. */
  code?: string | null;
  cites: number[];
}

/** The two answers of a configuration test. */
export interface Answers {
  collection: Answer;
  period: Answer;
}

export type SubjectKind =
  'key' | 'account' | 'place' | 'trail' | 'log store' | 'system' | 'document' | 'review' | 'engagement';

/** The result of one control for one subject at one time. */
export interface Result extends Answer {
  control: string;
  /** Key id, account, `<account>/<region>`, trail, bucket or log group. */
  subject: string;
  subjectKind: SubjectKind;
  at: 'collection' | 'period';
}

/** Where a recommendation stands in a published standard; numbers move, so the version is always printed. */
export interface Standard {
  name: string;
  version: string;
  ref: string;
}

/** One test of a control: what it asks, how, what it needs, and the code that answers. */
export interface Control {
  id: string;
  title: string;
  finding: Finding;
  /** Trust services criteria, for example `CC6.1`. */
  criteria: readonly string[];
  question: string;
  /** The procedure in words, as the report prints it. */
  method: string;
  /** Permissions without which it cannot be answered. */
  permissions: readonly string[];
  /** What the client can do about an exception. */
  remediation: string;
  standards: readonly Standard[];
  /** What it is put to. */
  appliesTo: string;
  /** Both answers of every subject, one after the other: there may be a hundred thousand keys. */
  test: (context: ControlContext) => Iterable<Result>;
}

/** Both answers of one subject as results. */
export function results(
  control: string,
  subjectKind: SubjectKind,
  subject: string,
  answers: Answers,
): Result[] {
  return [
    { control, subject, subjectKind, at: 'collection', ...answers.collection },
    { control, subject, subjectKind, at: 'period', ...answers.period },
  ];
}

export const pass = (reason: string, cites: number[] = []): Answer => ({ result: 'pass', reason, cites });
export const exception = (reason: string, cites: number[] = []): Answer => ({
  result: 'exception',
  reason,
  cites,
});
export const notApplicable = (reason: string, cites: number[] = []): Answer => ({
  result: 'not-applicable',
  reason,
  cites,
});
export const evidenceRequired = (reason: string, cites: number[] = []): Answer => ({
  result: 'evidence-required',
  reason,
  cites,
});
export const undetermined = (reason: string, cites: number[] = [], code: string | null = null): Answer => ({
  result: 'undetermined',
  reason,
  cites,
  code,
});

/** The same answer at collection and throughout the period. */
export const both = (answer: Answer): Answers => ({ collection: answer, period: answer });

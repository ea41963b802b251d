import type { ResultRow } from '../../../db/derived/results.ts';
import type { Result } from '../../api/tests.ts';

/** A test's answer as the contract has it. */
export const resultOf = ({ subject_kind, ...row }: ResultRow): Result => ({
  ...row,
  subjectKind: subject_kind,
});

import { z } from 'zod';
import { cites, ofSnapshot, page, pageOf, startedJob, nothing } from './shared.ts';
import { engine, read } from './method.ts';

export const testState = z.enum(['pass', 'exception', 'not-applicable', 'evidence-required', 'undetermined']);
export type TestState = z.infer<typeof testState>;

/** One answer of one test for one subject. */
export const result = z.strictObject({
  control: z.string(),
  subject: z.string(),
  at: z.enum(['collection', 'period']),
  subjectKind: z.enum(['key', 'account', 'place', 'trail', 'log store', 'engagement']),
  result: testState,
  reason: z.string(),
  /** The provider's error code when it is undetermined because of one. */
  code: z.string().nullable(),
  cites,
});
export type Result = z.infer<typeof result>;

const counts = z.strictObject({
  pass: z.int(),
  exception: z.int(),
  'not-applicable': z.int(),
  'evidence-required': z.int(),
  undetermined: z.int(),
});

const control = z.strictObject({
  id: z.string(),
  title: z.string(),
  finding: z.enum(['rotation', 'access', 'logging', 'ownership', 'protection']),
  criteria: z.array(z.string()),
  question: z.string(),
  method: z.string(),
  permissions: z.array(z.string()),
  remediation: z.string(),
  standards: z.array(z.strictObject({ name: z.string(), version: z.string(), ref: z.string() })),
  appliesTo: z.string(),
  /** Number of subjects by answer, at collection and throughout the period. */
  collection: counts,
  period: counts,
});
export type ControlSummary = z.infer<typeof control>;

export const tests = {
  'tests.controls': read(z.strictObject(ofSnapshot), z.strictObject({ controls: z.array(control) })),
  'tests.results': read(
    z.strictObject({
      ...ofSnapshot,
      control: z.string().optional(),
      subject: z.string().optional(),
      at: z.enum(['collection', 'period']).optional(),
      result: testState.optional(),
      ...pageOf,
    }),
    page(result),
  ),
  'tests.exceptions': read(z.strictObject({ ...ofSnapshot, ...pageOf }), page(result)),
  /** Derives everything again from the ledger and runs the tests on it. The job's result is `{answers}`. */
  'tests.run': engine(nothing, startedJob),
};

import { z } from 'zod';
import { apiErrorShape } from './error.ts';
import { instant, nothing } from './shared.ts';
import { engine } from './method.ts';

export const jobKind = z.enum([
  'sample',
  'connection-test',
  'collect',
  'import',
  'analyse',
  'export',
  'pack-preview',
  'pack',
  'timestamp',
  'verify',
  'sign-review',
  'reperform',
  'capture',
]);
export type JobKind = z.infer<typeof jobKind>;

/** Where one operation in one scope of a collection stands. */
export const operationProgress = z.strictObject({
  kind: z.literal('operation'),
  source: z.string(),
  scope: z.string(),
  op: z.string(),
  done: z.number(),
  replayed: z.number(),
  gaps: z.number(),
  /** Calls known to come; grows while lists are read. */
  planned: z.number(),
  /** Calls that wait for the rate budget now. */
  waiting: z.number(),
  /** Requests per second allowed now, and by the budget. */
  rate: z.number(),
  budget: z.number(),
  /** True while the provider has slowed us down: waiting, not an error. */
  throttled: z.boolean(),
});

/** What a running job reports. */
export const jobProgress = z.discriminatedUnion('kind', [
  operationProgress,
  z.strictObject({
    kind: z.literal('source'),
    source: z.string(),
    state: z.enum(['running', 'done', 'stopped']),
    message: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('snapshot'),
    snapshot: z.string(),
    state: z.enum(['open', 'paused', 'running', 'closed']),
  }),
  z.strictObject({
    kind: z.literal('files'),
    files: z.number(),
    of: z.number(),
    bytes: z.number(),
    ofBytes: z.number(),
    events: z.number(),
  }),
  /** A step by its name, for work that is a row of steps; `done` of `of` when it counts something. */
  z.strictObject({
    kind: z.literal('step'),
    step: z.string(),
    done: z.number().nullable(),
    of: z.number().nullable(),
  }),
]);
export type JobProgress = z.infer<typeof jobProgress>;

/**
 * running and paused go on. done: to its end. done-with-gaps: to its end, and something is missing, which the result
 * lists. cancelled: stopped by the operator; a collection can be resumed. stopped: a source could not go on (expired
 * credentials); it can be resumed. failed: see the error.
 */
export const jobState = z.enum([
  'running',
  'paused',
  'done',
  'done-with-gaps',
  'cancelled',
  'stopped',
  'failed',
]);
export type JobState = z.infer<typeof jobState>;

export const job = z.strictObject({
  id: z.string(),
  kind: jobKind,
  title: z.string(),
  state: jobState,
  started: instant,
  ended: instant.nullable(),
  canPause: z.boolean(),
  canCancel: z.boolean(),
  /** What it gave, once it ended; its shape is that of the method that started it. */
  result: z.json().nullable(),
  error: apiErrorShape.nullable(),
});
export type Job = z.infer<typeof job>;

/** A job with everything last reported, so that a window that comes later sees the whole. */
export const jobWithProgress = z.strictObject({ job, progress: z.array(jobProgress) });

const id = z.strictObject({ job: z.string() });

export const jobs = {
  'jobs.list': engine(nothing, z.strictObject({ jobs: z.array(job) })),
  'jobs.get': engine(id, jobWithProgress),
  /** Answers when the job has ended. Cancelling this call does not cancel the job. */
  'jobs.wait': engine(id, job),
  'jobs.pause': engine(id, job),
  'jobs.resume': engine(id, job),
  /** Takes effect within 2 s; nothing that was recorded is lost. */
  'jobs.cancel': engine(id, job),
};

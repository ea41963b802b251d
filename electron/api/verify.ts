import { z } from 'zod';
import { startedJob } from './shared.ts';
import { engine } from './method.ts';

export const check = z.strictObject({
  id: z.string(),
  title: z.string(),
  result: z.enum(['pass', 'fail', 'cannot-tell']),
  detail: z.string(),
});

/** The result of the job that `verify.run` starts. */
export const verification = z.object({
  subject: z.string(),
  verdict: z.enum(['intact', 'intact-time-pending', 'altered', 'cannot-tell']),
  headline: z.string(),
  claimedTime: z.string().nullable(),
  provenTime: z.string().nullable(),
  checks: z.array(check),
});
export type VerificationResult = z.infer<typeof verification>;

export const verify = {
  /** Checks a pack (.zip) or an engagement file; offline, verdict first. */
  'verify.run': engine(
    z.strictObject({
      path: z.string().min(1),
      /** Certificate files to trust for this verification, besides those of the settings. */
      trust: z.array(z.string().min(1)).default([]),
    }),
    startedJob,
  ),
};

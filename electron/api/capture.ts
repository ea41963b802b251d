import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { nothing, ofSnapshot, sha256, startedJob } from './shared.ts';
import { engine } from './method.ts';

/** Keys of one batch: each is several pages of a console that is looked at by a person. */
const MOST_KEYS = 200;

/** What a `capture` job gives: pictures in the ledger, and what could not be taken. */
export const captureJobResult = z.strictObject({
  taken: z.array(z.strictObject({ key: z.string(), view: z.string(), seq: z.int().positive(), sha256 })),
  missed: z.array(z.strictObject({ key: z.string(), view: z.string(), reason: z.string() })),
});
export type CaptureJobResult = z.infer<typeof captureJobResult>;

export const capture = {
  /**
   * Takes dated screenshots of keys in the providers' own consoles, in a window of its own. While its step is
   * `sign-in: <source>` the operator signs in there and says so with `capture.signedIn`.
   */
  'capture.start': engine(
    z.strictObject({ ...ofSnapshot, keys: z.array(z.string().min(1)).min(1).max(MOST_KEYS), operator }),
    startedJob,
  ),
  'capture.signedIn': engine(z.strictObject({ job: z.string() }), nothing),
};

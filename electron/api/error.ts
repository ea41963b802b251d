import { z } from 'zod';

/**
 * What kind of failure crosses the bridge: who can do something about it.
 *
 * input: the call cannot be understood. refused: it can, and may not be done now (another mode, a read-only file, no
 * engagement open). failed: it was tried and did not work. cancelled: the caller stopped it. gone: the engine ended
 * before it answered. bug: nobody foresaw it; the message may be reported, with the details.
 */
export const errorKind = z.enum(['input', 'refused', 'failed', 'cancelled', 'gone', 'bug']);
export type ErrorKind = z.infer<typeof errorKind>;

/** A failure as the window gets it. The message says what could not be done, why, and what to do. */
export const apiErrorShape = z.strictObject({
  kind: errorKind,
  /** Closed code of the layer it came from, for example `LOCKED`, `NEWER_VERSION`, `CREDENTIALS`. */
  code: z.string(),
  message: z.string(),
  /** What to copy into a report of a fault; null unless it is one. Never a secret. */
  details: z.string().nullable(),
});
export type ApiErrorShape = z.infer<typeof apiErrorShape>;

/** What `invoke` rejects with. */
export class ApiError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: string | null;
  constructor(shape: ApiErrorShape) {
    super(shape.message);
    this.name = 'ApiError';
    this.kind = shape.kind;
    this.code = shape.code;
    this.details = shape.details;
  }
}

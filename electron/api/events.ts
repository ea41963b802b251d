import { z } from 'zod';
import { job, jobProgress } from './jobs.ts';

/** What the engine and the host tell the window unasked. */
export const apiEvent = z.discriminatedUnion('event', [
  /** A job started, was paused, went on or ended. */
  z.strictObject({ event: z.literal('job'), job }),
  /** A running job reports; at most ten times a second for each thing that moves. */
  z.strictObject({ event: z.literal('progress'), job: z.string(), progress: jobProgress }),
  /** The open engagement is another, or something about it changed: ask `engagement.get` and reload what is shown. */
  z.strictObject({ event: z.literal('engagement'), file: z.string().nullable() }),
  /** Settings changed. */
  z.strictObject({ event: z.literal('settings') }),
  /** A menu item or accelerator of the host, for example `new`, `open`, `palette`, `go:keys`. */
  z.strictObject({ event: z.literal('command'), command: z.string() }),
  /** Files were opened from outside: ask `host.takeOpened`. */
  z.strictObject({ event: z.literal('opened') }),
  /** The engine ended by itself, or is back: running jobs are lost, collections can be resumed. */
  z.strictObject({ event: z.literal('engine'), state: z.enum(['gone', 'back']), message: z.string() }),
]);
export type ApiEvent = z.infer<typeof apiEvent>;

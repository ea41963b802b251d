import type { z } from 'zod';

/**
 * Where a method runs. read: in a reader of the open engagement, beside everything else. engine: in the engine's own
 * thread, because it writes, or starts a job. host: in the shell itself (windows, dialogs, the operating system).
 */
export type MethodPlace = 'read' | 'engine' | 'host';

/** One call between the window and the engine: where it runs, and the schemas of what goes in and comes out. */
export interface Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly place: MethodPlace;
  readonly input: I;
  readonly output: O;
}

/** Declares a method that reads the open engagement. */
export const read = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ place: 'read', input, output }) as const;

/** Declares a method of the engine that is more than reading. */
export const engine = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ place: 'engine', input, output }) as const;

/** Declares a method that the host answers itself. */
export const host = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ place: 'host', input, output }) as const;

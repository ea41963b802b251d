import { z } from 'zod';
import { apiErrorShape } from './error.ts';
import { apiEvent } from './events.ts';

/* The messages of the bridge, the same over Electron's IPC, over the WebSocket and between host and engine. */

/** From the window. `id` is the window's own and unused before. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call'),
    id: z.int().positive(),
    name: z.string().max(100),
    input: z.json(),
  }),
  z.strictObject({ type: z.literal('abort'), id: z.int().positive() }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;

/** To the window: exactly one answer for each call, events at any time. */
export const hostMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answer'), id: z.int().positive(), output: z.json() }),
  z.strictObject({ type: z.literal('failure'), id: z.int().positive(), error: apiErrorShape }),
  z.strictObject({ type: z.literal('event'), event: apiEvent }),
]);
export type HostMessage = z.infer<typeof hostMessage>;

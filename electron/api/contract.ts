/*
 * The contract between the window and the engine: one map of method name to place, input and output.
 *
 * - A call is `invoke(name, input, {signal})` and carries plain JSON both ways. The input is parsed by the schema where it
 *   arrives, the output where it leaves; what does not fit is refused. Defaults of the schema may be left out.
 * - Lists come in pages of at most 500 rows, asked for by the key of the last row had (`after`), never by number.
 * - Something binary, or longer than a page should carry, comes as an address (`blob.url`) of the same origin.
 * - Aborting `signal` cancels the call. What takes longer than a second is a job: the call answers `{job}` at once, `job`
 *   and `progress` events tell the rest, `jobs.cancel` stops it. A job goes on when its window is reloaded.
 * - A failure is an ApiError: kind, closed code, and a message for people ("cannot <verb> <object>: <why>. <what to do>.").
 * - One engagement is open at a time. Methods of place `read` see what is committed, beside a running job.
 * - No SQL, no path that the operator did not choose, and no credential crosses. Passphrases go in and are forgotten.
 *
 * Both hosts carry the same calls: Electron over one IPC channel, the browser over one WebSocket on loopback.
 */
import type { z } from 'zod';
import { access } from './access.ts';
import { app, hostMethods } from './app.ts';
import { capture } from './capture.ts';
import { collect } from './collect.ts';
import { engagementMethods } from './engagement.ts';
import { files } from './files.ts';
import { inventory } from './inventory.ts';
import { jobs } from './jobs.ts';
import { keys } from './keys.ts';
import { logs } from './logs.ts';
import { pack } from './pack.ts';
import { procedure } from './procedure.ts';
import { review } from './review.ts';
import { recordLists } from './record-lists.ts';
import { records } from './records.ts';
import { reperformMethods } from './reperform.ts';
import { sources } from './sources.ts';
import { stamping } from './stamping.ts';
import { tests } from './tests.ts';
import { verify } from './verify.ts';

export const methods = {
  ...app,
  ...hostMethods,
  ...files,
  ...engagementMethods,
  ...sources,
  ...jobs,
  ...collect,
  ...capture,
  ...keys,
  ...access,
  ...logs,
  ...tests,
  ...inventory,
  ...records,
  ...recordLists,
  ...procedure,
  ...review,
  ...reperformMethods,
  ...pack,
  ...stamping,
  ...verify,
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
/** What a caller gives: members with a default may be left out. */
export type InputOf<N extends MethodName> = z.input<Methods[N]['input']>;
/** What the method is given, after parsing. */
export type ParsedInputOf<N extends MethodName> = z.output<Methods[N]['input']>;
export type OutputOf<N extends MethodName> = z.output<Methods[N]['output']>;

/** Names of the methods that run in one place. */
export type NamesIn<P extends 'read' | 'engine' | 'host'> = {
  [N in MethodName]: Methods[N]['place'] extends P ? N : never;
}[MethodName];

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);

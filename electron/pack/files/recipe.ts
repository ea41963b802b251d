import type { ReadableDb } from '../../../db/handle.ts';
import { eventLines } from './event-lines.ts';
import { bodyBytes, entryLines, saltLines } from './ledger-lines.ts';
import type { PackFile } from './pack-file.ts';
import { proofLines, recordLines } from './record-lines.ts';

/** Contents that are made from the engagement file alone, piece by piece. */
const MAKERS = {
  records: recordLines,
  proofs: proofLines,
  events: eventLines,
  entries: entryLines,
  salts: saltLines,
  bodies: bodyBytes,
} as const;

type Makers = typeof MAKERS;
type WithoutDb<F> = F extends (db: ReadableDb, ...rest: infer R) => Generator<Buffer> ? R : never;

/** How a content is made: plain data, so that it passes to a worker thread. */
export type Recipe = { [M in keyof Makers]: { make: M; with: WithoutDb<Makers[M]> } }[keyof Makers];

/** Makes a content here. */
export function make(db: ReadableDb, recipe: Recipe): Generator<Buffer> {
  const maker = MAKERS[recipe.make] as (db: ReadableDb, ...rest: unknown[]) => Generator<Buffer>;
  return maker(db, ...recipe.with);
}

/** A file of the pack that is made by a recipe. `large` when it may reach 4 GiB. */
export function madeFile(db: ReadableDb, path: string, recipe: Recipe, large: boolean): PackFile {
  return { path, content: () => make(db, recipe), large, recipe };
}

import { join, resolve } from 'node:path';
import { z } from 'zod';
import { instant } from '../../api/shared.ts';
import { readHomeFile, writeHomeFile } from './home-file.ts';

const queued = z.strictObject({
  /** Absolute. */
  zip: z.string().min(1),
  /** When it was sealed without a time. */
  since: instant,
  /** Why it has none, as told last; null before the first try. */
  why: z.string().nullable(),
});
/** A pack that waits for its time. */
export type QueuedPack = z.infer<typeof queued>;

const schema = z.strictObject({ packs: z.array(queued) });

/**
 * The packs that were sealed without a time, remembered in a file of the user's own. The window and the command line share
 * it, so that it is read anew for each change; the file is replaced in one step.
 */
export class StampingQueue {
  readonly #path: string;

  constructor(home: string) {
    this.#path = join(home, 'stamping-queue.json');
  }

  list(): readonly QueuedPack[] {
    return readHomeFile(this.#path, schema)?.packs ?? [];
  }

  /** Remembers a pack; one that is there already keeps its date. */
  add(zip: string, why: string | null, now = new Date()): void {
    const path = resolve(zip);
    const packs = this.list();
    const since = packs.find((one) => one.zip === path)?.since ?? now.toISOString();
    this.#write([...packs.filter((one) => one.zip !== path), { zip: path, since, why }]);
  }

  forget(zip: string): void {
    const path = resolve(zip);
    this.#write(this.list().filter((one) => one.zip !== path));
  }

  #write(packs: readonly QueuedPack[]): void {
    writeHomeFile(this.#path, { packs: [...packs].sort((a, b) => a.since.localeCompare(b.since)) });
  }
}

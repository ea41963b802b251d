import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PackFile } from '../files/pack-file.ts';
import type { PreparedFile } from '../zip/writer.ts';
import type { Answer, Order } from './protocol.ts';

/** Files of a pack in preparation, on all cores, beside whatever else is done. */
export interface Preparation {
  /** The prepared file of a path; null for one that is made in its turn. Rejects when it could not be made. */
  get(path: string): Promise<PreparedFile> | null;
  /** Stops what still runs and removes what was prepared. */
  end(): Promise<void>;
}

/** Nothing is prepared: every file is made in its turn. */
export const NO_PREPARATION: Preparation = { get: () => null, end: () => Promise.resolve() };

/**
 * Begins to make every file that has a recipe, in their order, each as a deflate stream in a file beside `beside`.
 *
 * @param engagement path of the engagement file, which nobody changes meanwhile
 */
export function prepareFiles(engagement: string, files: readonly PackFile[], beside: string): Preparation {
  const jobs = files.flatMap(({ path, recipe }, n) =>
    recipe ? [{ path, order: { engagement, recipe, path: `${beside}.${n}` }, ...deferred() }] : [],
  );
  const byPath = new Map(jobs.map((job) => [job.path, job.promise]));
  const queue = [...jobs];
  const workers: Worker[] = [];
  for (let n = 0; n < Math.min(availableParallelism(), jobs.length); n += 1) {
    const worker = new Worker(new URL('./prepare-worker.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    workers.push(worker);
    let job = queue.shift();
    const give = (next: typeof job) => {
      job = next;
      worker.postMessage((next?.order ?? null) satisfies Order | null);
    };
    worker.on('message', (answer: Answer) => {
      if ('done' in answer) job!.resolve(answer.done);
      else job!.reject(new Error(answer.failed));
      give(queue.shift());
    });
    // Whatever one worker meets (a full disk, no memory), the pack cannot be made: nobody shall wait for the rest.
    const fail = (error: Error) => jobs.forEach((any) => any.reject(error));
    worker.on('error', fail);
    worker.on('exit', () => {
      if (job) fail(new Error('cannot make the pack: a worker thread has ended.'));
    });
    give(job);
  }
  return {
    get: (path) => byPath.get(path) ?? null,
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      await Promise.all(jobs.map(({ order }) => rm(order.path, { force: true })));
    },
  };
}

function deferred() {
  const made = Promise.withResolvers<PreparedFile>();
  // Heard when the file's turn comes; an earlier failure must not end the process.
  made.promise.catch(() => undefined);
  return made;
}

import type { ApiEvent } from '../../api/events.ts';
import type { Job, JobKind, JobProgress, JobState } from '../../api/jobs.ts';
import { createRunControl, type RunControl } from '../../collect/control.ts';
import { failureOf } from './failure.ts';
import { Refusal } from './refusal.ts';

/** What a job's work is given. */
export interface JobHandle {
  id: string;
  control: RunControl;
  signal: AbortSignal;
  readonly progress: (progress: JobProgress) => void;
  /** A step by its name. */
  readonly step: (step: string, done?: number, of?: number) => void;
}

/** How a job's work ended: `done` unless it says otherwise. */
export interface JobEnd {
  result: Job['result'];
  state?: Extract<JobState, 'done' | 'done-with-gaps' | 'cancelled' | 'stopped'>;
}

export interface JobOptions {
  kind: JobKind;
  title: string;
  canPause?: boolean;
  canCancel?: boolean;
  /** Works on the ledger: one such job at a time. */
  exclusive?: boolean;
}

interface Kept {
  job: Job;
  control: RunControl;
  exclusive: boolean;
  progress: Map<string, JobProgress>;
  ended: Promise<void>;
}

/** Ended jobs that are remembered. */
const MOST_KEPT = 50;

const isOver = (state: JobState): boolean => state !== 'running' && state !== 'paused';

/** Everything that takes longer than a call should. Jobs do not depend on the window that started them. */
export class Jobs {
  readonly #all = new Map<string, Kept>();
  readonly #tell: (event: ApiEvent) => void;
  #last = 0;

  constructor(tell: (event: ApiEvent) => void) {
    this.#tell = tell;
  }

  /** Starts work and answers at once. @throws Refusal BUSY when another job works on the ledger */
  start(options: JobOptions, work: (handle: JobHandle) => Promise<JobEnd>): { job: string } {
    const busy = options.exclusive ? this.exclusive() : null;
    if (busy) {
      throw new Refusal(
        'refused',
        'BUSY',
        `cannot start "${options.title}": "${busy.title}" is running. Wait until it has ended, or cancel it.`,
      );
    }
    const id = `j${(this.#last += 1)}`;
    const control = createRunControl();
    const kept: Kept = {
      job: {
        id,
        kind: options.kind,
        title: options.title,
        state: 'running',
        started: new Date().toISOString(),
        ended: null,
        canPause: options.canPause ?? false,
        canCancel: options.canCancel ?? true,
        result: null,
        error: null,
      },
      control,
      exclusive: options.exclusive ?? false,
      progress: new Map(),
      ended: Promise.resolve(),
    };
    this.#all.set(id, kept);
    this.#forgetOld();
    this.#change(kept, {});
    const progress = (one: JobProgress): void => {
      kept.progress.set(progressKey(one), one);
      this.#tell({ event: 'progress', job: id, progress: one });
    };
    kept.ended = this.#run(kept, work, {
      id,
      control,
      signal: control.signal,
      progress,
      step: (step, done, of) => progress({ kind: 'step', step, done: done ?? null, of: of ?? null }),
    });
    return { job: id };
  }

  list(): Job[] {
    return [...this.#all.values()].map((kept) => kept.job);
  }

  get(id: string): { job: Job; progress: JobProgress[] } {
    const kept = this.#find(id);
    return { job: kept.job, progress: [...kept.progress.values()] };
  }

  async wait(id: string, signal: AbortSignal): Promise<Job> {
    const kept = this.#find(id);
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.race([kept.ended, stopped.promise]);
      return kept.job;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  pause(id: string): Job {
    const kept = this.#find(id);
    if (kept.job.state === 'running' && kept.job.canPause) {
      kept.control.pause();
      this.#change(kept, { state: 'paused' });
    }
    return kept.job;
  }

  resume(id: string): Job {
    const kept = this.#find(id);
    if (kept.job.state === 'paused') {
      kept.control.resume();
      this.#change(kept, { state: 'running' });
    }
    return kept.job;
  }

  cancel(id: string): Job {
    const kept = this.#find(id);
    if (!isOver(kept.job.state) && kept.job.canCancel) kept.control.cancel();
    return kept.job;
  }

  /** The job that works on the ledger now, or null. */
  exclusive(): Job | null {
    return [...this.#all.values()].find((kept) => kept.exclusive && !isOver(kept.job.state))?.job ?? null;
  }

  /** Cancels everything and waits for its end. */
  async end(): Promise<void> {
    for (const { job, control } of this.#all.values()) if (!isOver(job.state)) control.cancel();
    await Promise.all([...this.#all.values()].map((kept) => kept.ended));
  }

  async #run(kept: Kept, work: (handle: JobHandle) => Promise<JobEnd>, handle: JobHandle): Promise<void> {
    try {
      // After the caller has its answer: events must not come before the job's id is known.
      await Promise.resolve();
      const { result, state = 'done' } = await work(handle);
      this.#change(kept, { state, result, ended: new Date().toISOString() });
    } catch (error) {
      const failure = failureOf(error);
      const stopped = handle.signal.aborted || failure.kind === 'cancelled';
      this.#change(kept, {
        state: stopped ? 'cancelled' : 'failed',
        error: stopped ? null : failure,
        ended: new Date().toISOString(),
      });
    }
  }

  #change(kept: Kept, change: Partial<Job>): void {
    kept.job = { ...kept.job, ...change };
    this.#tell({ event: 'job', job: kept.job });
  }

  #find(id: string): Kept {
    const kept = this.#all.get(id);
    if (kept) return kept;
    throw new Refusal(
      'refused',
      'NOT_FOUND',
      `cannot find job ${id}: it ended long ago, or before the engine was started.`,
    );
  }

  #forgetOld(): void {
    for (const [id, { job }] of this.#all) {
      if (this.#all.size <= MOST_KEPT) return;
      if (isOver(job.state)) this.#all.delete(id);
    }
  }
}

/** What a later report of the same thing replaces. */
function progressKey(progress: JobProgress): string {
  switch (progress.kind) {
    case 'operation':
      return `operation ${progress.source} ${progress.op} ${progress.scope}`;
    case 'source':
      return `source ${progress.source}`;
    case 'step':
      return `step ${progress.step}`;
    case 'snapshot':
    case 'files':
      return progress.kind;
  }
}

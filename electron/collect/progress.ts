import type { Operation } from './operation.ts';

/** Where one operation in one scope stands. */
export interface OperationProgress {
  kind: 'operation';
  source: string;
  scope: string;
  op: string;
  /** Calls that have their answer or their final error, of them from an earlier run, of them gaps. */
  done: number;
  replayed: number;
  gaps: number;
  /** Calls known to come; grows while lists are read. */
  planned: number;
  /** Waiting for the rate budget now. */
  waiting: number;
  /** Requests per second allowed now, and by the budget. */
  rate: number;
  budget: number;
  /** True while the provider has slowed us down. */
  throttled: boolean;
}

/** What a collection reports while it runs. */
export type CollectProgress =
  | OperationProgress
  | { kind: 'source'; source: string; state: 'running' | 'done' | 'stopped'; message: string | null }
  | { kind: 'snapshot'; snapshot: string; state: 'open' | 'paused' | 'running' | 'closed' };

export type OnProgress = (event: CollectProgress) => void;

/** How often the same operation is reported, ms. */
const INTERVAL_MS = 100;

/** Counts for one source, reported at most every 100 ms for each operation and scope. */
export interface ProgressTracker {
  plan(op: Operation, scope: string, calls: number): void;
  waiting(op: Operation, scope: string, change: 1 | -1): void;
  rate(op: Operation, scope: string, rate: number, budget: number): void;
  done(op: Operation, scope: string, how: { replayed: boolean; gap: boolean }): void;
  /** Reports what is not reported yet. */
  flush(): void;
}

export function createTracker(source: string, report: OnProgress): ProgressTracker {
  const all = new Map<string, OperationProgress>();
  const dirty = new Set<OperationProgress>();
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    for (const progress of dirty) report({ ...progress });
    dirty.clear();
  };
  const change = (op: Operation, scope: string, apply: (p: OperationProgress) => void) => {
    const key = `${op.id} ${scope}`;
    let progress = all.get(key);
    if (!progress) all.set(key, (progress = blank(source, op.id, scope)));
    apply(progress);
    progress.planned = Math.max(progress.planned, progress.done);
    dirty.add(progress);
    timer ??= setTimeout(flush, INTERVAL_MS).unref();
  };

  return {
    plan: (op, scope, calls) => change(op, scope, (p) => (p.planned += calls)),
    waiting: (op, scope, by) => change(op, scope, (p) => (p.waiting += by)),
    rate: (op, scope, rate, budget) =>
      change(op, scope, (p) => {
        p.rate = rate;
        p.budget = budget;
        p.throttled = rate < budget;
      }),
    done: (op, scope, how) =>
      change(op, scope, (p) => {
        p.done += 1;
        if (how.replayed) p.replayed += 1;
        if (how.gap) p.gaps += 1;
      }),
    flush,
  };
}

function blank(source: string, op: string, scope: string): OperationProgress {
  return {
    kind: 'operation',
    source,
    scope,
    op,
    done: 0,
    replayed: 0,
    gaps: 0,
    planned: 0,
    waiting: 0,
    rate: 0,
    budget: 0,
    throttled: false,
  };
}

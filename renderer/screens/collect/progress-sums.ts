import type { JobProgress } from '../../../electron/api/jobs.ts';

type Operation = Extract<JobProgress, { kind: 'operation' }>;

export interface ScopeSum {
  source: string;
  scope: string;
  done: number;
  planned: number;
  gaps: number;
  replayed: number;
  waiting: number;
  throttled: boolean;
  operations: Operation[];
}

export interface Sums {
  done: number;
  planned: number;
  gaps: number;
  replayed: number;
  waiting: number;
  throttled: boolean;
  scopes: ScopeSum[];
  /** Sources that ended before their end, with their reason. */
  stopped: { source: string; message: string }[];
}

/** What the reports of a collection add up to, by scope; the busiest scopes first. */
export function progressSums(progress: Iterable<JobProgress>): Sums {
  const scopes = new Map<string, ScopeSum>();
  const stopped: Sums['stopped'] = [];
  for (const report of progress) {
    if (report.kind === 'source' && report.state === 'stopped') {
      stopped.push({ source: report.source, message: report.message ?? 'No reason was given.' });
    }
    if (report.kind !== 'operation') continue;
    const key = `${report.source} ${report.scope}`;
    const scope = scopes.get(key) ?? {
      source: report.source,
      scope: report.scope,
      done: 0,
      planned: 0,
      gaps: 0,
      replayed: 0,
      waiting: 0,
      throttled: false,
      operations: [],
    };
    scope.done += report.done;
    scope.planned += report.planned;
    scope.gaps += report.gaps;
    scope.replayed += report.replayed;
    scope.waiting += report.waiting;
    scope.throttled ||= report.throttled;
    scope.operations.push(report);
    scopes.set(key, scope);
  }
  const all = [...scopes.values()].sort(
    (a, b) =>
      b.planned - b.done - (a.planned - a.done) || b.planned - a.planned || (a.scope < b.scope ? -1 : 1),
  );
  const sum = (of: (scope: ScopeSum) => number) => all.reduce((total, scope) => total + of(scope), 0);
  return {
    done: sum((s) => s.done),
    planned: sum((s) => s.planned),
    gaps: sum((s) => s.gaps),
    replayed: sum((s) => s.replayed),
    waiting: sum((s) => s.waiting),
    throttled: all.some((s) => s.throttled),
    scopes: all,
    stopped,
  };
}

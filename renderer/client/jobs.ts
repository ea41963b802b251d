import { useMemo } from 'react';
import type { ApiEvent } from '../../electron/api/events.ts';
import type { Job, JobKind, JobProgress } from '../../electron/api/jobs.ts';
import { client } from './client.ts';
import { Store, useStore } from './store.ts';

/** A job and the last report of each thing that moves in it. */
export interface JobView {
  job: Job;
  progress: ReadonlyMap<string, JobProgress>;
}

const views = new Store<ReadonlyMap<string, JobView>>(new Map());

/** What reports about the same thing share. */
export function progressKey(progress: JobProgress): string {
  switch (progress.kind) {
    case 'operation':
      return `operation ${progress.source} ${progress.scope} ${progress.op}`;
    case 'source':
      return `source ${progress.source}`;
    case 'snapshot':
    case 'files':
      return progress.kind;
    case 'step':
      return `step ${progress.step}`;
  }
}

export const isRunning = (job: Job): boolean => job.state === 'running' || job.state === 'paused';

/** Learns of the jobs that run already, so that a window that is reloaded goes on where it was. */
export async function takeUpJobs(): Promise<void> {
  const { jobs } = await client().invoke('jobs.list', {});
  for (const { id } of jobs) {
    const { job, progress } = await client().invoke('jobs.get', { job: id });
    update(job.id, () => ({ job, progress: new Map(progress.map((p) => [progressKey(p), p])) }));
  }
}

/** Takes in what the engine tells. */
export function hearJob(event: ApiEvent): void {
  if (event.event === 'job') {
    update(event.job.id, (view) => ({ job: event.job, progress: view?.progress ?? new Map() }));
  } else if (event.event === 'progress') {
    queue(event.job, event.progress);
  }
}

/* Reports come in hundreds a second; they are shown at most once per frame. */
const queued = new Map<string, Map<string, JobProgress>>();
let frame = false;

function queue(job: string, progress: JobProgress): void {
  const of = queued.get(job) ?? new Map<string, JobProgress>();
  of.set(progressKey(progress), progress);
  queued.set(job, of);
  if (frame) return;
  frame = true;
  // A window in the background gets no frames, and must not collect reports without end.
  setTimeout(flush, 50);
}

function flush(): void {
  frame = false;
  const next = new Map(views.get());
  for (const [id, reports] of queued) {
    const view = next.get(id);
    if (view) next.set(id, { job: view.job, progress: new Map([...view.progress, ...reports]) });
  }
  queued.clear();
  views.set(next);
}

function update(id: string, change: (view: JobView | undefined) => JobView): void {
  views.set(new Map(views.get()).set(id, change(views.get().get(id))));
}

/** Every job of this session. */
export function useJobs(): ReadonlyMap<string, JobView> {
  return useStore(views);
}

/** One job, or null. */
export function useJob(id: string | null): JobView | null {
  const all = useJobs();
  return (id === null ? undefined : all.get(id)) ?? null;
}

/** The latest job of one kind, running or ended. */
export function useLatestJob(kind: JobKind): JobView | null {
  const all = useJobs();
  return useMemo(() => [...all.values()].findLast((view) => view.job.kind === kind) ?? null, [all, kind]);
}

/** Jobs that go on now. */
export function useRunningJobs(): JobView[] {
  const all = useJobs();
  return useMemo(() => [...all.values()].filter((view) => isRunning(view.job)), [all]);
}

/** Waits for a job's end. @throws the job's own error when it failed. */
export async function jobResult<T>(id: string): Promise<T> {
  const job = await client().invoke('jobs.wait', { job: id });
  if (job.error) throw Object.assign(new Error(job.error.message), job.error);
  if (job.state === 'cancelled') throw Object.assign(new Error('it was cancelled.'), { code: 'CANCELLED' });
  return job.result as T;
}

import type { Works } from './work.ts';

export const jobWorks: Works<
  'jobs.list' | 'jobs.get' | 'jobs.wait' | 'jobs.pause' | 'jobs.resume' | 'jobs.cancel'
> = {
  'jobs.list': ({ jobs }) => ({ jobs: jobs.list() }),
  'jobs.get': ({ jobs }, { job }) => jobs.get(job),
  'jobs.wait': ({ jobs }, { job }, { signal }) => jobs.wait(job, signal),
  'jobs.pause': ({ jobs }, { job }) => jobs.pause(job),
  'jobs.resume': ({ jobs }, { job }) => jobs.resume(job),
  'jobs.cancel': ({ jobs }, { job }) => jobs.cancel(job),
};

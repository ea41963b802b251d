import type { ApiEvent } from '../../electron/api/events.ts';
import { client } from '../client/client.ts';
import { hearJob, takeUpJobs } from '../client/jobs.ts';
import { forgetAll, invalidateAll } from '../client/query.ts';
import { appSettings, loadEngagement, loadSettings, openEngagement } from '../client/session.ts';
import { notify } from '../ui/toast.tsx';
import { applyLook } from './look.ts';
import { takeOpened } from './open-paths.ts';
import { runCommand } from './commands.ts';

/** Learns what is open and listens from then on. */
export async function startSession(): Promise<void> {
  client().subscribe(hear);
  appSettings.subscribe(() => applyLook(appSettings.get()));
  await Promise.all([loadSettings(), loadEngagement(), takeUpJobs()]);
  await takeOpened();
}

function hear(event: ApiEvent): void {
  hearJob(event);
  switch (event.event) {
    case 'engagement':
      void reloadEngagement();
      break;
    case 'settings':
      void loadSettings();
      break;
    case 'command':
      runCommand(event.command);
      break;
    case 'opened':
      void takeOpened();
      break;
    case 'engine':
      if (event.state === 'gone') notify('The engine stopped', event.message, 'failed');
      else {
        notify('The engine is back', event.message);
        void Promise.all([loadSettings(), reloadEngagement(), takeUpJobs()]);
      }
      break;
    case 'job':
      if (event.job.ended !== null) invalidateAll();
      break;
    case 'progress':
      break;
  }
}

async function reloadEngagement(): Promise<void> {
  const before = openEngagement.get()?.file;
  const now = await loadEngagement();
  if (now?.file === before) invalidateAll();
  else forgetAll();
}

import { dialog, type BrowserWindow } from 'electron';
import type { Job } from '../api/jobs.ts';
import type { EngineSupervisor } from '../host/engine-supervisor.ts';

/** Asks before the window closes while something runs on the ledger; what was recorded is kept either way. */
export function askBeforeClosing(window: BrowserWindow, engine: EngineSupervisor): void {
  let decided = false;
  window.on('close', (event) => {
    if (decided) return;
    event.preventDefault();
    void mayClose(window, engine).then((yes) => {
      if (!yes || window.isDestroyed()) return;
      decided = true;
      window.close();
    });
  });
}

async function mayClose(window: BrowserWindow, engine: EngineSupervisor): Promise<boolean> {
  const running = await runningJobs(engine);
  if (running.length === 0) return true;
  const collecting = running.some((job) => job.kind === 'collect');
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: collecting ? 'A collection is running.' : `"${running[0]!.title}" is running.`,
    detail: collecting
      ? 'Everything recorded so far is kept. If you stop it now, resume it later: it goes on where it stopped.'
      : 'If you stop it now, it must be started again.',
    buttons: ['Keep running', 'Stop and close'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Jobs that are not over; none when the engine does not answer, for then nothing runs. */
async function runningJobs(engine: EngineSupervisor): Promise<Job[]> {
  try {
    const { jobs } = (await engine.call('jobs.list', {})) as { jobs: Job[] };
    return jobs.filter((job) => job.state === 'running' || job.state === 'paused');
  } catch {
    return [];
  }
}

import { isRunning, type JobView } from '../../client/jobs.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { count } from '../../ui/format.ts';

/** A preview or a build while it runs, or why it failed. */
export function PackJob({ view, title, failed }: { view: JobView; title: string; failed: string }) {
  const { job, progress } = view;
  if (isRunning(job)) {
    const step = [...progress.values()].findLast((one) => one.kind === 'step');
    const counts = step && step.done !== null && step.of !== null;
    return (
      <Panel title={title}>
        <ProgressBar
          label={step?.step ?? 'Starting'}
          value={step?.done ?? null}
          max={step?.of ?? 1}
          text={counts ? `${count(step.done!)} of ${count(step.of!)}` : 'working'}
        />
      </Panel>
    );
  }
  if (!job.error) return null;
  return (
    <ErrorState
      what={failed}
      error={Object.assign(new Error(job.error.message), { code: job.error.code })}
      effect="Nothing half-made was left behind; what was collected is unchanged."
    />
  );
}

import { useState } from 'react';
import type { CaptureJobResult } from '../../../../electron/api/capture.ts';
import type { JobProgress } from '../../../../electron/api/jobs.ts';
import { isRunning, useJob, type JobView } from '../../../client/jobs.ts';
import { invalidateAll, invoke, useQuery } from '../../../client/query.ts';
import { currentOperator } from '../../../client/session.ts';
import { EntryLink } from '../../../ledger/entry-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { errorWords } from '../../../ui/error-words.ts';
import { counted } from '../../../ui/format.ts';
import { notify } from '../../../ui/toast.tsx';

/** Takes dated screenshots of keys in the provider's own console: says what will happen, follows it, shows what it gave. */
export function CaptureDialog({
  keys,
  snapshot,
  onClose,
}: {
  keys: readonly string[];
  snapshot: string;
  onClose: () => void;
}) {
  const [jobId, setJobId] = useState<string | null>(null);
  const view = useJob(jobId);
  const info = useQuery('app.info', {});
  const running = view !== null && isRunning(view.job);
  const start = async () => {
    try {
      const operator = await currentOperator();
      setJobId((await invoke('capture.start', { snapshot, keys: [...keys], operator })).job);
    } catch (error) {
      notify('Cannot take the screenshots', errorWords(error).message, 'failed');
    }
  };
  const close = () => {
    if (running) void invoke('jobs.cancel', { job: view.job.id });
    invalidateAll();
    onClose();
  };
  return (
    <Dialog
      open
      onOpen={close}
      title={`Console screenshots of ${counted(keys.length, 'key')}`}
      description="Dated pictures of the provider’s own pages, with address, account, time and your name around them. Each is an entry of the ledger and goes into the pack."
      foot={
        <>
          <Button onClick={close}>{running ? 'Cancel' : 'Close'}</Button>
          {view === null && (
            <Button look="primary" disabled={info.data?.can.capture !== true} onClick={() => void start()}>
              Open the console
            </Button>
          )}
        </>
      }
    >
      {info.data?.can.capture === false && (
        <p role="alert">
          Pictures need Chrome, Edge or Chromium on this computer, and a screen: install one, or use the
          desktop app.
        </p>
      )}
      {view === null ? (
        <ol className="stack">
          <li>A window of its own opens on the console. You sign in there; Keywitness sees no password.</li>
          <li>
            General configuration, rotation and policy of each key are shown and photographed one by one.
          </li>
          <li>The window closes, and its session is thrown away.</li>
        </ol>
      ) : (
        <Course view={view} />
      )}
    </Dialog>
  );
}

/** The step that was told last. */
function lastStep(view: JobView): Extract<JobProgress, { kind: 'step' }> | null {
  return [...view.progress.values()].findLast((one) => one.kind === 'step') ?? null;
}

const SIGN_IN = 'sign-in: ';

function Course({ view }: { view: JobView }) {
  const { job } = view;
  const step = lastStep(view);
  if (job.state === 'failed') return <p role="alert">{job.error?.message}</p>;
  if (job.result !== null) return <Result result={job.result as unknown as CaptureJobResult} />;
  if (!isRunning(job)) return <p role="status">Cancelled. Pictures taken before are kept.</p>;
  if (step?.step.startsWith(SIGN_IN)) {
    return (
      <div className="stack">
        <p role="status">
          Sign in to <b>{step.step.slice(SIGN_IN.length)}</b> in the window that opened, and wait until you
          see the key.
        </p>
        <p>
          <Button look="primary" onClick={() => void invoke('capture.signedIn', { job: job.id })}>
            I am signed in
          </Button>
        </p>
      </div>
    );
  }
  return (
    <p role="status">
      {step === null ? 'Opening the console' : `Key ${(step.done ?? 0) + 1} of ${step.of ?? 1}`}
    </p>
  );
}

function Result({ result }: { result: CaptureJobResult }) {
  return (
    <div className="stack">
      <p role="status">
        {counted(result.taken.length, 'picture')} recorded
        {result.missed.length > 0 && `, ${result.missed.length} could not be taken`}.
      </p>
      <ul className="stack">
        {result.taken.map(({ seq, view }) => (
          <li key={seq}>
            {view} <EntryLink seq={seq} />
          </li>
        ))}
        {result.missed.map(({ key, view, reason }) => (
          <li key={`${key} ${view}`}>
            {view || key}: {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

import { FileCheck2, FlaskConical, FolderOpen, Plug, X } from 'lucide-react';
import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { jobResult, useLatestJob } from '../../client/jobs.ts';
import { go, routeHash } from '../../client/route.ts';
import { loadEngagement, useEngagement } from '../../client/session.ts';
import { chooseAndOpen } from '../../shell/commands.ts';
import { Mark } from '../../shell/mark.tsx';
import { openFile } from '../../shell/open-paths.ts';
import { IconButton } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { periodWords, utcTime } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { Empty } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Where } from './where.tsx';
import './start.css';

/** The first screen: begin, go on, try it, or check a pack. */
export function StartScreen() {
  const open = useEngagement();
  return (
    <div className="screen start">
      <header className="start-head">
        <Mark size={40} />
        <div>
          <h1 tabIndex={-1}>Encryption-key evidence that anyone can verify</h1>
          <p className="screen-lead">
            Collect from your key management systems for a date range, test the controls, and seal one pack: a
            PDF to read and a zip to verify. Keywitness reads only, and keeps everything in one file on this
            machine.
          </p>
        </div>
      </header>
      {open && <Where />}
      <div className="start-actions">
        <a className="start-action" href={routeHash('new')}>
          <Plug size={20} aria-hidden />
          <span>
            <strong>Connect a provider</strong>
            <span>Start an engagement: client, period, then AWS, Azure or Vault.</span>
          </span>
        </a>
        <button type="button" className="start-action" onClick={() => void chooseAndOpen()}>
          <FolderOpen size={20} aria-hidden />
          <span>
            <strong>Open an engagement</strong>
            <span>A .keywitness file. You can also drop it on this window.</span>
          </span>
        </button>
        <button type="button" className="start-action" onClick={() => go('verify')}>
          <FileCheck2 size={20} aria-hidden />
          <span>
            <strong>Open a pack to verify</strong>
            <span>No account, no network: the verdict first, then every check.</span>
          </span>
        </button>
        <Sample />
      </div>
      <Recent />
    </div>
  );
}

/** The sample environment: real servers on this machine, and everything they give marked as a sample. */
function Sample() {
  const [busy, setBusy] = useState(false);
  const job = useLatestJob('sample');
  const start = async () => {
    setBusy(true);
    try {
      const { job: id } = await invoke('app.openSample', {});
      await jobResult(id);
      const opened = await loadEngagement();
      if (opened) go('collect');
    } catch (error) {
      notify('Cannot start the sample environment', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  const step = job?.job.state === 'running' ? [...job.progress.values()].at(-1) : undefined;
  return (
    <div className="start-sample">
      <button type="button" className="start-action" disabled={busy} onClick={() => void start()}>
        <FlaskConical size={20} aria-hidden />
        <span>
          <strong>Try the sample environment</strong>
          <span>A whole company on this machine, with every kind of finding.</span>
          <span className="sample-mark">SAMPLE — NOT EVIDENCE</span>
        </span>
      </button>
      {busy && (
        <ProgressBar
          label="Starting the sample environment"
          value={null}
          max={1}
          text={step?.kind === 'step' ? step.step : 'a few seconds'}
        />
      )}
    </div>
  );
}

function Recent() {
  const recent = useQuery('app.recent', {});
  const forget = async (file: string) => {
    await invoke('app.forget', { file });
    recent.reload();
  };
  return (
    <Panel title="Recent engagements" flush>
      <Shown query={recent} what="recent engagements" lines={3}>
        {({ engagements }) =>
          engagements.length === 0 ? (
            <Empty title="Nothing was opened yet">
              An engagement is one audit in one file: client, period, what was collected, and every decision
              about it.
            </Empty>
          ) : (
            <ul className="recent">
              {engagements.map((item) => (
                <li key={item.file} className="recent-item">
                  <button
                    type="button"
                    className="recent-open"
                    disabled={!item.exists}
                    onClick={() => void openFile(item.file)}
                  >
                    <span>
                      <strong>{item.client}</strong>{' '}
                      {item.sample && <span className="sample-mark">SAMPLE</span>}
                    </span>
                    <span className="muted">{periodWords(item.period.from, item.period.to)} UTC</span>
                    <span className="mono muted clip">
                      {item.exists ? item.file : `${item.file} is not there any more`}
                    </span>
                    <span className="muted recent-when">opened {utcTime(item.opened).slice(0, 16)} UTC</span>
                  </button>
                  <IconButton
                    icon={X}
                    label={`Take ${item.client} off this list`}
                    onClick={() => void forget(item.file)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Panel>
  );
}

import { useState } from 'react';
import type { ImportJobResult } from '../../../electron/api/collect.ts';
import { isRunning, jobResult, useJob } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { go, setParams, useRoute } from '../../client/route.ts';
import { currentOperator, useOpenEngagement, useSettings } from '../../client/session.ts';
import { DropZone } from '../../files/drop-zone.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { bytes, count, counted } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { ErrorState, Partial } from '../../ui/states.tsx';

type State =
  | { at: 'none' }
  | { at: 'running'; job: string }
  | { at: 'failed'; error: unknown }
  | { at: 'done'; result: ImportJobResult };

/** Takes files that the client exported: log files, saved answers of command lines. */
export function ImportPanel() {
  const { sources, readOnly } = useOpenEngagement();
  const settings = useSettings();
  const { params } = useRoute();
  const [dropped, setDropped] = useState<string[] | null>(params.import ? [params.import] : null);
  const [state, setState] = useState<State>({ at: 'none' });
  const files = sources.filter((source) => source.provider === 'files');

  const close = () => {
    setDropped(null);
    setParams({ import: null });
  };
  const start = async (paths: string[]) => {
    close();
    try {
      const { job } = await invoke('collect.import', {
        paths,
        operator: await currentOperator(),
        source: files.length > 1 ? files[0]!.id : null,
        timestamp: settings?.timestamp ?? null,
      });
      setState({ at: 'running', job });
      setState({ at: 'done', result: await jobResult<ImportJobResult>(job) });
    } catch (error) {
      setState({ at: 'failed', error });
    }
  };

  if (readOnly !== null) return null;
  return (
    <Panel
      title="Import files"
      note="Where you get no credentials. What is imported is marked as client-provided."
    >
      <div className="stack">
        <DropZone
          title="Drop files or folders that the client exported"
          question={{ kind: 'open', title: 'Choose files to import', multiple: true }}
          onPaths={setDropped}
        >
          CloudTrail log files and digests, and saved answers of the AWS command line. They are recognised by
          what they hold, not by their name.
        </DropZone>
        {state.at === 'running' && <ImportProgress job={state.job} />}
        {state.at === 'failed' && <ErrorState what="The import ended early" error={state.error} />}
        {state.at === 'done' && <ImportDone result={state.result} />}
      </div>
      <Dialog
        open={dropped !== null}
        onOpen={(open) => !open && close()}
        title={`Import ${counted(dropped?.length ?? 0, 'path')}?`}
        description="Everything in these files and folders that bears on keys becomes evidence in a snapshot of its own. What was imported by mistake cannot be taken out of this file again."
        foot={
          <>
            <Button onClick={close}>Do not import</Button>
            <Button look="primary" onClick={() => dropped && void start(dropped)}>
              Import as evidence
            </Button>
          </>
        }
      >
        <ul className="mono small import-paths">
          {(dropped ?? []).slice(0, 12).map((path) => (
            <li key={path}>{path}</li>
          ))}
          {(dropped?.length ?? 0) > 12 && <li>and {count((dropped?.length ?? 0) - 12)} more</li>}
        </ul>
      </Dialog>
    </Panel>
  );
}

function ImportProgress({ job }: { job: string }) {
  const view = useJob(job);
  const files = view?.progress.get('files');
  return (
    <div className="stack">
      {files?.kind === 'files' ? (
        <ProgressBar
          label="Reading files"
          value={files.bytes}
          max={files.ofBytes}
          text={`${count(files.files)} of ${count(files.of)} files, ${bytes(files.bytes)}, ${count(files.events)} events`}
        />
      ) : (
        <ProgressBar label="Reading files" value={null} max={1} text="looking at what they are" />
      )}
      {view && isRunning(view.job) && (
        <div>
          <Button onClick={() => void invoke('jobs.cancel', { job })}>Stop the import</Button>
        </div>
      )}
    </div>
  );
}

function ImportDone({ result }: { result: ImportJobResult }) {
  const missing = [...result.rejected, ...result.defective];
  return (
    <div className="stack">
      <p className="small">
        Snapshot {result.snapshot}: {count(result.imported)} of {count(result.files)} files imported,{' '}
        {counted(result.events, 'event')} read, {count(result.relevant)} of them bear on keys.{' '}
        <Button look="quiet" onClick={() => go('keys')}>
          Show the keys
        </Button>
      </p>
      {missing.length > 0 && (
        <>
          <Partial>
            {counted(missing.length, 'file')} not used. They are listed as gaps; what they held is not part of
            the evidence.
          </Partial>
          <div className="table-scroll permissions" tabIndex={0} role="region" aria-label="Files not used">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Why not</th>
                </tr>
              </thead>
              <tbody>
                {missing.map((file) => (
                  <tr key={file.path}>
                    <td className="mono">{file.path}</td>
                    <td>{file.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

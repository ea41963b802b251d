import { useState } from 'react';
import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { useJobs } from '../../client/jobs.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { pretty } from '../../ledger/fact-text.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count } from '../../ui/format.ts';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

const STATES: Record<string, string> = {
  running: 'running',
  paused: 'paused',
  done: 'done',
  'done-with-gaps': 'done, with gaps',
  cancelled: 'cancelled',
  stopped: 'stopped, can be resumed',
  failed: 'failed',
};

/** What operators did, and every host that was contacted. */
export function ActivityScreen() {
  const hosts = useQuery('app.hosts', {});
  const jobs = [...useJobs().values()].reverse();
  return (
    <Screen
      title="Activity"
      lead="Your own actions as the ledger has them, and every host this engagement talked to. There is no telemetry: nothing else leaves this machine."
    >
      <Panel title="Hosts contacted" flush>
        <Shown query={hosts} what="the hosts">
          {(data) =>
            data.hosts.length === 0 ? (
              <Empty title="No host was contacted yet">
                Keywitness talks to the providers you name and to the timestamp authority, to no one else.
              </Empty>
            ) : (
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Host</th>
                    <th scope="col">Why</th>
                    <th scope="col" className="number">
                      Calls
                    </th>
                    <th scope="col">First</th>
                    <th scope="col">Last</th>
                  </tr>
                </thead>
                <tbody>
                  {data.hosts.map((host) => (
                    <tr key={`${host.host} ${host.purpose}`}>
                      <td className="mono">{host.host}</td>
                      <td>{host.purpose}</td>
                      <td className="number">{count(host.calls)}</td>
                      <td>
                        <Time at={host.first} />
                      </td>
                      <td>
                        <Time at={host.last} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Shown>
      </Panel>
      {jobs.length > 0 && (
        <Panel title="This session" note="Work that was started since the window opened." flush>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">Started</th>
                <th scope="col">Ended</th>
              </tr>
            </thead>
            <tbody>
              {jobs.map(({ job }) => (
                <tr key={job.id}>
                  <td>{job.title}</td>
                  <td>
                    {STATES[job.state]}
                    {job.error && <span className="field-hint">{job.error.message}</span>}
                  </td>
                  <td>
                    <Time at={job.started} />
                  </td>
                  <td>
                    <Time at={job.ended} none="not yet" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
      <Actions />
    </Screen>
  );
}

function Actions() {
  const pages = usePages('app.activity', (after, signal) =>
    invoke('app.activity', { after, limit: 100 }, { signal }),
  );
  const [shown, setShown] = useState<(typeof pages.rows)[number] | null>(null);
  return (
    <Panel title="Actions" note="Newest first. Part of the ledger, and of every pack." flush>
      {pages.rows.length === 0 && pages.loading && <Loading what="the actions" />}
      {pages.error !== null && (
        <ErrorState
          what="Cannot show the actions"
          error={pages.error}
          actions={<Button onClick={pages.retry}>Try again</Button>}
        />
      )}
      {pages.rows.length === 0 && pages.done && <Empty title="Nothing was recorded yet" />}
      {pages.rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">About</th>
              <th scope="col">Value</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((row) => (
              <tr key={row.seq}>
                <td>
                  <Time at={row.at} />
                </td>
                <td>{row.by.name}</td>
                <td className="mono">{row.what}</td>
                <td className="mono activity-subject">{row.subject}</td>
                <td>
                  <Button look="quiet" onClick={() => setShown(row)}>
                    Show
                  </Button>
                </td>
                <td>
                  <EntryLink seq={row.seq} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!pages.done && pages.rows.length > 0 && (
        <p className="panel-more">
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Show earlier actions
          </Button>
        </p>
      )}
      <Dialog
        open={shown !== null}
        onOpen={(open) => !open && setShown(null)}
        title={shown ? `${shown.what} ${shown.subject}` : ''}
        place="wide"
      >
        {shown && <Code title="Declared value" text={pretty(shown.value)} />}
      </Dialog>
    </Panel>
  );
}

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
import { PagedTable } from '../../ui/paged-table.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
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
              <Table
                rows={data.hosts}
                idOf={({ host, purpose }) => `${host} ${purpose}`}
                columns={[
                  { label: 'Host', cell: ({ host }) => <span className="mono">{host}</span> },
                  { label: 'Why', cell: ({ purpose }) => purpose },
                  { label: 'Calls', number: true, cell: ({ calls }) => count(calls) },
                  { label: 'First', cell: ({ first }) => <Time at={first} /> },
                  { label: 'Last', cell: ({ last }) => <Time at={last} /> },
                ]}
              />
            )
          }
        </Shown>
      </Panel>
      {jobs.length > 0 && (
        <Panel title="This session" note="Work that was started since the window opened." flush>
          <Table
            rows={jobs}
            idOf={({ job }) => job.id}
            columns={[
              { label: 'What', cell: ({ job }) => job.title },
              {
                label: 'State',
                cell: ({ job }) => (
                  <>
                    {STATES[job.state]}
                    {job.error && <span className="field-hint">{job.error.message}</span>}
                  </>
                ),
              },
              { label: 'Started', cell: ({ job }) => <Time at={job.started} /> },
              { label: 'Ended', cell: ({ job }) => <Time at={job.ended} none="not yet" /> },
            ]}
          />
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
      <PagedTable
        pages={pages}
        what="the actions"
        idOf={({ seq }) => seq}
        columns={[
          { label: 'When', cell: ({ at }) => <Time at={at} /> },
          { label: 'Who', cell: ({ by }) => by.name },
          { label: 'What', cell: ({ what }) => <span className="mono">{what}</span> },
          {
            label: 'About',
            className: 'activity-subject',
            cell: ({ subject }) => <span className="mono">{subject}</span>,
          },
          {
            label: 'Value',
            cell: (row) => (
              <Button look="quiet" onClick={() => setShown(row)}>
                Show
              </Button>
            ),
          },
          { label: 'Source', cell: ({ seq }) => <EntryLink seq={seq} /> },
        ]}
        empty={<Empty title="Nothing was recorded yet" />}
      />
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

import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { currentOperator, useSnapshot } from '../../client/session.ts';
import { ListImport } from '../../records/list-import.tsx';
import { Button } from '../../ui/button.tsx';
import { counted } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, Partial } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';
import { EntryLink } from '../../ledger/entry-link.tsx';

/** Most keys that a line names; the number says how many there are. */
const MOST_NAMED = 4;

/** Systems and data that need encryption, set against the keys both ways. */
export function SystemsPanel({ editable }: { editable: boolean }) {
  const snapshot = useSnapshot();
  const query = useQuery('systems.reconcile', snapshot ? { snapshot: snapshot.id } : null);
  const [importing, setImporting] = useState(false);
  const found = query.data?.reconciliation ?? null;
  return (
    <Panel
      title="Systems and data"
      note={
        found ? (
          <>
            {counted(found.systems.length, 'system')} as of {found.asOf}. <EntryLink seq={found.seq} />
          </>
        ) : (
          'What needs encryption, as the client lists it. Each is set against the keys of the snapshot, both ways.'
        )
      }
      actions={
        <Button disabled={!editable} onClick={() => setImporting(true)}>
          Import a list
        </Button>
      }
      flush
    >
      {snapshot === null ? (
        <Empty title="Nothing was collected yet">
          Import the list now or later: it is set against the keys once there is a snapshot.
        </Empty>
      ) : (
        <Shown query={query} what="the systems">
          {({ reconciliation }) =>
            reconciliation === null ? (
              <Empty title="No list of systems yet">
                Without it nobody can say whether a system is encrypted by a key that was not looked at.
              </Empty>
            ) : (
              <>
                {reconciliation.keysWithoutSystem.length > 0 && (
                  <Partial>
                    {counted(reconciliation.keysWithoutSystem.length, 'key')} of the snapshot name no system.
                  </Partial>
                )}
                {reconciliation.unlisted.length > 0 && (
                  <Partial>
                    Named by keys and not on the list:{' '}
                    {reconciliation.unlisted
                      .map(({ name, keys }) => `${name} (${counted(keys.length, 'key')})`)
                      .join(', ')}
                  </Partial>
                )}
                <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label="Systems">
                  <Table
                    rows={reconciliation.systems}
                    idOf={(system) => system.name}
                    columns={[
                      { label: 'System', cell: ({ name }) => name },
                      { label: 'Owner', cell: ({ owner }) => owner ?? <span className="none">none</span> },
                      {
                        label: 'Class of data',
                        cell: ({ dataClass }) => dataClass ?? <span className="none">not stated</span>,
                      },
                      { label: 'Keys', cell: ({ keys }) => <KeysOfSystem keys={keys} /> },
                    ]}
                  />
                </div>
              </>
            )
          }
        </Shown>
      )}
      {importing && (
        <ListImport
          title="Import systems"
          columns="A table (CSV or XLSX) with the columns system, owner, data_class and purpose."
          onImport={async (given) => {
            const { systems } = await invoke('systems.import', {
              ...given,
              operator: await currentOperator(),
            });
            notify(`Recorded ${counted(systems, 'system')}`);
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </Panel>
  );
}

function KeysOfSystem({ keys }: { keys: readonly string[] }) {
  if (keys.length === 0) return <span className="none">no key names it</span>;
  return (
    <>
      {keys.slice(0, MOST_NAMED).map((key) => (
        <a key={key} className="system-key" href={routeHash('keys', { id: key })}>
          <Identifier value={key} copy={false} tail={12} />
        </a>
      ))}
      {keys.length > MOST_NAMED && `and ${keys.length - MOST_NAMED} more`}
    </>
  );
}

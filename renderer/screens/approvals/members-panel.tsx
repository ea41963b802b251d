import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { isDay } from '../../ui/day.ts';
import { DayField } from '../../ui/day-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { counted, utcDay } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';

/** Who stands behind groups and federated roles: a provider of keys knows the role, not the people. */
export function MembersPanel({ editable }: { editable: boolean }) {
  const query = useQuery('members.list', {});
  const [importing, setImporting] = useState(false);
  return (
    <Panel
      title="Members of groups and roles"
      note="A provider of keys names the role that somebody signs in to, not who does. Lists of the identity provider tell."
      actions={
        <Button disabled={!editable} onClick={() => setImporting(true)}>
          Import a table
        </Button>
      }
      flush
    >
      <Shown query={query} what="the members">
        {({ rosters }) =>
          rosters.length === 0 ? (
            <Empty title="No list of members yet">
              People behind federated roles are then not known by name, and results say so.
            </Empty>
          ) : (
            <Table
              rows={rosters.flatMap((roster) => roster.groups.map((group) => ({ roster, group })))}
              idOf={({ roster, group }) => `${roster.seq} ${group.name}`}
              columns={[
                { label: 'Group or role', cell: ({ group }) => <span className="mono">{group.name}</span> },
                {
                  label: 'Members',
                  cell: ({ group }) =>
                    group.members.map(({ name }) => name).join(', ') || <span className="none">nobody</span>,
                },
                { label: 'Listed by', cell: ({ roster }) => `${roster.provider}, ${roster.asOf}` },
                { label: 'From', cell: ({ roster }) => <FileLink file={roster.file} /> },
                { label: 'Recorded', cell: ({ roster }) => <RecordedBy {...roster} /> },
              ]}
            />
          )
        }
      </Shown>
      {importing && <ImportMembers onClose={() => setImporting(false)} />}
    </Panel>
  );
}

function ImportMembers({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('');
  const [provider, setProvider] = useState('');
  const [asOf, setAsOf] = useState(() => utcDay(Date.now()));
  return (
    <FormDialog
      title="Import members"
      description="A table (CSV or XLSX) with the columns group, member and email."
      action="Import"
      failed="Cannot import the members"
      ready={path.trim() !== '' && provider.trim() !== '' && isDay(asOf)}
      onSubmit={async () => {
        const { groups, members } = await invoke('members.import', {
          path: path.trim(),
          provider: provider.trim(),
          asOf,
          operator: await currentOperator(),
        });
        notify(`Recorded ${counted(members, 'member')} of ${counted(groups, 'group')}`);
      }}
      onClose={onClose}
    >
      <FileField
        label="Table"
        value={path}
        onPath={setPath}
        question={{ kind: 'open', title: 'Choose the table', extensions: ['csv', 'xlsx'] }}
      />
      <div className="form-grid">
        <TextField
          label="Listed by"
          hint="The identity provider."
          placeholder="Entra ID"
          value={provider}
          onText={setProvider}
        />
        <DayField label="As of" value={asOf} onDay={setAsOf} />
      </div>
    </FormDialog>
  );
}

import { useState } from 'react';
import type { InventoryPreview } from '../../../electron/api/inventory.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { currentOperator } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { attempt, record } from '../../records/recording.ts';
import { Button } from '../../ui/button.tsx';
import { DayField } from '../../ui/day-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { count, counted, utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';
import { isDay } from '../../ui/day.ts';

/** The approved versions of the inventory; a table to import, with what it would change shown first. */
export function InventoryPanel({ snapshot, editable }: { snapshot: string; editable: boolean }) {
  const versions = useQuery('inventory.versions', {});
  const [preview, setPreview] = useState<{ path: string; found: InventoryPreview } | null>(null);
  const [approving, setApproving] = useState(false);
  const read = async (path: string, apply: boolean) =>
    invoke('inventory.import', { snapshot, path, apply, operator: await currentOperator() });
  const look = () =>
    attempt('Cannot read the inventory', async () => {
      const paths = await chooseFile({
        kind: 'open',
        title: 'Choose the inventory',
        extensions: ['csv', 'xlsx'],
      });
      const path = paths?.[0];
      if (path) setPreview({ path, found: await read(path, false) });
    });
  const apply = (path: string) =>
    record('Cannot import the inventory', async () => {
      const { changes } = await read(path, true);
      setPreview(null);
      notify(`Recorded for ${counted(changes.length, 'key')}`, 'Tests that depend on it ran again.');
    });
  return (
    <Panel
      title="Inventory of keys"
      note="Owner, deputy, systems, purposes and class of data. A single key is recorded on its own page, under Keys."
      actions={
        <>
          <Button onClick={() => void look()}>Import a table</Button>
          {editable && <Button onClick={() => setApproving(true)}>Approve as it is now</Button>}
        </>
      }
    >
      <Shown query={versions} what="the versions">
        {(data) =>
          data.versions.length === 0 ? (
            <p className="small muted">
              No version was approved yet. Approval freezes the inventory with the name of who approved it.
            </p>
          ) : (
            <Table
              rows={data.versions}
              idOf={({ seq }) => seq}
              columns={[
                { label: 'Version', cell: ({ version }) => <span className="mono">{version}</span> },
                { label: 'Approved by', cell: ({ approver }) => approver },
                { label: 'On', cell: ({ approvedAt }) => approvedAt },
                { label: 'Snapshot', cell: (row) => row.snapshot },
                { label: 'Keys', number: true, cell: ({ keys }) => count(keys) },
                { label: 'Recorded by', cell: ({ by }) => by },
                { label: 'Source', cell: ({ seq }) => <EntryLink seq={seq} /> },
              ]}
            />
          )
        }
      </Shown>
      <Dialog
        open={preview !== null}
        onOpen={(open) => !open && setPreview(null)}
        title="What this table would change"
        place="wide"
        foot={
          <>
            <Button onClick={() => setPreview(null)}>Do not import</Button>
            <Button
              look="primary"
              disabled={!editable || preview?.found.changes.length === 0}
              onClick={() => preview && void apply(preview.path)}
            >
              Record {counted(preview?.found.changes.length ?? 0, 'change')}
            </Button>
          </>
        }
      >
        {preview && <Preview found={preview.found} />}
      </Dialog>
      {approving && <ApproveDialog snapshot={snapshot} onClose={() => setApproving(false)} />}
    </Panel>
  );
}

/** Changed keys that are listed; the number says how many there are. */
const MOST_SHOWN = 200;

function Preview({ found }: { found: InventoryPreview }) {
  return (
    <div className="stack">
      <p className="small">
        {counted(found.rows, 'row')}: {counted(found.changes.length, 'key')} would change,{' '}
        {count(found.unchanged)} stay as they are.
      </p>
      {found.unknown.length > 0 && (
        <Partial>
          {found.unknown
            .slice(0, 10)
            .map((line) => `Line ${line.line}, ${line.key}: ${line.reason}`)
            .join(' · ')}
          {found.unknown.length > 10 && ` and ${count(found.unknown.length - 10)} more`}
        </Partial>
      )}
      {found.missing.length > 0 && (
        <Partial>
          {counted(found.missing.length, 'key')} of the snapshot not in the table: nothing is recorded for
          them.
        </Partial>
      )}
      <Table
        rows={found.changes
          .slice(0, MOST_SHOWN)
          .flatMap(({ key, fields }) => fields.map((field) => ({ key, ...field })))}
        idOf={({ key, field }) => `${key} ${field}`}
        columns={[
          {
            label: 'Key',
            className: 'review-about',
            cell: ({ key }) => (
              <a href={routeHash('keys', { id: key })}>
                <Identifier value={key} copy={false} tail={14} />
              </a>
            ),
          },
          { label: 'Field', cell: ({ field }) => field },
          { label: 'Before', cell: ({ before }) => before || <span className="none">none</span> },
          { label: 'After', cell: ({ after }) => after || <span className="none">none</span> },
        ]}
      />
    </div>
  );
}

function ApproveDialog({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [approver, setApprover] = useState('');
  const [approvedAt, setApprovedAt] = useState(() => utcDay(Date.now()));
  return (
    <FormDialog
      title="Approve the inventory"
      description="Freezes what is on record about every key of this snapshot."
      action="Approve"
      failed="Cannot approve the inventory"
      ready={approver.trim() !== '' && isDay(approvedAt)}
      onSubmit={async () => {
        const { version } = await invoke('inventory.approve', {
          snapshot,
          approver: approver.trim(),
          approvedAt,
          operator: await currentOperator(),
        });
        notify(`Version ${version} is approved`);
      }}
      onClose={onClose}
    >
      <div className="form-grid">
        <TextField label="Approved by" value={approver} onText={setApprover} />
        <DayField label="On" value={approvedAt} onDay={setApprovedAt} />
      </div>
    </FormDialog>
  );
}

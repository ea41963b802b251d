import { useState } from 'react';
import type { InventoryPreview } from '../../../electron/api/inventory.ts';
import { invalidateAll, invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { currentOperator } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { count, counted, utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { isDay } from '../engagement/period.ts';

/** The approved versions of the inventory; a table to import, with what it would change shown first. */
export function InventoryPanel({ snapshot, editable }: { snapshot: string; editable: boolean }) {
  const versions = useQuery('inventory.versions', {});
  const [preview, setPreview] = useState<{ path: string; found: InventoryPreview } | null>(null);
  const [approving, setApproving] = useState(false);
  const look = async () => {
    try {
      const paths = await chooseFile({
        kind: 'open',
        title: 'Choose the inventory',
        extensions: ['csv', 'xlsx'],
      });
      const path = paths?.[0];
      if (!path) return;
      const found = await invoke('inventory.import', {
        snapshot,
        path,
        apply: false,
        operator: await currentOperator(),
      });
      setPreview({ path, found });
    } catch (error) {
      notify('Cannot read the inventory', errorWords(error).message, 'failed');
    }
  };
  const apply = async (path: string) => {
    try {
      const { changes } = await invoke('inventory.import', {
        snapshot,
        path,
        apply: true,
        operator: await currentOperator(),
      });
      setPreview(null);
      invalidateAll();
      notify(`Recorded for ${counted(changes.length, 'key')}`, 'Tests that depend on it ran again.');
    } catch (error) {
      notify('Cannot import the inventory', errorWords(error).message, 'failed');
    }
  };
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
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Version</th>
                  <th scope="col">Approved by</th>
                  <th scope="col">On</th>
                  <th scope="col">Snapshot</th>
                  <th scope="col" className="number">
                    Keys
                  </th>
                  <th scope="col">Recorded by</th>
                  <th scope="col">Source</th>
                </tr>
              </thead>
              <tbody>
                {data.versions.map((version) => (
                  <tr key={version.seq}>
                    <td className="mono">{version.version}</td>
                    <td>{version.approver}</td>
                    <td>{version.approvedAt}</td>
                    <td>{version.snapshot}</td>
                    <td className="number">{count(version.keys)}</td>
                    <td>{version.by}</td>
                    <td>
                      <EntryLink seq={version.seq} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
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
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {found.changes.slice(0, 200).flatMap((change) =>
            change.fields.map((field) => (
              <tr key={`${change.key} ${field.field}`}>
                <td className="review-about">
                  <a href={routeHash('keys', { id: change.key })}>
                    <Identifier value={change.key} copy={false} tail={14} />
                  </a>
                </td>
                <td>{field.field}</td>
                <td>{field.before || <span className="none">none</span>}</td>
                <td>{field.after || <span className="none">none</span>}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function ApproveDialog({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [approver, setApprover] = useState('');
  const [approvedAt, setApprovedAt] = useState(() => utcDay(Date.now()));
  const ready = approver.trim() !== '' && isDay(approvedAt);
  const approve = async () => {
    try {
      const { version } = await invoke('inventory.approve', {
        snapshot,
        approver: approver.trim(),
        approvedAt,
        operator: await currentOperator(),
      });
      invalidateAll();
      notify(`Version ${version} is approved`);
      onClose();
    } catch (error) {
      notify('Cannot approve the inventory', errorWords(error).message, 'failed');
    }
  };
  return (
    <Dialog
      open
      onOpen={onClose}
      title="Approve the inventory"
      description="Freezes what is on record about every key of this snapshot."
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={() => void approve()}>
            Approve
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <TextField label="Approved by" value={approver} onText={setApprover} />
        <TextField label="On" mono value={approvedAt} onText={setApprovedAt} />
      </div>
    </Dialog>
  );
}

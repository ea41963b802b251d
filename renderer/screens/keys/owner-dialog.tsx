import { useState } from 'react';
import type { InventoryRow } from '../../../electron/api/inventory.ts';
import { invalidateAll, invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { Shown } from '../../ui/shown.tsx';
import { notify } from '../../ui/toast.tsx';
import { namesIn } from '../../records/name-list.ts';

/** Records who owns a key and what it is for. */
export function OwnerDialog({
  id,
  snapshot,
  onClose,
}: {
  id: string;
  snapshot: string;
  onClose: () => void;
}) {
  const query = useQuery('inventory.of', { snapshot, key: id });
  return (
    <Dialog
      open
      onOpen={onClose}
      title="Record the owner"
      description="Stands in the ledger under your name, beside what the client’s tags say. Tests that depend on it run again."
    >
      <Shown query={query} what="what is on record">
        {({ row }) => <Form id={id} snapshot={snapshot} row={row} onClose={onClose} />}
      </Shown>
    </Dialog>
  );
}

function Form({
  id,
  snapshot,
  row,
  onClose,
}: {
  id: string;
  snapshot: string;
  row: InventoryRow | null;
  onClose: () => void;
}) {
  const [owner, setOwner] = useState(row?.owner ?? '');
  const [deputy, setDeputy] = useState(row?.deputy ?? '');
  const [systems, setSystems] = useState(row?.systems.join(', ') ?? '');
  const [dataClass, setDataClass] = useState(row?.dataClass ?? '');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await invoke('inventory.record', {
        snapshot,
        keys: [id],
        record: {
          owner: owner.trim() || null,
          deputy: deputy.trim() || null,
          systems: namesIn(systems).length === 0 ? null : namesIn(systems),
          dataClass: dataClass.trim() || null,
        },
        operator: await currentOperator(),
      });
      invalidateAll();
      onClose();
    } catch (error) {
      notify('Cannot record the owner', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (owner.trim() !== '') void save();
      }}
    >
      <TextField label="Owner" hint="A person, not a team’s mailbox." value={owner} onText={setOwner} />
      <TextField label="Deputy" hint="May be left empty." value={deputy} onText={setDeputy} />
      <TextField label="Systems it protects" hint="With commas." value={systems} onText={setSystems} />
      <TextField label="Class of data" value={dataClass} onText={setDataClass} />
      <div className="row">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={busy} disabled={owner.trim() === ''}>
          Record
        </Button>
      </div>
    </form>
  );
}

import { useState } from 'react';
import type { StampedQueue } from '../../electron/api/stamping.ts';
import { jobResult } from '../client/jobs.ts';
import { invoke, useQuery } from '../client/query.ts';
import { useSettings } from '../client/session.ts';
import { record } from '../records/recording.ts';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/format.ts';
import { Identifier } from '../ui/identifier.tsx';
import { Panel } from '../ui/panel.tsx';
import { Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { notify } from '../ui/toast.tsx';

/** Packs that were sealed without a time and wait for one; nothing when none waits. */
export function QueuePanel() {
  const queue = useQuery('stamping.queue', {});
  const settings = useSettings();
  const [busy, setBusy] = useState(false);
  const packs = queue.data?.packs ?? [];
  if (packs.length === 0) return null;
  const stamp = async () => {
    setBusy(true);
    await record('Cannot stamp the packs', async () => {
      const { job } = await invoke('stamping.stampQueue', {});
      const result = await jobResult<StampedQueue>(job);
      const waiting = result.packs.filter(({ waits }) => waits);
      notify(
        `${counted(result.packs.length - waiting.length, 'pack')} stamped`,
        waiting.map(({ why }) => why).join(' '),
        waiting.length > 0 ? 'failed' : 'done',
      );
    });
    setBusy(false);
  };
  const forget = (zip: string) =>
    record('Cannot take the pack out', async () => {
      await invoke('stamping.forget', { zip });
    });
  return (
    <Panel
      title="Packs that wait for their time"
      note="Sealed without a timestamp. Stamping adds one and moves no byte of the evidence."
      actions={
        <Button busy={busy} disabled={(settings?.timestamp ?? null) === null} onClick={() => void stamp()}>
          Stamp them now
        </Button>
      }
      flush
    >
      <Table
        rows={packs}
        idOf={({ zip }) => zip}
        columns={[
          { label: 'Pack', cell: ({ zip }) => <Identifier value={zip} tail={30} /> },
          { label: 'Sealed', cell: ({ since }) => <Time at={since} /> },
          {
            label: 'Why it waits',
            cell: ({ why, exists }) =>
              exists ? (why ?? 'no authority was named') : 'The file is not there any more.',
          },
          {
            label: 'Queue',
            cell: ({ zip }) => (
              <Button look="quiet" onClick={() => void forget(zip)}>
                Do not wait
              </Button>
            ),
          },
        ]}
      />
      {(settings?.timestamp ?? null) === null && (
        <p className="panel-more small muted">Name a timestamp authority in the settings first.</p>
      )}
    </Panel>
  );
}

import { useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { currentOperator, useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { record } from '../../records/recording.ts';
import { RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { count, counted } from '../../ui/format.ts';
import { CopyButton, Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';

type Sample = OutputOf<'samples.list'>['samples'][number];
type Population = Sample['of'];

const POPULATIONS: Record<Population, string> = {
  keys: 'Keys',
  access: 'Rights on keys',
  events: 'Logged events',
};

/** Samples that anyone can draw again: the seed, the method and the population's hash are on record. */
export function SamplesScreen() {
  const query = useQuery('samples.list', {});
  const [shown, setShown] = useState<Sample | null>(null);
  return (
    <Screen
      title="Samples"
      lead="Random samples for tests of detail. The same seed over the same population gives the same sample, on any machine: the population’s hash says whether it is the same."
    >
      <DrawPanel onDrawn={() => query.reload()} />
      <Panel title="Drawn" flush>
        <Shown query={query} what="the samples">
          {({ samples }) =>
            samples.length === 0 ? (
              <Empty title="No sample was drawn yet" />
            ) : (
              <Table
                rows={samples.toReversed()}
                idOf={({ seq }) => seq}
                columns={[
                  { label: 'Of', cell: ({ of }) => POPULATIONS[of] },
                  {
                    label: 'Sample',
                    number: true,
                    cell: ({ items, population }) => `${count(items.length)} of ${count(population.items)}`,
                  },
                  { label: 'Seed', cell: ({ seed }) => <span className="mono">{seed}</span> },
                  { label: 'Snapshot', cell: ({ snapshot }) => snapshot },
                  {
                    label: 'Population, SHA-256',
                    cell: ({ population }) => <Identifier value={population.sha256} />,
                  },
                  { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
                  {
                    label: 'Items',
                    cell: (row) => (
                      <Button look="quiet" onClick={() => setShown(row)}>
                        Show
                      </Button>
                    ),
                  },
                ]}
              />
            )
          }
        </Shown>
      </Panel>
      <Dialog
        open={shown !== null}
        onOpen={(open) => !open && setShown(null)}
        title={shown ? `${POPULATIONS[shown.of]}: ${counted(shown.items.length, 'item')}` : ''}
        description={shown?.method}
        place="wide"
      >
        {shown && <Items sample={shown} />}
      </Dialog>
    </Screen>
  );
}

function Items({ sample }: { sample: Sample }) {
  return (
    <div className="stack">
      <p className="row small">
        All of them <CopyButton text={sample.items.join('\n')} label="Copy all items" />
      </p>
      <ol className="sample-items">
        {sample.items.map((item) => (
          <li key={item}>
            {sample.of === 'keys' ? (
              <a href={routeHash('keys', { id: item })}>
                <Identifier value={item} copy={false} tail={24} />
              </a>
            ) : (
              <Identifier value={item} tail={24} />
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function DrawPanel({ onDrawn }: { onDrawn: () => void }) {
  const snapshot = useSnapshot()!;
  const { readOnly } = useOpenEngagement();
  const [of, setOf] = useState<Population>('keys');
  const [size, setSize] = useState('25');
  const [seed, setSeed] = useState('');
  const [busy, setBusy] = useState(false);
  const n = Number(size);
  const ready = Number.isInteger(n) && n >= 1 && seed.trim() !== '' && readOnly === null;
  const draw = async () => {
    setBusy(true);
    await record('Cannot draw the sample', async () => {
      const { items, population } = await invoke('sample.draw', {
        snapshot: snapshot.id,
        of,
        n,
        seed: seed.trim(),
        operator: await currentOperator(),
      });
      notify(`Drew ${count(items.length)} of ${count(population.items)}`);
      onDrawn();
    });
    setBusy(false);
  };
  return (
    <Panel title="Draw a sample" note={`From snapshot ${snapshot.id}.`}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void draw();
        }}
      >
        <ChoiceField<Population>
          label="Of"
          inline
          value={of}
          onChoice={setOf}
          choices={(Object.keys(POPULATIONS) as Population[]).map((value) => ({
            value,
            label: POPULATIONS[value],
          }))}
        />
        <div className="form-grid">
          <TextField label="How many" inputMode="numeric" value={size} onText={setSize} />
          <TextField
            label="Seed"
            hint="Any text. Choose it before you look: a seed chosen afterwards is no random sample."
            mono
            placeholder="2026-06"
            value={seed}
            onText={setSeed}
          />
        </div>
        <div>
          <Button look="primary" type="submit" busy={busy} disabled={!ready}>
            Draw
          </Button>
        </div>
      </form>
    </Panel>
  );
}

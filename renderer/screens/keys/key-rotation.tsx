import type { KeyDetail } from '../../../electron/api/keys.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { rotationWords } from './key-words.ts';

/** The setting, what was proved of past rotations, and logged changes of settings. */
export function KeyRotation({ detail }: { detail: KeyDetail }) {
  const { key } = detail;
  return (
    <div className="key-sections">
      <section className="detail-section">
        <Facts
          facts={[
            { label: 'Rotation', value: rotationWords(key) },
            {
              label: 'Period',
              value:
                key.rotationPeriodDays === null ? (
                  <span className="none">none stated</span>
                ) : (
                  `${key.rotationPeriodDays} days`
                ),
            },
            { label: 'Last rotation', value: <Time at={key.lastRotation} none="none seen" /> },
            { label: 'Next rotation', value: <Time at={key.nextRotation} none="none scheduled" /> },
          ]}
        />
      </section>
      <section className="detail-section">
        <h3>Key material, oldest first</h3>
        {detail.rotations.length === 0 ? (
          <Empty title="No rotation is on record">
            The provider lists none, or could not be asked: see the questions under Configuration.
          </Empty>
        ) : (
          <Table
            rows={detail.rotations}
            idOf={({ n }) => n}
            columns={[
              {
                label: 'Material',
                className: 'rotation-material',
                cell: ({ material }) =>
                  material ? <Identifier value={material} /> : <span className="none">not named</span>,
              },
              { label: 'Since', cell: ({ at }) => <Time at={at} none="creation of the key" /> },
              { label: 'How', cell: ({ type }) => type ?? 'created with the key' },
              {
                label: 'State',
                cell: ({ state, importState }) =>
                  [state, importState].filter(Boolean).join(', ') || 'not stated',
              },
              { label: 'Source', cell: ({ seq }) => <EntryLink seq={seq} /> },
            ]}
          />
        )}
      </section>
      <section className="detail-section">
        <h3>Changes of settings that the logs show</h3>
        {detail.changes.length === 0 ? (
          <p className="small muted">
            None. That is only as complete as the logs are: see the coverage under Logs.
          </p>
        ) : (
          <Table
            rows={detail.changes}
            idOf={({ at, setting }, index) => `${at} ${setting} ${index}`}
            columns={[
              { label: 'When', cell: ({ at }) => <Time at={at} /> },
              {
                label: 'What',
                cell: ({ event, setting, value }) => (
                  <>
                    <span className="mono">{event}</span>
                    <span className="field-hint">
                      {setting}: {value ?? 'value not in the event'}
                    </span>
                  </>
                ),
              },
              {
                label: 'By',
                className: 'rotation-material',
                cell: ({ actor }) =>
                  actor ? <Identifier value={actor} copy={false} /> : <span className="none">not named</span>,
              },
              { label: 'Source', cell: ({ seq }) => <EntryLink seq={seq} /> },
            ]}
          />
        )}
      </section>
    </div>
  );
}

import type { KeyDetail } from '../../../electron/api/keys.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Empty } from '../../ui/states.tsx';
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
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Material</th>
                <th scope="col">Since</th>
                <th scope="col">How</th>
                <th scope="col">State</th>
                <th scope="col">Source</th>
              </tr>
            </thead>
            <tbody>
              {detail.rotations.map((rotation) => (
                <tr key={rotation.n}>
                  <td className="rotation-material">
                    {rotation.material ? (
                      <Identifier value={rotation.material} />
                    ) : (
                      <span className="none">not named</span>
                    )}
                  </td>
                  <td>
                    <Time at={rotation.at} none="creation of the key" />
                  </td>
                  <td>{rotation.type ?? 'created with the key'}</td>
                  <td>{[rotation.state, rotation.importState].filter(Boolean).join(', ') || 'not stated'}</td>
                  <td>
                    <EntryLink seq={rotation.seq} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section className="detail-section">
        <h3>Changes of settings that the logs show</h3>
        {detail.changes.length === 0 ? (
          <p className="small muted">
            None. That is only as complete as the logs are: see the coverage under Logs.
          </p>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">By</th>
                <th scope="col">Source</th>
              </tr>
            </thead>
            <tbody>
              {detail.changes.map((change, i) => (
                <tr key={`${change.at} ${change.setting} ${i}`}>
                  <td>
                    <Time at={change.at} />
                  </td>
                  <td>
                    <span className="mono">{change.event}</span>
                    <span className="field-hint">
                      {change.setting}: {change.value ?? 'value not in the event'}
                    </span>
                  </td>
                  <td className="rotation-material">
                    {change.actor ? (
                      <Identifier value={change.actor} copy={false} />
                    ) : (
                      <span className="none">not named</span>
                    )}
                  </td>
                  <td>
                    <EntryLink seq={change.seq} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}

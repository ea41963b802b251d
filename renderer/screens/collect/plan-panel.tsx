import { Play } from 'lucide-react';
import { useState } from 'react';
import type { SnapshotSummary } from '../../../electron/api/engagement.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator, useOpenEngagement, useSettings } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { count, counted, duration, utcTime } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { askSecrets } from '../sources/secrets.ts';

/** Most events of key use looked up in each Region where no log files give them. */
const EVENT_BUDGET = 2000;

/** Every call before it is made, and the button that makes them. */
export function PlanPanel({ resume, onStarted }: { resume: SnapshotSummary | null; onStarted: () => void }) {
  const { readOnly, engagement, sources } = useOpenEngagement();
  const settings = useSettings();
  const [budget, setBudget] = useState(String(EVENT_BUDGET));
  const [busy, setBusy] = useState(false);
  const events = Number(budget);
  const valid = /^\d+$/.test(budget.trim()) && events <= 1_000_000;
  const plan = useQuery('collect.plan', valid ? { usageEventBudget: events } : null);

  const start = async (snapshot: string | null) => {
    const secrets = await askSecrets(sources, engagement.sample);
    if (secrets === null) return;
    setBusy(true);
    try {
      await invoke('collect.start', {
        secrets,
        operator: await currentOperator(),
        usageEventBudget: events,
        resume: snapshot,
        signer: engagement.sample ? { kind: 'sample' } : { kind: 'none' },
        timestamp: settings?.timestamp ?? null,
      });
      onStarted();
    } catch (error) {
      notify('Cannot start the collection', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };

  return (
    <Panel
      title={resume ? 'A collection was stopped before its end' : 'Plan'}
      note={
        resume
          ? `Snapshot ${resume.id}, started ${utcTime(resume.startedAt)} UTC. Resuming goes on from the last call that was recorded; nothing is asked twice.`
          : 'Read-only calls, from the sources’ own operations. The provider may charge for requests as usual.'
      }
      actions={
        <>
          {resume && (
            <Button
              look="primary"
              icon={Play}
              busy={busy}
              disabled={readOnly !== null || !valid}
              onClick={() => void start(resume.id)}
            >
              Resume
            </Button>
          )}
          {!resume && (
            <Button
              look="primary"
              icon={Play}
              busy={busy}
              disabled={readOnly !== null || !valid || plan.data === null}
              onClick={() => void start(null)}
            >
              Start collecting
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        {settings?.timestamp === null && !engagement.sample && (
          <Partial>
            No timestamp authority is set. The snapshot’s time then stays unproven until the pack is stamped.
            Name one under Settings to prove it from the day of collection.
          </Partial>
        )}
        {plan.data && (
          <div className="figures">
            <p>
              <span className="figure-number">{count(plan.data.calls)}</span>{' '}
              <span className="figure-words">calls, at least</span>
            </p>
            <p>
              <span className="figure-number">{duration(plan.data.seconds)}</span>{' '}
              <span className="figure-words">at half of the quotas</span>
            </p>
            <p>
              <span className="figure-number">
                {count(new Set(plan.data.plan.map((p) => `${p.source} ${p.scope}`)).size)}
              </span>{' '}
              <span className="figure-words">scopes</span>
            </p>
          </div>
        )}
        <div className="plan-budget">
          <TextField
            label="Events looked up per Region, at most"
            hint="Where log files do not give the use of keys. 0 for none; what is beyond becomes a gap."
            inputMode="numeric"
            value={budget}
            onText={setBudget}
            error={valid ? null : 'Give a whole number from 0 to 1000000.'}
          />
        </div>
        <details className="plan-calls" open={!resume}>
          <summary>Every operation{plan.data && `, ${counted(plan.data.plan.length, 'line')}`}</summary>
          <Shown query={plan} what="the plan" lines={6}>
            {(data) => (
              <div className="table-scroll plan-table" tabIndex={0} role="region" aria-label="Planned calls">
                <table className="table">
                  <thead>
                    <tr>
                      <th scope="col">Operation</th>
                      <th scope="col">Scope</th>
                      <th scope="col">Why</th>
                      <th scope="col" className="number">
                        Calls
                      </th>
                      <th scope="col" className="number">
                        Pace of quota
                      </th>
                      <th scope="col" className="number">
                        Time
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.plan.map((call) => (
                      <tr key={`${call.source} ${call.op} ${call.scope}`}>
                        <td className="mono" title={call.permissions.join(', ')}>
                          {call.op}
                        </td>
                        <td className="time">{call.scope}</td>
                        <td className="plan-why">
                          {call.purpose}
                          {call.estimate && <span className="field-hint">{call.estimate}</span>}
                        </td>
                        <td className="number">
                          {call.estimate ? 'about ' : ''}
                          {count(call.calls)}
                        </td>
                        <td className="number" title={call.quotaSource}>
                          {call.budget} of {call.quota}/s
                        </td>
                        <td className="number time">{duration(call.seconds)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Shown>
        </details>
      </div>
    </Panel>
  );
}

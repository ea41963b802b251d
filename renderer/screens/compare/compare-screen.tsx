import { ChevronDown, ChevronUp } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { KeyComparison } from './key-comparison.ts';
import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { useOpenEngagement } from '../../client/session.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { SwitchField } from '../../ui/field.tsx';
import { count, counted, utcTime } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, ErrorState, Loading, Partial } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { PolicyDiff } from './policy-diff.tsx';
import './compare.css';

/** What changed between two snapshots, and the logged change that explains it. */
export function CompareScreen() {
  const { snapshots } = useOpenEngagement();
  const closed = snapshots.filter((snapshot) => snapshot.state !== 'open');
  const [from, setFrom] = useState(closed.at(-2)?.id ?? '');
  const [to, setTo] = useState(closed.at(-1)?.id ?? '');
  const options = closed.map((s) => ({
    value: s.id,
    label: `Snapshot ${s.id}, ${utcTime(s.startedAt).slice(0, 16)} UTC`,
  }));
  return (
    <Screen
      title="Compare"
      lead="Keys, settings, policy statements and access of two snapshots. What one side could not read is said, not called a change."
    >
      {closed.length < 2 ? (
        <Panel title="One snapshot is not enough" flush>
          <Empty title="There is nothing to compare yet">
            Collect again, later in the period or next year; both snapshots then stand here side by side.
          </Empty>
        </Panel>
      ) : (
        <>
          <div className="row">
            <SelectField label="Earlier" value={from} onChoice={setFrom} options={options} />
            <SelectField label="Later" value={to} onChoice={setTo} options={options} />
          </div>
          {from === to ? (
            <Partial>Choose two different snapshots.</Partial>
          ) : (
            <Comparison key={`${from} ${to}`} from={from} to={to} />
          )}
        </>
      )}
    </Screen>
  );
}

function Comparison({ from, to }: { from: string; to: string }) {
  const summary = useQuery('compare.snapshots', { from, to, limit: 1 });
  const pages = usePages(`compare ${from} ${to}`, (after, signal) =>
    invoke('compare.snapshots', { from, to, after, limit: 100 }, { signal }),
  );
  const [securityOnly, setSecurityOnly] = useState(false);
  const shown = securityOnly ? pages.rows.filter(bearsOnSecurity) : pages.rows;
  const list = useRef<HTMLUListElement>(null);
  const step = (by: 1 | -1) => {
    const changes = [...(list.current?.children ?? [])] as HTMLElement[];
    const at = changes.findIndex((change) => change.contains(document.activeElement));
    changes[Math.min(Math.max(at + by, 0), changes.length - 1)]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'n') step(1);
    else if (event.key === 'p') step(-1);
  };
  return (
    <>
      <Panel title="In numbers">
        <Shown query={summary} what="the comparison">
          {(data) => (
            <div className="stack">
              <div className="figures">
                <Figure n={data.changed} words="changed" />
                <Figure n={data.added} words="added" />
                <Figure n={data.removed} words="removed" />
                <Figure n={data.unchanged} words="keys are as they were" />
              </div>
              {data.notComparable.length > 0 && (
                <details>
                  <summary className="small">
                    {counted(data.notComparable.length, 'answer')} cannot be compared: one side could not read
                    them
                  </summary>
                  <ul className="small">
                    {data.notComparable.map((line) => (
                      <li key={`${line.key} ${line.what}`} className="compare-line">
                        <Identifier value={line.key} copy={false} /> <span>{line.what}</span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          )}
        </Shown>
      </Panel>
      <Panel
        title="Keys that differ"
        flush
        actions={
          <>
            <SwitchField
              label="Only what bears on security"
              checked={securityOnly}
              onChecked={setSecurityOnly}
            />
            <IconButton
              icon={ChevronUp}
              label="Change before (p)"
              disabled={shown.length === 0}
              onClick={() => step(-1)}
            />
            <IconButton
              icon={ChevronDown}
              label="Next change (n)"
              disabled={shown.length === 0}
              onClick={() => step(1)}
            />
          </>
        }
      >
        {pages.error !== null && (
          <ErrorState
            what="Cannot compare the snapshots"
            error={pages.error}
            actions={<Button onClick={pages.retry}>Try again</Button>}
          />
        )}
        {pages.rows.length === 0 && pages.loading && <Loading what="the keys that differ" />}
        {shown.length === 0 && pages.done && <Empty title="No key differs">Every key is as it was.</Empty>}
        <ul ref={list} onKeyDown={onKeyDown}>
          {shown.map((key) => (
            <KeyChange key={key.key} change={key} />
          ))}
        </ul>
        {!pages.done && pages.rows.length > 0 && (
          <p className="panel-more">
            <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
              Show more
            </Button>
          </p>
        )}
      </Panel>
    </>
  );
}

/** Whether a change is about who may do what, or about the key itself, and not about a description. */
export function bearsOnSecurity(key: KeyComparison): boolean {
  return (
    key.change !== 'changed' ||
    key.policy.length > 0 ||
    key.access.length > 0 ||
    key.fields.some((field) => field.field !== 'description')
  );
}

function Figure({ n, words }: { n: number; words: string }) {
  return (
    <p>
      <span className="figure-number">{count(n)}</span> <span className="figure-words">{words}</span>
    </p>
  );
}

const CHANGES: Record<KeyComparison['change'], Tone> = {
  added: 'evidence-required',
  removed: 'exception',
  changed: 'undetermined',
};

/** A value as people say it: switches are stored as 0 and 1. */
function inWords(field: string, value: string | null) {
  if (value === null) return <span className="none">none</span>;
  if (!/^(rotation_enabled|multi_region)$/.test(field)) return value;
  return value === '1' ? 'yes' : value === '0' ? 'no' : value;
}

function KeyChange({ change }: { change: KeyComparison }) {
  return (
    <li className="compare-key" tabIndex={-1}>
      <div className="row">
        <Badge tone={CHANGES[change.change]}>{change.change}</Badge>
        <a href={routeHash('keys', { id: change.key })} className="compare-id">
          <Identifier value={change.key} copy={false} tail={24} />
        </a>
      </div>
      {change.fields.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {change.fields.map((field) => (
              <tr key={field.field}>
                <th scope="row">{field.field.replaceAll('_', ' ')}</th>
                <td className="compare-before">{inWords(field.field, field.before)}</td>
                <td className="compare-after">{inWords(field.field, field.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {change.policy.map((statement) => (
        <PolicyDiff key={statement.statement} statement={statement} />
      ))}
      {change.access.length > 0 && (
        <ul className="small">
          {change.access.map((access) => (
            <li key={`${access.principal} ${access.right} ${access.change}`} className="compare-line">
              <strong>{access.change}</strong> {access.right}:{' '}
              <Identifier value={access.principal} copy={false} tail={24} />
              <span className="muted">{access.how}</span>
            </li>
          ))}
        </ul>
      )}
      {change.explainedBy.length > 0 ? (
        <ul className="small">
          {change.explainedBy.map((event) => (
            <li key={`${event.at} ${event.seq} ${event.setting}`} className="compare-line">
              <span className="muted">may be explained by</span> <span className="mono">{event.event}</span>{' '}
              <Time at={event.at} />{' '}
              {event.actor && <Identifier value={event.actor} copy={false} tail={20} />}{' '}
              <EntryLink seq={event.seq} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="small muted">No logged change explains it, in what the logs cover.</p>
      )}
    </li>
  );
}

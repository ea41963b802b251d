import type { SnapshotSummary } from '../../../electron/api/engagement.ts';
import { useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { count } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Time } from '../../ui/time.tsx';

const STATES = {
  complete: { word: 'Complete', tone: 'pass' },
  'complete-with-gaps': { word: 'Complete with gaps', tone: 'undetermined' },
  cancelled: { word: 'Cancelled', tone: 'undetermined' },
  failed: { word: 'Failed', tone: 'exception' },
  open: { word: 'Stopped before its end', tone: 'undetermined' },
} as const;

/** The snapshot looked at, in numbers. */
export function Snapshots({ snapshot }: { snapshot: SnapshotSummary }) {
  const result = useQuery('collect.result', { snapshot: snapshot.id });
  const state = STATES[snapshot.state];
  return (
    <Panel
      title={`Snapshot ${snapshot.id}`}
      note="A point in time, never edited afterwards. Another one is chosen in the header."
    >
      <Shown query={result} what="the snapshot">
        {(data) => (
          <div className="stack">
            <div className="figures">
              <a className="figure figure-link" href={routeHash('keys')}>
                <span className="figure-number">{count(data.keys)}</span>{' '}
                <span className="figure-words">keys</span>
              </a>
              <a className="figure figure-link" href={routeHash('tests')}>
                <span className="figure-number">{count(data.exceptions)}</span>{' '}
                <span className="figure-words">exceptions</span>
              </a>
              <a className="figure figure-link" href={routeHash('tests')}>
                <span className="figure-number">{count(data.undetermined)}</span>{' '}
                <span className="figure-words">undetermined</span>
              </a>
              <a className="figure figure-link" href={routeHash('tests')}>
                <span className="figure-number">{count(data.evidenceRequired)}</span>{' '}
                <span className="figure-words">need evidence</span>
              </a>
              <p>
                <span className="figure-number">{count(data.gaps)}</span>{' '}
                <span className="figure-words">gaps</span>
              </p>
            </div>
            <Facts
              facts={[
                { label: 'State', value: <Badge tone={state.tone}>{state.word}</Badge> },
                snapshot.why !== null && { label: 'Why', value: snapshot.why },
                { label: 'Started', value: <Time at={snapshot.startedAt} /> },
                { label: 'Ended', value: <Time at={snapshot.endedAt} none="not ended" /> },
                { label: 'By', value: snapshot.by.name },
                { label: 'Sources', value: snapshot.sources.join(', ') },
                ...data.identities.map((identity) => ({
                  label: `Asked as (${identity.source})`,
                  value: <Identifier value={identity.arn} />,
                  source: <EntryLink seq={identity.seq} />,
                })),
              ]}
            />
          </div>
        )}
      </Shown>
    </Panel>
  );
}

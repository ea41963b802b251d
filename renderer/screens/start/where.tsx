import { ArrowRight } from 'lucide-react';
import type { OpenEngagement } from '../../../electron/api/engagement.ts';
import { useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { count, utcTime } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';

/** Where the open engagement stands, and the next step. */
export function Where() {
  const open = useOpenEngagement();
  const snapshot = useSnapshot();
  const result = useQuery(
    'collect.result',
    snapshot && snapshot.state !== 'open' ? { snapshot: snapshot.id } : null,
  );
  const next = nextStep(open);
  return (
    <Panel
      title={open.engagement.client}
      note={
        snapshot
          ? `Snapshot ${snapshot.id}, collected ${utcTime(snapshot.startedAt).slice(0, 16)} UTC`
          : 'Nothing was collected yet.'
      }
      actions={
        <a className="button button-primary" href={routeHash(next.screen)}>
          {next.label} <ArrowRight size={15} aria-hidden />
        </a>
      }
    >
      {result.data && (
        <div className="figures">
          <Figure n={result.data.keys} words="keys in the population" screen="keys" />
          <Figure n={result.data.exceptions} words="exceptions" screen="tests" />
          <Figure n={result.data.undetermined} words="undetermined" screen="tests" />
          <Figure n={result.data.evidenceRequired} words="need evidence" screen="tests" />
          <Figure n={result.data.gaps} words="gaps" screen="collect" />
        </div>
      )}
    </Panel>
  );
}

function Figure({ n, words, screen }: { n: number; words: string; screen: string }) {
  return (
    <a className="figure figure-link" href={routeHash(screen)}>
      <span className="figure-number">{count(n)}</span> <span className="figure-words">{words}</span>
    </a>
  );
}

/** What is to be done next, from what there is. */
export function nextStep(open: Pick<OpenEngagement, 'sources' | 'snapshots'>): {
  screen: string;
  label: string;
} {
  if (open.sources.length === 0) return { screen: 'sources', label: 'Connect a source' };
  const latest = open.snapshots.at(-1);
  if (!latest) return { screen: 'collect', label: 'Collect' };
  if (latest.state === 'open') return { screen: 'collect', label: 'Resume the collection' };
  return { screen: 'tests', label: 'Look at the tests' };
}

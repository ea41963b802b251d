import { useState } from 'react';
import { isRunning, useLatestJob } from '../../client/jobs.ts';
import { useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { go } from '../../client/route.ts';
import { Button } from '../../ui/button.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { Completeness } from './completeness.tsx';
import { Gaps } from './gaps.tsx';
import { LiveCollection } from './live-collection.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { Snapshots } from './snapshots.tsx';
import './collect.css';

/** What would be asked, what is being asked, and what came of it. */
export function CollectScreen() {
  const open = useOpenEngagement();
  const snapshot = useSnapshot();
  const job = useLatestJob('collect');
  const [again, setAgain] = useState(false);
  const online = open.sources.filter((source) => source.provider !== 'files');
  const running = job !== null && isRunning(job.job);
  const stopped = open.snapshots.findLast((s) => s.state === 'open') ?? null;
  const showPlan =
    !running && online.length > 0 && (again || open.snapshots.length === 0 || stopped !== null);

  return (
    <Screen
      title="Collect"
      lead="The plan is shown before it runs. Calls keep to half of each quota: the client’s own traffic comes first. What cannot be read becomes a gap with the provider’s own words; nothing is dropped."
      actions={
        !running &&
        !showPlan &&
        online.length > 0 && <Button onClick={() => setAgain(true)}>Collect again</Button>
      }
    >
      {online.length === 0 && (
        <Panel title="Nothing to collect from" flush>
          <Empty
            title="No source can be asked yet"
            actions={
              <Button look="primary" onClick={() => go('sources', { add: 'yes' })}>
                Add a source
              </Button>
            }
          >
            Connect an account, subscription or cluster; or import what the client exported, under Sources.
          </Empty>
        </Panel>
      )}
      {showPlan && <PlanPanel resume={stopped} onStarted={() => setAgain(false)} />}
      {job && <LiveCollection view={job} />}
      {snapshot && snapshot.state !== 'open' && (
        <>
          <Snapshots snapshot={snapshot} />
          <Gaps snapshot={snapshot.id} />
          <Completeness snapshot={snapshot.id} />
        </>
      )}
    </Screen>
  );
}

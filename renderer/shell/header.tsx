import { CircleQuestionMark, LoaderCircle, Search } from 'lucide-react';
import { useRunningJobs } from '../client/jobs.ts';
import { go } from '../client/route.ts';
import { chooseSnapshot, useEngagement, useSnapshot } from '../client/session.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { lastDay, periodWords, utcTime } from '../ui/format.ts';
import { SelectField } from '../ui/select.tsx';
import { layer } from './commands.ts';
import { Mark } from './mark.tsx';
import { MODIFIER } from './shortcuts.tsx';

/** What is open, over which period, and what runs. */
export function Header() {
  const open = useEngagement();
  const snapshot = useSnapshot();
  const [running] = useRunningJobs();
  return (
    <header className="head">
      <div className="head-brand">
        <Mark /> Keywitness
      </div>
      {open && (
        <div className="head-engagement">
          <span className="head-client">{open.engagement.client}</span>
          <span className="head-meta">
            {open.engagement.type === 1
              ? `Type 1, as of ${lastDay(open.engagement.period.to)} UTC`
              : `Type 2, ${periodWords(open.engagement.period.from, open.engagement.period.to)} UTC`}
          </span>
          {open.engagement.sample && <span className="sample-mark">SAMPLE — NOT EVIDENCE</span>}
          {open.readOnly !== null && (
            <span className="head-meta" title={open.readOnly}>
              reading only
            </span>
          )}
        </div>
      )}
      <div className="head-end">
        {running && (
          <Button
            look="quiet"
            onClick={() =>
              go(running.job.kind === 'collect' || running.job.kind === 'import' ? 'collect' : 'activity')
            }
          >
            <span className="head-job">
              <LoaderCircle size={15} className="spin" aria-hidden />
              {running.job.title}
              {running.job.state === 'paused' && ' (paused)'}
            </span>
          </Button>
        )}
        {open && snapshot && open.snapshots.length > 1 && (
          <SelectField
            label="Snapshot shown"
            labelHidden
            value={snapshot.id}
            onChoice={chooseSnapshot}
            options={open.snapshots.toReversed().map((s) => ({
              value: s.id,
              label: `Snapshot ${s.members.length > 1 ? `${s.id} (${s.members.join(' + ')})` : s.id}, ${utcTime(s.startedAt).slice(0, 16)}`,
            }))}
          />
        )}
        <button type="button" className="head-search" onClick={() => layer.set('palette')}>
          <Search size={15} aria-hidden />
          <span>Go to…</span>
          <kbd>{MODIFIER} K</kbd>
        </button>
        <IconButton
          icon={CircleQuestionMark}
          label="Keyboard shortcuts (?)"
          onClick={() => layer.set('shortcuts')}
        />
      </div>
    </header>
  );
}

import { CircleAlert, CircleCheck, Clock, Pause, Play, Square, TriangleAlert } from 'lucide-react';
import { Fragment, useMemo, useState } from 'react';
import type { JobState } from '../../../electron/api/jobs.ts';
import type { JobView } from '../../client/jobs.ts';
import { isRunning } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { go } from '../../client/route.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { count, counted } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { progressSums, type ScopeSum } from './progress-sums.ts';

const ENDINGS: Partial<Record<JobState, { word: string; tone: Tone; icon: typeof Clock; meaning: string }>> =
  {
    running: { word: 'Collecting', tone: 'plain', icon: Clock, meaning: '' },
    paused: {
      word: 'Paused',
      tone: 'undetermined',
      icon: Pause,
      meaning: 'Calls in flight end; no new ones are made.',
    },
    done: {
      word: 'Complete',
      tone: 'pass',
      icon: CircleCheck,
      meaning: 'Everything that was planned was answered.',
    },
    'done-with-gaps': {
      word: 'Complete with gaps',
      tone: 'undetermined',
      icon: TriangleAlert,
      meaning: 'Some answers are missing. Each is listed below with what it means; all of it is in the pack.',
    },
    cancelled: {
      word: 'Cancelled',
      tone: 'undetermined',
      icon: Square,
      meaning: 'What was recorded is kept. Resume to go on from the last call, or collect anew.',
    },
    stopped: {
      word: 'Stopped',
      tone: 'exception',
      icon: CircleAlert,
      meaning: 'A source could not go on. Put it right and resume; nothing is asked twice.',
    },
    failed: {
      word: 'Failed',
      tone: 'exception',
      icon: CircleAlert,
      meaning: 'What was recorded is kept.',
    },
  };

/** A collection while it runs, and how it ended. */
export function LiveCollection({ view }: { view: JobView }) {
  const { job, progress } = view;
  const [asking, setAsking] = useState(false);
  const [now] = useState(() => job.started);
  const sums = useMemo(() => progressSums(progress.values()), [progress]);
  const running = isRunning(job);
  const ending = ENDINGS[job.state]!;
  const act = async (name: 'jobs.pause' | 'jobs.resume' | 'jobs.cancel') => {
    try {
      await invoke(name, { job: job.id });
    } catch (error) {
      notify('Cannot do that now', errorWords(error).message, 'failed');
    }
  };
  const text = `${count(sums.done)} of ${count(sums.planned)} calls`;
  return (
    <Panel
      title={running ? 'Collecting' : 'This collection'}
      note={running ? 'The number of calls grows while lists are read.' : undefined}
      actions={
        running ? (
          <>
            {job.state === 'paused' ? (
              <Button icon={Play} onClick={() => void act('jobs.resume')}>
                Go on
              </Button>
            ) : (
              job.canPause && (
                <Button icon={Pause} onClick={() => void act('jobs.pause')}>
                  Pause
                </Button>
              )
            )}
            <Button icon={Square} look="danger" onClick={() => setAsking(true)}>
              Cancel
            </Button>
          </>
        ) : (
          (job.state === 'done' || job.state === 'done-with-gaps') && (
            <Button look="primary" onClick={() => go('tests')}>
              Look at the tests
            </Button>
          )
        )
      }
    >
      <div className="stack">
        <div className="row">
          <Badge tone={ending.tone} icon={ending.icon}>
            {ending.word}
          </Badge>
          {ending.meaning && <span className="small">{ending.meaning}</span>}
        </div>
        {running && <ProgressBar label="Calls answered" value={sums.done} max={sums.planned} text={text} />}
        <p className="visually-hidden" role="status" aria-live="polite">
          {running ? announced(sums.done, sums.planned) : `${ending.word}. ${ending.meaning}`}
        </p>
        <p className="small muted">
          {text}
          {sums.replayed > 0 && `, ${count(sums.replayed)} of them from the earlier run`}
          {running && sums.gaps > 0 && `, ${counted(sums.gaps, 'gap')} so far`}
          {sums.waiting > 0 && `, ${count(sums.waiting)} waiting for their turn`}
          {`, since ${now.slice(11, 19)} UTC`}
        </p>
        {running && sums.throttled && (
          <p className="small">
            <Badge icon={Clock}>Waiting</Badge> The provider asked to slow down. Calls go on at the pace it
            allows; nothing is lost.
          </p>
        )}
        {sums.stopped.map((stop) => (
          <ErrorState
            key={stop.source}
            what={`Source ${stop.source} stopped`}
            error={stop.message}
            effect="What it would have given is missing until the collection is resumed."
            actions={<Button onClick={() => go('sources')}>Look at the source</Button>}
          />
        ))}
        {job.error && <ErrorState what="The collection failed" error={new Error(job.error.message)} />}
        {running ? (
          <ScopeTable scopes={sums.scopes} running />
        ) : (
          <details className="plan-calls">
            <summary>What was asked, by scope</summary>
            <ScopeTable scopes={sums.scopes} running={false} />
          </details>
        )}
      </div>
      <Confirm
        open={asking}
        onOpen={setAsking}
        title="Cancel this collection?"
        action="Cancel the collection"
        danger
        onConfirm={() => void act('jobs.cancel')}
      >
        <p>
          What was recorded stays, and the collection can be resumed later from the last call. Until then it
          is not complete.
        </p>
      </Confirm>
    </Panel>
  );
}

/** Announced in steps of a tenth: a screen reader must not be read every call. */
function announced(done: number, planned: number): string {
  if (planned === 0) return 'Collecting.';
  return `Collecting, ${Math.floor((done / planned) * 10) * 10} percent.`;
}

function ScopeTable({ scopes, running }: { scopes: readonly ScopeSum[]; running: boolean }) {
  const [open, setOpen] = useState<string | null>(null);
  if (scopes.length === 0) return null;
  return (
    <div className="table-scroll scope-table" tabIndex={0} role="region" aria-label="Progress by scope">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Scope</th>
            <th scope="col">Source</th>
            <th scope="col" className="number">
              Answered
            </th>
            <th scope="col">Progress</th>
            <th scope="col" className="number">
              Gaps
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {scopes.map((scope) => {
            const key = `${scope.source} ${scope.scope}`;
            const shown = open === key;
            return (
              <Fragment key={key}>
                <tr>
                  <td>
                    <button
                      type="button"
                      className="link-button"
                      aria-expanded={shown}
                      onClick={() => setOpen(shown ? null : key)}
                    >
                      {scope.scope}
                    </button>
                  </td>
                  <td>{scope.source}</td>
                  <td className="number">
                    {count(scope.done)} of {count(scope.planned)}
                  </td>
                  <td>
                    <span className="meter" aria-hidden>
                      <span
                        style={{ width: `${scope.planned === 0 ? 0 : (scope.done / scope.planned) * 100}%` }}
                      />
                    </span>
                  </td>
                  <td className="number">{count(scope.gaps)}</td>
                  <td>{scopeState(scope, running)}</td>
                </tr>
                {shown &&
                  scope.operations
                    .toSorted((a, b) => b.planned - a.planned || (a.op < b.op ? -1 : 1))
                    .map((op) => (
                      <tr key={op.op} className="scope-op">
                        <td className="mono" colSpan={2}>
                          {op.op}
                        </td>
                        <td className="number">
                          {count(op.done)} of {count(op.planned)}
                        </td>
                        <td className="tiny muted">
                          {op.budget > 0 && `${round(op.rate)}/s of ${round(op.budget)}/s allowed`}
                        </td>
                        <td className="number">{count(op.gaps)}</td>
                        <td>
                          {op.throttled
                            ? 'waiting: the provider asked to slow down'
                            : op.waiting > 0
                              ? `${count(op.waiting)} waiting`
                              : ''}
                        </td>
                      </tr>
                    ))}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const round = (rate: number) => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));

function scopeState(scope: ScopeSum, running: boolean): string {
  if (scope.done >= scope.planned) return 'answered';
  if (!running) return 'not finished';
  if (scope.throttled) return 'waiting: the provider asked to slow down';
  if (scope.waiting > 0) return `${count(scope.waiting)} waiting for the pace`;
  return 'asking';
}

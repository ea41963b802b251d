import { useState } from 'react';
import type { ReperformResultOfJob, ReperformedExchange } from '../../../electron/api/reperform.ts';
import { isRunning, jobResult, useJob } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator, useEngagement } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { attempt } from '../../records/recording.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { count, counted } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { ErrorState, Partial } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

/** Asks again, with one's own credentials, what a pack recorded, and says what differs. */
export function ReperformPanel({ pack, trust }: { pack: string; trust: string }) {
  const engagement = useEngagement();
  const [all, setAll] = useState(false);
  const [size, setSize] = useState('50');
  const [seed, setSeed] = useState('');
  const [job, setJob] = useState<string | null>(null);
  const [result, setResult] = useState<ReperformResultOfJob | { error: unknown } | null>(null);
  const view = useJob(job);
  const running = view !== null && isRunning(view.job);
  const n = Number(size);
  const ready = all || (Number.isInteger(n) && n >= 1 && seed.trim() !== '');
  const start = () =>
    attempt('Cannot re-perform this pack', async () => {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Where to keep the re-performance',
        extensions: ['keywitness'],
        suggested: 're-performance.keywitness',
      });
      if (!paths?.[0]) return;
      setResult(null);
      const started = await invoke('reperform.start', {
        pack,
        out: paths[0],
        operator: await currentOperator(),
        sample: all ? null : { n, seed: seed.trim() },
        trust: trust.trim() === '' ? [] : [trust.trim()],
      });
      setJob(started.job);
      try {
        setResult(await jobResult<ReperformResultOfJob>(started.job));
      } catch (error) {
        setResult({ error });
      }
    });
  const step = [...(view?.progress.values() ?? [])].findLast((one) => one.kind === 'step');
  return (
    <Panel
      title="Re-perform"
      note="Asks the providers again what this pack recorded, with your own credentials, and lists what differs and why. It reads only, and keeps its own ledger."
      actions={
        running ? (
          <Button onClick={() => job !== null && void invoke('jobs.cancel', { job })}>Cancel</Button>
        ) : (
          <Button disabled={!ready} onClick={() => void start()}>
            Re-perform…
          </Button>
        )
      }
    >
      <div className="stack no-print">
        {running ? (
          <ProgressBar
            label={step?.step ?? 'Asking again'}
            value={step?.done ?? null}
            max={step?.of ?? 1}
            text={step?.done ? count(step.done) : 'working'}
          />
        ) : (
          <>
            <p className="small muted">
              {engagement?.engagement.sample
                ? 'Sources of the sample environment sign in by themselves.'
                : 'AWS signs in by the standard credential chain of this machine, Azure by its command line, Vault by VAULT_TOKEN. Other ways of signing in are on the command line: keywitness reperform.'}
            </p>
            <CheckField
              label="Everything, not a sample"
              hint="As many calls as the collection made."
              checked={all}
              onChecked={setAll}
            />
            {!all && (
              <div className="form-grid">
                <TextField label="How many exchanges" inputMode="numeric" value={size} onText={setSize} />
                <TextField
                  label="Seed"
                  hint="Any text, chosen before: the same seed draws the same sample."
                  mono
                  placeholder="2026-06"
                  value={seed}
                  onText={setSeed}
                />
              </div>
            )}
          </>
        )}
      </div>
      {result && 'error' in result && (
        <ErrorState
          what="The pack was not re-performed to its end"
          error={result.error}
          effect="This says nothing about the pack."
        />
      )}
      {result && !('error' in result) && <Outcome result={result} />}
    </Panel>
  );
}

const TONES: Record<ReperformedExchange['result'], 'pass' | 'exception' | 'undetermined'> = {
  same: 'pass',
  changed: 'exception',
  'not answerable': 'undetermined',
};

function Outcome({ result }: { result: ReperformResultOfJob }) {
  return (
    <div className="stack">
      {result.stopped.map(({ source, message }) => (
        <Partial key={source}>
          {source} was stopped: {message}
        </Partial>
      ))}
      <Facts
        facts={[
          {
            label: 'Asked again',
            value: `${counted(result.asked, 'exchange')} of ${count(result.population.items)}`,
          },
          { label: 'Same answer', value: count(result.same) },
          { label: 'Another answer', value: count(result.changed) },
          { label: 'Not answerable now', value: count(result.notAnswerable) },
          result.method !== null && { label: 'How the sample was drawn', value: result.method },
          { label: 'Report', value: <Identifier value={result.files.report} tail={36} /> },
          { label: 'Table of every exchange', value: <Identifier value={result.files.table} tail={36} /> },
          { label: 'Its ledger', value: <Identifier value={result.files.engagement} tail={36} /> },
        ]}
      />
      {result.notable.length > 0 && (
        <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label="What differs">
          <Table
            rows={result.notable}
            idOf={({ seq }) => seq}
            columns={[
              {
                label: 'Result',
                cell: (row) => <Badge tone={TONES[row.result]}>{row.result}</Badge>,
              },
              { label: 'Asked', cell: ({ op }) => <span className="mono">{op}</span> },
              { label: 'About', cell: ({ about, scope }) => `${about || 'the scope as a whole'}, ${scope}` },
              {
                label: 'What differs, and what may explain it',
                cell: ({ what, explainedBy }) => (
                  <>
                    {what}
                    {explainedBy.map(({ at, event, actor }) => (
                      <span className="field-hint" key={`${at} ${event}`}>
                        {at.slice(0, 10)} {event} by {actor ?? 'somebody not named'}
                      </span>
                    ))}
                  </>
                ),
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}

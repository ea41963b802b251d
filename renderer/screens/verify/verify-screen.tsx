import { CircleCheck, CircleHelp, CircleX, Clock, Printer, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { VerificationResult } from '../../../electron/api/verify.ts';
import { useJob } from '../../client/jobs.ts';
import { useStore } from '../../client/store.ts';
import { DropZone } from '../../files/drop-zone.tsx';
import { FileField } from '../../files/file-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { counted, utcTime } from '../../ui/format.ts';
import { Panel, Screen } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ReperformPanel } from './reperform-panel.tsx';
import { verification, verifyPack } from './verification.ts';
import './verify.css';

/** Checks a pack: the verdict first, then everything it rests on. */
export function VerifyScreen() {
  const state = useStore(verification);
  const [trust, setTrust] = useState('');

  return (
    <Screen
      title="Verify a pack"
      lead="Works offline and without an account. Nothing is sent anywhere."
      actions={
        state.at === 'done' && (
          <Button icon={Printer} onClick={() => window.print()}>
            Print this page
          </Button>
        )
      }
    >
      <div className="no-print stack">
        <DropZone
          title={state.at === 'none' ? 'Drop a pack here' : 'Drop another pack here'}
          question={{
            kind: 'open',
            title: 'Choose a pack',
            extensions: ['zip', 'pdf', 'asice', 'keywitness'],
          }}
          onPaths={(paths) => paths[0] && void verifyPack(paths[0], trust)}
        >
          The zip of an evidence pack, or an engagement file.
        </DropZone>
        <details className="verify-trust">
          <summary>Trust a certificate of your own</summary>
          <FileField
            label="Certificate file"
            hint="PEM or DER. Needed when the signer’s or the timestamp authority’s root is not one that is trusted already."
            value={trust}
            onPath={setTrust}
            question={{
              kind: 'open',
              title: 'Choose a certificate',
              extensions: ['pem', 'crt', 'cer', 'der'],
            }}
          />
        </details>
      </div>
      {state.at === 'running' && <Running path={state.path} job={state.job} />}
      {state.at === 'failed' && (
        <ErrorState
          what="Cannot verify this file"
          error={state.error}
          effect="This says nothing about the pack: it was not checked."
          actions={<Button onClick={() => void verifyPack(state.path, trust)}>Try again</Button>}
        />
      )}
      <div className="verify-result" aria-live="polite">
        {state.at === 'done' && <Result result={state.result} checked={state.checked} />}
      </div>
      {state.at === 'done' && /\.(zip|asice)$/i.test(state.path) && (
        <ReperformPanel key={state.path} pack={state.path} trust={trust} />
      )}
    </Screen>
  );
}

function Running({ path, job }: { path: string; job: string | null }) {
  const view = useJob(job);
  const step = [...(view?.progress.values() ?? [])].findLast((p) => p.kind === 'step');
  return (
    <Panel title="Checking">
      <ProgressBar label={path} value={null} max={1} text={step?.kind === 'step' ? step.step : 'reading'} />
    </Panel>
  );
}

const VERDICTS: Record<
  VerificationResult['verdict'],
  { word: string; tone: Tone; icon: LucideIcon; meaning: string }
> = {
  intact: {
    word: 'Intact',
    tone: 'pass',
    icon: CircleCheck,
    meaning: 'Nothing was changed since it was sealed, and a timestamp proves when that was.',
  },
  'intact-time-pending': {
    word: 'Intact, time not proven yet',
    tone: 'undetermined',
    icon: Clock,
    meaning:
      'Nothing was changed since it was sealed. Until a timestamp is added, when it was sealed is only the signer’s word.',
  },
  altered: {
    word: 'Altered',
    tone: 'exception',
    icon: CircleX,
    meaning:
      'This is not what was sealed. Do not rely on it: ask for the pack again from whoever gave it to you.',
  },
  'cannot-tell': {
    word: 'Cannot tell',
    tone: 'evidence-required',
    icon: CircleHelp,
    meaning:
      'Something needed for a verdict is missing; see which check below. This is not a proof of alteration.',
  },
};

const CHECK_LOOKS = {
  pass: { word: 'Pass', tone: 'pass', icon: CircleCheck },
  fail: { word: 'Fail', tone: 'exception', icon: CircleX },
  'cannot-tell': { word: 'Cannot tell', tone: 'evidence-required', icon: CircleHelp },
} as const;

function Result({ result, checked }: { result: VerificationResult; checked: string }) {
  const verdict = VERDICTS[result.verdict];
  const Icon = verdict.icon;
  const order = { fail: 0, 'cannot-tell': 1, pass: 2 } as const;
  const checks = result.checks.toSorted((a, b) => order[a.result] - order[b.result]);
  const tally = (kind: keyof typeof order) => result.checks.filter((check) => check.result === kind).length;
  return (
    <div className="stack">
      <section className="verdict" data-tone={verdict.tone} aria-label="Verdict">
        <Icon size={34} aria-hidden />
        <div>
          <h2 className="verdict-word">{verdict.word}</h2>
          <p>{result.headline}</p>
          <p className="small">{verdict.meaning}</p>
        </div>
      </section>
      <Panel title="What was checked">
        <Facts
          facts={[
            { label: 'File', value: <span className="mono">{result.subject}</span> },
            {
              label: 'Proven time',
              value:
                result.provenTime === null
                  ? 'none'
                  : `${utcTime(result.provenTime)} UTC, by a timestamp authority`,
            },
            {
              label: 'Claimed time',
              value:
                result.claimedTime === null ? 'none' : `${utcTime(result.claimedTime)} UTC, by the signer`,
            },
            { label: 'Checked', value: `${utcTime(checked)} UTC, on this machine` },
          ]}
        />
      </Panel>
      <Panel
        title="Checks"
        note={`${counted(tally('pass'), 'check')} passed, ${tally('fail')} failed, ${tally('cannot-tell')} cannot be told.`}
        flush
      >
        <ul className="checks">
          {checks.map((check) => {
            const look = CHECK_LOOKS[check.result];
            return (
              <li key={check.id} className="check-row">
                <span className="check-result">
                  <Badge tone={look.tone} icon={look.icon}>
                    {look.word}
                  </Badge>
                </span>
                <div>
                  <h3>{check.title}</h3>
                  <p className="small muted check-detail">{check.detail}</p>
                </div>
              </li>
            );
          })}
        </ul>
      </Panel>
    </div>
  );
}

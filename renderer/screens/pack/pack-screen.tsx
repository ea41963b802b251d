import { Package } from 'lucide-react';
import { useState } from 'react';
import type { BuiltPackResult, SignerInfo } from '../../../electron/api/pack.ts';
import type { SignerChoice, TimestampChoice } from '../../../electron/api/shared.ts';
import { isRunning, jobResult, useLatestJob, type JobView } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { saveSettings, useOpenEngagement, useSettings, useSnapshot } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { bytes, count, utcTime } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { Shown } from '../../ui/shown.tsx';
import { ErrorState, Partial } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { notify } from '../../ui/toast.tsx';
import { BuiltPacks } from './built-packs.tsx';
import './pack.css';

type SignerKind = SignerChoice['kind'];

/** Seals what was collected into a pack: who signs, who says when, where it goes. */
export function PackScreen() {
  const snapshot = useSnapshot()!;
  const open = useOpenEngagement();
  const settings = useSettings();
  const contents = useQuery('pack.contents', { snapshot: snapshot.id });
  const job = useLatestJob('pack');
  const sample = open.engagement.sample;
  const [kind, setKind] = useState<SignerKind>(sample ? 'sample' : settings?.signerPath ? 'pkcs12' : 'none');
  const [path, setPath] = useState(settings?.signerPath ?? '');
  const [passphrase, setPassphrase] = useState('');
  const [root, setRoot] = useState(settings?.signerRoots[0] ?? '');
  const [signer, setSigner] = useState<{ info: SignerInfo } | { error: unknown } | null>(null);
  const [urls, setUrls] = useState(settings?.timestamp?.urls.join(', ') ?? '');
  const [folder, setFolder] = useState(parentOf(open.file));
  const [busy, setBusy] = useState(false);
  const running = job !== null && isRunning(job.job);

  const choice: SignerChoice =
    kind === 'pkcs12'
      ? { kind, path: path.trim(), passphrase, roots: root.trim() === '' ? [] : [root.trim()] }
      : { kind };
  const timestamp: TimestampChoice =
    urls.trim() === ''
      ? null
      : { urls: urls.split(/[,\s]+/).filter((url) => url !== ''), roots: settings?.timestamp?.roots ?? [] };
  const lookAtSigner = async () => {
    try {
      setSigner({ info: await invoke('pack.signer', { signer: choice }) });
    } catch (error) {
      setSigner({ error });
    }
  };
  const build = async () => {
    setBusy(true);
    try {
      const { job: id } = await invoke('pack.build', {
        snapshot: snapshot.id,
        folder: folder.trim(),
        signer: choice,
        timestamp,
      });
      setPassphrase('');
      if (kind === 'pkcs12')
        void saveSettings({
          signerPath: path.trim(),
          signerRoots: choice.kind === 'pkcs12' ? (choice.roots ?? []) : [],
        });
      await jobResult<BuiltPackResult>(id);
    } catch (error) {
      // A failed build is shown in its place; a call that was refused is not a job.
      notify('The pack was not built', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  const ready =
    folder.trim() !== '' &&
    contents.data?.refused === null &&
    open.readOnly === null &&
    (kind !== 'pkcs12' || path.trim() !== '');

  return (
    <Screen
      title="Pack"
      lead="One PDF to read and one zip to verify, both sealed. Anyone can check them with openssl, pdfsig and sha256sum, without Keywitness."
      actions={
        <Button
          look="primary"
          icon={Package}
          busy={busy || running}
          disabled={!ready}
          onClick={() => void build()}
        >
          Build and sign
        </Button>
      }
    >
      {job && <Build view={job} />}
      <BuiltPacks timestamp={timestamp} />
      <Panel title="Contents" note={`Of snapshot ${snapshot.id}. Another one is chosen in the header.`}>
        <Shown query={contents} what="the contents">
          {(data) => (
            <div className="stack">
              {data.refused !== null && <Partial>{data.refused}</Partial>}
              {data.sample && (
                <p>
                  <span className="sample-mark">SAMPLE — NOT EVIDENCE</span>{' '}
                  <span className="small">stands on every page of this pack.</span>
                </p>
              )}
              <div className="figures">
                <Figure n={data.keys} words="keys" />
                <Figure n={data.results} words="answers of tests" />
                <Figure n={data.gaps} words="gaps" />
                <Figure n={data.events} words="events" />
                <Figure n={data.entries} words="ledger entries" />
                <Figure n={data.exchanges} words="exchanges" />
                <p>
                  <span className="figure-number">{bytes(data.bodyBytes)}</span>{' '}
                  <span className="figure-words">of raw answers</span>
                </p>
              </div>
            </div>
          )}
        </Shown>
      </Panel>
      <div className="columns">
        <Panel title="Who signs">
          <div className="stack">
            <ChoiceField<SignerKind>
              label="Signer"
              value={kind}
              onChoice={(next) => {
                setKind(next);
                setSigner(null);
              }}
              choices={[
                {
                  value: 'pkcs12',
                  label: 'A certificate file',
                  detail: 'PKCS#12 (.p12, .pfx). The passphrase is used once and stored nowhere.',
                },
                ...(sample
                  ? [
                      {
                        value: 'sample' as const,
                        label: 'The sample signer',
                        detail: 'Made for the sample environment; nobody trusts it.',
                      },
                    ]
                  : []),
                {
                  value: 'none',
                  label: 'Nobody',
                  detail: 'Hashes and timestamp show that nothing changed; not who answers for it.',
                },
              ]}
            />
            {kind === 'pkcs12' && (
              <>
                <FileField
                  label="Certificate file"
                  value={path}
                  onPath={setPath}
                  question={{ kind: 'open', title: 'Choose a certificate', extensions: ['p12', 'pfx'] }}
                />
                <TextField
                  label="Passphrase"
                  type="password"
                  autoComplete="off"
                  value={passphrase}
                  onText={setPassphrase}
                />
                <FileField
                  label="Root of its authority"
                  hint="May be left empty. It is put into the pack, for readers who need it."
                  value={root}
                  onPath={setRoot}
                  question={{
                    kind: 'open',
                    title: 'Choose a certificate',
                    extensions: ['pem', 'crt', 'cer', 'der'],
                  }}
                />
              </>
            )}
            {kind !== 'none' && (
              <div>
                <Button
                  disabled={kind === 'pkcs12' && path.trim() === ''}
                  onClick={() => void lookAtSigner()}
                >
                  Show who that is
                </Button>
              </div>
            )}
            {signer && 'error' in signer && (
              <ErrorState what="Cannot open the signer" error={signer.error} effect="Nothing was signed." />
            )}
            {signer && 'info' in signer && <SignerFacts info={signer.info} />}
          </div>
        </Panel>
        <Panel title="Who says when">
          <div className="stack">
            <TextField
              label="Timestamp authority (RFC 3161)"
              hint="It sees only a hash. Several with commas: they are tried in this order."
              mono
              value={urls}
              onText={setUrls}
              placeholder="http://timestamp.example/"
            />
            {timestamp === null && !sample && (
              <Partial>
                Without one the pack is sealed with its time pending, and verification says so. It can be
                stamped later, on this screen.
              </Partial>
            )}
            <FileField
              label="Folder for the pack"
              value={folder}
              onPath={setFolder}
              question={{ kind: 'folder', title: 'Where to put the pack' }}
            />
          </div>
        </Panel>
      </div>
    </Screen>
  );
}

function Figure({ n, words }: { n: number; words: string }) {
  return (
    <p>
      <span className="figure-number">{count(n)}</span> <span className="figure-words">{words}</span>
    </p>
  );
}

function SignerFacts({ info }: { info: SignerInfo }) {
  // The clock is read once, when the signer is shown.
  const [now] = useState(() => new Date().toISOString());
  const past = info.notAfter < now;
  return (
    <>
      {past && (
        <Partial>
          This certificate expired on {utcTime(info.notAfter).slice(0, 10)}: validators will refuse its
          signature.
        </Partial>
      )}
      <Facts
        facts={[
          { label: 'Subject', value: info.subject },
          { label: 'Issuer', value: info.issuer },
          { label: 'Valid from', value: <Time at={info.notBefore} /> },
          { label: 'Valid to', value: <Time at={info.notAfter} /> },
          { label: 'Key', value: info.key },
          { label: 'Certificate SHA-256', value: <Identifier value={info.fingerprint} /> },
          { label: 'Chain', value: `${info.certificates} certificates in the file` },
        ]}
      />
    </>
  );
}

function Build({ view }: { view: JobView }) {
  const { job, progress } = view;
  const step = [...progress.values()].findLast((p) => p.kind === 'step');
  if (isRunning(job)) {
    return (
      <Panel
        title="Building"
        actions={
          job.canCancel && <Button onClick={() => void invoke('jobs.cancel', { job: job.id })}>Cancel</Button>
        }
      >
        <ProgressBar
          label={step?.kind === 'step' ? step.step : 'Starting'}
          value={step?.kind === 'step' ? step.done : null}
          max={step?.kind === 'step' ? (step.of ?? 1) : 1}
          text={
            step?.kind === 'step' && step.done !== null && step.of !== null
              ? `${count(step.done)} of ${count(step.of)}`
              : ''
          }
        />
      </Panel>
    );
  }
  if (job.error) {
    return (
      <ErrorState
        what="The pack was not built"
        error={new Error(job.error.message)}
        effect="What was collected is unchanged. Put it right and build again."
      />
    );
  }
  return null;
}

/** The folder a path lies in. */
export function parentOf(path: string): string {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return at <= 0 ? path : path.slice(0, at);
}

import { Eye, PenLine } from 'lucide-react';
import { useState } from 'react';
import type { BuiltPackResult, PackPreview } from '../../../electron/api/pack.ts';
import { isRunning, jobResult, useLatestJob } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import {
  currentOperator,
  saveSettings,
  useOpenEngagement,
  useSettings,
  useSnapshot,
} from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { QueuePanel } from '../../seal/queue-panel.tsx';
import { SignerCard } from '../../seal/signer-card.tsx';
import { rememberSigner, useSignerDraft } from '../../seal/use-signer.ts';
import { SignerFields } from '../../seal/signer-fields.tsx';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { BuiltPacks } from './built-packs.tsx';
import { ContentsPanel } from './contents-panel.tsx';
import { missingIn, packInput, previewed, timestampOf, type PackDraft } from './pack-draft.ts';
import { PackJob } from './pack-job.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { parentOf } from './parent-of.ts';
import { RedactionPanel } from './redaction-panel.tsx';
import './pack.css';

/** Seals what was collected into a pack: who signs, who says when, what is withheld; looked at first, then signed. */
export function PackScreen() {
  const snapshot = useSnapshot()!;
  const open = useOpenEngagement();
  const settings = useSettings();
  const contents = useQuery('pack.contents', { snapshot: snapshot.id });
  const building = useLatestJob('pack');
  const drawing = useLatestJob('pack-preview');
  const [signer, changeSigner] = useSignerDraft();
  const [draft, setDraft] = useState<PackDraft>({
    urls: settings?.timestamp?.urls.join(', ') ?? '',
    roots: settings?.timestamp?.roots ?? [],
    folder: parentOf(open.file),
    redaction: { on: false, fields: '', principals: '', reason: '' },
  });
  const change = (part: globalThis.Partial<PackDraft>) => setDraft((before) => ({ ...before, ...part }));
  const [preview, setPreview] = useState<{ of: string; shown: PackPreview } | null>(null);
  const [busy, setBusy] = useState(false);
  const of = previewed(snapshot.id, draft, signer);
  const current = preview?.of === of ? preview.shown : null;
  const running = busy || [building, drawing].some((view) => view !== null && isRunning(view.job));
  const missing = missingIn(draft, signer);
  const ready = missing === null && contents.data?.refused === null && open.readOnly === null;
  const folder = draft.folder.trim();
  const timestamp = timestampOf(draft);

  const act = async (what: string, work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      // A job that failed is shown in its place; a call that was refused is no job.
      if (errorWords(error).code !== 'CANCELLED') notify(what, errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  const input = async () =>
    packInput(snapshot.id, draft, signer, draft.redaction.on ? await currentOperator() : null);
  const look = () =>
    act('The pack cannot be previewed', async () => {
      const { job } = await invoke('pack.preview', await input());
      setPreview({ of, shown: await jobResult<PackPreview>(job) });
    });
  const sign = (shown: PackPreview) =>
    act('The pack was not signed', async () => {
      const given = await input();
      const { job } = await invoke('pack.build', { ...given, folder, preview: shown.preview });
      rememberSigner(signer);
      if (timestamp !== null) void saveSettings({ timestamp });
      await jobResult<BuiltPackResult>(job);
      changeSigner({ secret: '' });
      setPreview(null);
    });
  return (
    <Screen
      title="Pack"
      lead="One PDF to read and one zip to verify, both sealed. Anyone can check them with openssl, pdfsig and sha256sum, without Keywitness."
      actions={
        !current && (
          <Button look="primary" icon={Eye} busy={running} disabled={!ready} onClick={() => void look()}>
            Preview
          </Button>
        )
      }
    >
      {open.readOnly !== null && <Partial>This engagement is open for reading only: {open.readOnly}</Partial>}
      {building && <PackJob view={building} title="Signing and building" failed="The pack was not built" />}
      {drawing && <PackJob view={drawing} title="Drawing the report" failed="The pack cannot be previewed" />}
      {current && (
        <PreviewPanel
          preview={current}
          actions={
            <>
              <Button busy={running} onClick={() => setPreview(null)}>
                Change something
              </Button>
              <Button
                look="primary"
                icon={PenLine}
                busy={running}
                disabled={folder === ''}
                onClick={() => void sign(current)}
              >
                Sign
              </Button>
            </>
          }
        />
      )}
      <BuiltPacks timestamp={timestamp} />
      <QueuePanel />
      {!current && (
        <>
          <ContentsPanel snapshot={snapshot.id} />
          <div className="columns">
            <Panel title="Who signs">
              <div className="stack">
                <SignerFields draft={signer} onChange={changeSigner} />
                <SignerCard draft={signer} />
              </div>
            </Panel>
            <div className="stack">
              <Panel title="Who says when, and where it goes">
                <div className="stack">
                  <TextField
                    label="Timestamp authority (RFC 3161)"
                    hint="It sees only a hash. Several with commas: they are tried in this order."
                    mono
                    value={draft.urls}
                    onText={(urls) => change({ urls })}
                    placeholder={open.engagement.sample ? 'The sample’s own' : 'http://timestamp.example/'}
                  />
                  {timestamp === null && !open.engagement.sample && (
                    <Partial>
                      Without one the pack is sealed with its time pending, and verification says so. It can
                      be stamped later, on this screen.
                    </Partial>
                  )}
                  <FileField
                    label="Folder for the pack"
                    value={draft.folder}
                    onPath={(path) => change({ folder: path })}
                    question={{ kind: 'folder', title: 'Where to put the pack' }}
                  />
                </div>
              </Panel>
              <RedactionPanel redaction={draft.redaction} onChange={(redaction) => change({ redaction })} />
            </div>
          </div>
          {missing !== null && <p className="small muted">Before a preview: {missing}</p>}
        </>
      )}
    </Screen>
  );
}

import { useState } from 'react';
import { invalidateAll, invoke, useQuery } from '../../client/query.ts';
import { currentOperator, useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { FileField } from '../../files/file-field.tsx';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { isDay } from '../engagement/period.ts';
import { InventoryPanel } from './inventory-panel.tsx';

/** The key management procedure, and the inventory of keys that it is about. */
export function ProcedureScreen() {
  const snapshot = useSnapshot()!;
  const { engagement, readOnly } = useOpenEngagement();
  const query = useQuery('procedure.current', { snapshot: snapshot.id });
  const [attaching, setAttaching] = useState(false);
  const management = engagement.mode === 'management';
  const template = async () => {
    try {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Save the procedure to edit',
        extensions: ['docx', 'md'],
        suggested: 'key-management-procedure.docx',
      });
      if (!paths?.[0]) return;
      const { path } = await invoke('procedure.template', { snapshot: snapshot.id, path: paths[0] });
      notify('Saved', `${path}. Edit it, have it approved, then attach it.`);
    } catch (error) {
      notify('Cannot save the procedure', errorWords(error).message, 'failed');
    }
  };
  return (
    <Screen
      title="Procedure and inventory"
      lead="The organisation’s key management procedure: version, approval, annual review, and what it does not cover; and who owns which key."
      actions={
        <>
          {management && <Button onClick={() => void template()}>Save a template</Button>}
          <Button look="primary" disabled={readOnly !== null} onClick={() => setAttaching(true)}>
            Attach the procedure
          </Button>
        </>
      }
    >
      <Panel title="Procedure document">
        <Shown query={query} what="the procedure">
          {({ document, missing, systemsInUse }) =>
            document === null ? (
              <Empty title="No procedure is attached">
                Attach the document that is in force (PDF, DOCX or Markdown). Its words are looked through for
                the steps and for the systems in use: {systemsInUse.join(', ') || 'none known yet'}.
              </Empty>
            ) : (
              <div className="stack">
                {document.unreadable !== null && (
                  <Partial>
                    Its words could not be read, so what it covers is not known: {document.unreadable}
                  </Partial>
                )}
                {missing && missing.steps.length + missing.systems.length > 0 && (
                  <Partial>
                    It does not seem to cover: {[...missing.steps, ...missing.systems].join(', ')}. Words were
                    looked for; read it before you conclude.
                  </Partial>
                )}
                <Facts
                  facts={[
                    { label: 'Title', value: document.title, source: <EntryLink seq={document.seq} /> },
                    { label: 'Version', value: document.version },
                    { label: 'Approved', value: approval(document.approver, document.approvedAt) },
                    { label: 'Next review', value: document.nextReview ?? 'not stated' },
                    { label: 'Kept at', value: document.location ?? 'not stated' },
                    { label: 'SHA-256', value: <Identifier value={document.sha256} /> },
                    document.download !== null && {
                      label: 'As attached',
                      value: (
                        <a href={document.download.url} download={document.download.name}>
                          Save {document.download.name}
                        </a>
                      ),
                    },
                    { label: 'Attached by', value: document.by },
                  ]}
                />
              </div>
            )
          }
        </Shown>
      </Panel>
      <InventoryPanel snapshot={snapshot.id} editable={management && readOnly === null} />
      {attaching && <AttachDialog onClose={() => setAttaching(false)} />}
    </Screen>
  );
}

const approval = (approver: string | null, at: string | null) =>
  approver === null ? 'not stated' : `${approver}${at === null ? '' : `, ${at}`}`;

function AttachDialog({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('');
  const [title, setTitle] = useState('Key management procedure');
  const [version, setVersion] = useState('');
  const [approver, setApprover] = useState('');
  const [approvedAt, setApprovedAt] = useState('');
  const [nextReview, setNextReview] = useState('');
  const [busy, setBusy] = useState(false);
  const dayFault = (day: string) => (day === '' || isDay(day) ? null : 'Give the day as YYYY-MM-DD.');
  const ready =
    path.trim() !== '' &&
    title.trim() !== '' &&
    version.trim() !== '' &&
    dayFault(approvedAt) === null &&
    dayFault(nextReview) === null;
  const attach = async () => {
    setBusy(true);
    try {
      await invoke('procedure.attach', {
        path: path.trim(),
        title: title.trim(),
        version: version.trim(),
        approver: approver.trim() || null,
        approvedAt: approvedAt || null,
        nextReview: nextReview || null,
        operator: await currentOperator(),
      });
      invalidateAll();
      onClose();
    } catch (error) {
      notify('Cannot attach the procedure', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpen={onClose}
      title="Attach the procedure"
      description="The file becomes part of the ledger as it is, with its hash."
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void attach()}>
            Attach
          </Button>
        </>
      }
    >
      <FileField
        label="Document"
        value={path}
        onPath={setPath}
        question={{ kind: 'open', title: 'Choose the procedure', extensions: ['pdf', 'docx', 'md'] }}
      />
      <div className="form-grid">
        <TextField label="Title" value={title} onText={setTitle} />
        <TextField label="Version" value={version} onText={setVersion} />
        <TextField label="Approved by" hint="May be left empty." value={approver} onText={setApprover} />
        <TextField
          label="Approved on"
          mono
          placeholder="YYYY-MM-DD"
          value={approvedAt}
          onText={setApprovedAt}
          error={dayFault(approvedAt)}
        />
        <TextField
          label="Next review"
          mono
          placeholder="YYYY-MM-DD"
          value={nextReview}
          onText={setNextReview}
          error={dayFault(nextReview)}
        />
      </div>
    </Dialog>
  );
}

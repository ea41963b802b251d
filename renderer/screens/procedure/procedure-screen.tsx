import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator, useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { DocumentFields, documentOf, isDocument, useDocumentDraft } from '../../records/document-fields.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { attempt } from '../../records/recording.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { InventoryPanel } from './inventory-panel.tsx';
import { KeySetsPanel } from './key-sets-panel.tsx';
import { ManualRotationPanel } from './manual-rotation-panel.tsx';
import { MappingPanel } from './mapping-panel.tsx';

/** The key management procedure, and the inventory of keys that it is about. */
export function ProcedureScreen() {
  const snapshot = useSnapshot()!;
  const { engagement, readOnly } = useOpenEngagement();
  const query = useQuery('procedure.current', { snapshot: snapshot.id });
  const [attaching, setAttaching] = useState(false);
  const management = engagement.mode === 'management';
  const template = () =>
    attempt('Cannot save the procedure', async () => {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Save the procedure to edit',
        extensions: ['docx', 'md'],
        suggested: 'key-management-procedure.docx',
      });
      if (!paths?.[0]) return;
      const { path } = await invoke('procedure.template', { snapshot: snapshot.id, path: paths[0] });
      notify('Saved', `${path}. Edit it, have it approved, then attach it.`);
    });
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
      <KeySetsPanel editable={management && readOnly === null} />
      <MappingPanel editable={readOnly === null} />
      <ManualRotationPanel snapshot={snapshot.id} editable={readOnly === null} />
      {attaching && <AttachDialog onClose={() => setAttaching(false)} />}
    </Screen>
  );
}

const approval = (approver: string | null, at: string | null) =>
  approver === null ? 'not stated' : `${approver}${at === null ? '' : `, ${at}`}`;

function AttachDialog({ onClose }: { onClose: () => void }) {
  const [draft, change] = useDocumentDraft('Key management procedure');
  return (
    <FormDialog
      title="Attach the procedure"
      description="The file becomes part of the ledger as it is, with its hash."
      action="Attach"
      failed="Cannot attach the procedure"
      ready={isDocument(draft)}
      onSubmit={async () => {
        await invoke('procedure.attach', { ...documentOf(draft), operator: await currentOperator() });
      }}
      onClose={onClose}
    >
      <DocumentFields draft={draft} onChange={change} choose="Choose the procedure" />
    </FormDialog>
  );
}

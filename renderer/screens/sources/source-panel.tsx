import { useState } from 'react';
import type { Source } from '../../../electron/engagement/engagement.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator, loadEngagement, useOpenEngagement } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toast.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { sourceLine } from './source-words.ts';
import { ConnectionTestView } from './connection-test-view.tsx';
import { useConnectionTest } from './use-connection-test.ts';

const PROVIDERS: Record<string, string> = {
  aws: 'AWS',
  azure: 'Azure',
  vault: 'Vault',
  files: 'Files',
};

export const providerName = (provider: string): string => PROVIDERS[provider] ?? provider;

/** One source, with what can be done about it. */
export function SourcePanel({ source, onEdit }: { source: Source; onEdit: () => void }) {
  const { readOnly } = useOpenEngagement();
  const [removing, setRemoving] = useState(false);
  const [policy, setPolicy] = useState(false);
  const { test, run } = useConnectionTest();
  const online = source.provider !== 'files';
  return (
    <Panel
      title={source.title}
      note={
        <>
          {providerName(source.provider)} · <span className="mono">{source.id}</span> · {sourceLine(source)}
        </>
      }
      actions={
        <>
          {online && (
            <>
              <Button look="quiet" onClick={() => setPolicy(true)}>
                Least privilege
              </Button>
              <Button look="quiet" disabled={readOnly !== null} onClick={onEdit}>
                Edit
              </Button>
            </>
          )}
          <Button look="quiet" disabled={readOnly !== null} onClick={() => setRemoving(true)}>
            Remove
          </Button>
          {online && (
            <Button
              busy={test.at === 'running'}
              disabled={readOnly !== null}
              onClick={() => void run(source.id)}
            >
              Test connection
            </Button>
          )}
        </>
      }
    >
      {test.at === 'none' ? (
        <p className="small muted">
          {online
            ? 'Not tested in this session. A test makes the cheapest real calls and shows which permissions are there.'
            : 'Files are imported below; each import is a snapshot of its own.'}
        </p>
      ) : (
        <ConnectionTestView
          test={test}
          onRetry={() => void run(source.id)}
          onPolicy={() => setPolicy(true)}
        />
      )}
      {online && (
        <PolicyDialog open={policy} onOpen={setPolicy} provider={source.provider} source={source.id} />
      )}
      <RemoveDialog open={removing} onOpen={setRemoving} source={source} />
    </Panel>
  );
}

function RemoveDialog({
  open,
  onOpen,
  source,
}: {
  open: boolean;
  onOpen: (open: boolean) => void;
  source: Source;
}) {
  const [reason, setReason] = useState('');
  const remove = async () => {
    try {
      await invoke('sources.remove', {
        id: source.id,
        reason: reason.trim(),
        operator: await currentOperator(),
      });
      await loadEngagement();
      onOpen(false);
    } catch (error) {
      notify('Cannot remove the source', errorWords(error).message, 'failed');
    }
  };
  return (
    <Dialog
      open={open}
      onOpen={onOpen}
      title={`Remove ${source.title}?`}
      description="It is not collected from any more. What was collected stays in the ledger and in the packs."
      foot={
        <>
          <Button onClick={() => onOpen(false)}>Keep it</Button>
          <Button look="danger" disabled={reason.trim() === ''} onClick={() => void remove()}>
            Remove the source
          </Button>
        </>
      }
    >
      <TextField label="Reason" hint="As it shall stand in the pack." value={reason} onText={setReason} />
    </Dialog>
  );
}

import { useState } from 'react';
import type { PolicyParameters } from '../../../electron/engagement/parameters.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { go } from '../../client/route.ts';
import { currentOperator, loadEngagement } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { notify } from '../../ui/toast.tsx';
import { draftFaults, engagementOf, newDraft } from './draft.ts';
import { EngagementForm } from './engagement-form.tsx';

/** A new audit, in a new file. */
export function NewEngagementScreen() {
  const defaults = useQuery('engagement.defaultParameters', {});
  return (
    <Shown query={defaults} what="a new engagement">
      {(parameters) => <NewEngagement parameters={parameters} />}
    </Shown>
  );
}

function NewEngagement({ parameters }: { parameters: PolicyParameters }) {
  const [draft, setDraft] = useState(() => newDraft(parameters, new Date()));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const create = async () => {
    setTried(true);
    if (Object.keys(draftFaults(draft)).length > 0) return;
    setBusy(true);
    try {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Where to keep the engagement',
        extensions: ['keywitness'],
        suggested: `${fileName(draft.client)}.keywitness`,
      });
      if (!paths?.[0]) return;
      const operator = await currentOperator();
      await invoke('engagement.create', {
        file: withExtension(paths[0]),
        engagement: { ...engagementOf(draft), sample: false },
        operator,
      });
      await loadEngagement();
      go('sources', { add: 'yes' });
    } catch (error) {
      notify('Cannot create the engagement', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Screen
      title="New engagement"
      lead="One audit in one file. Everything here can be changed later; what was stated before stays on record."
      actions={
        <>
          <Button onClick={() => go('start')}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={() => void create()}>
            Create and connect a source
          </Button>
        </>
      }
    >
      <EngagementForm draft={draft} onDraft={setDraft} tried={tried} />
    </Screen>
  );
}

/** A file name that every system takes. */
export function fileName(client: string): string {
  const plain = client
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
  return plain === '' ? 'engagement' : plain.slice(0, 60);
}

function withExtension(path: string): string {
  return path.toLowerCase().endsWith('.keywitness') ? path : `${path}.keywitness`;
}

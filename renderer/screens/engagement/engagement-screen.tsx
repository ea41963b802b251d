import { useState } from 'react';
import { invoke } from '../../client/query.ts';
import { closeEngagement } from '../../shell/commands.ts';
import { currentOperator, loadEngagement, useOpenEngagement } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { counted, utcTime } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { draftFaults, draftOf, engagementOf } from './draft.ts';
import { EngagementForm } from './engagement-form.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { SystemsPanel } from './systems-panel.tsx';

/** What is stated about the open engagement, and its file. */
export function EngagementScreen() {
  const open = useOpenEngagement();
  // Another declaration from elsewhere starts the form anew.
  return <OpenForm key={`${open.file} ${JSON.stringify(open.engagement)}`} />;
}

function OpenForm() {
  const open = useOpenEngagement();
  const [draft, setDraft] = useState(() => draftOf(open.engagement));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(open.engagement));
  const save = async () => {
    setTried(true);
    if (Object.keys(draftFaults(draft)).length > 0) return;
    setBusy(true);
    try {
      await invoke('engagement.update', { change: engagementOf(draft), operator: await currentOperator() });
      await loadEngagement();
      notify('Saved', 'Results follow from the new statement when the tests run next.');
    } catch (error) {
      notify('Cannot save the engagement', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Screen
      title="Engagement"
      lead="What is audited and against what. A change is a new statement; what was stated before stays in the ledger."
      actions={
        <>
          <Button disabled={!changed} onClick={() => setDraft(draftOf(open.engagement))}>
            Undo changes
          </Button>
          <Button
            look="primary"
            disabled={!changed || open.readOnly !== null}
            busy={busy}
            onClick={() => void save()}
          >
            Save changes
          </Button>
        </>
      }
    >
      {open.warning !== null && <Partial>{open.warning}</Partial>}
      {open.readOnly !== null && <Partial>{open.readOnly}</Partial>}
      <EngagementForm draft={draft} onDraft={setDraft} tried={tried} />
      <PolicyPanel parameters={open.engagement.parameters} editable={open.readOnly === null} />
      <PeoplePanel editable={open.readOnly === null} />
      <SystemsPanel editable={open.readOnly === null} />
      <Panel
        title="File"
        actions={<Button onClick={() => void closeEngagement()}>Close the engagement</Button>}
      >
        <Facts
          facts={[
            { label: 'Path', value: <Identifier value={open.file} tail={28} /> },
            { label: 'Ledger', value: counted(open.entries, 'entry', 'entries') },
            {
              label: 'Snapshots',
              value:
                open.snapshots.length === 0
                  ? 'none yet'
                  : open.snapshots
                      .map((s) => `${s.id} (${utcTime(s.startedAt).slice(0, 10)}, ${s.state})`)
                      .join('; '),
            },
            {
              label: 'Operators',
              value:
                open.operators
                  .map((o) => (o.email === null ? o.name : `${o.name} <${o.email}>`))
                  .join(', ') || 'none yet',
            },
          ]}
        />
      </Panel>
    </Screen>
  );
}

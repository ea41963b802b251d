import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Source } from '../../../electron/engagement/engagement.ts';
import { setParams, useRoute, go } from '../../client/route.ts';
import { useOpenEngagement } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { ImportPanel } from './import-panel.tsx';
import { SourcePanel } from './source-panel.tsx';
import { SourceWizard } from './wizard.tsx';
import './sources.css';

/** Where evidence comes from, and whether it can be reached. */
export function SourcesScreen() {
  const { engagement, sources, readOnly } = useOpenEngagement();
  const { params } = useRoute();
  const [editing, setEditing] = useState<Source | 'new' | null>(params.add === 'yes' ? 'new' : null);
  const close = () => {
    setEditing(null);
    setParams({ add: null });
  };
  return (
    <Screen
      title="Sources"
      lead="Each source is asked with read-only calls. No credential is stored: only where this machine has it from."
      actions={
        <>
          {sources.some((source) => source.provider !== 'files') && (
            <Button onClick={() => go('collect')}>Go on to Collect</Button>
          )}
          <Button look="primary" icon={Plus} disabled={readOnly !== null} onClick={() => setEditing('new')}>
            Add a source
          </Button>
        </>
      }
    >
      {editing && (
        <SourceWizard
          // A wizard for another source begins anew.
          key={editing === 'new' ? 'new' : editing.id}
          source={editing === 'new' ? null : editing}
          taken={sources.map((source) => source.id)}
          sample={engagement.sample}
          onClose={close}
        />
      )}
      {sources.length === 0 && (
        <Panel title="No source yet" flush>
          <Empty
            title="Nothing can be collected until there is a source"
            actions={
              <Button look="primary" icon={Plus} onClick={() => setEditing('new')}>
                Add a source
              </Button>
            }
          >
            Connect the account, subscription or cluster that holds the keys. Where you are given no
            credentials, import what the client exported: it is marked as client-provided.
          </Empty>
        </Panel>
      )}
      {sources.map((source) => (
        <SourcePanel key={source.id} source={source} onEdit={() => setEditing(source)} />
      ))}
      <ImportPanel />
    </Screen>
  );
}

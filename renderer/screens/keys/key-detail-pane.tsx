import { X } from 'lucide-react';
import { useState } from 'react';
import type { KeyDetail } from '../../../electron/api/keys.ts';
import { useQuery } from '../../client/query.ts';
import { setParams, useRoute } from '../../client/route.ts';
import { useOpenEngagement } from '../../client/session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { KeyAccess } from './key-access.tsx';
import { KeyConfiguration } from './key-configuration.tsx';
import { KeyRotation } from './key-rotation.tsx';
import { KeyTests } from './key-tests.tsx';
import { KeyUsage } from './key-usage.tsx';
import { keyName } from './key-words.ts';
import { CaptureDialog } from './capture/capture-dialog.tsx';
import { OwnerDialog } from './owner-dialog.tsx';

type TabId = 'configuration' | 'rotation' | 'usage' | 'access' | 'tests';

/** One key: what is known of it, and the entries that say so. */
export function KeyDetailPane({
  id,
  snapshot,
  onClose,
}: {
  id: string;
  snapshot: string;
  onClose: () => void;
}) {
  const query = useQuery('keys.detail', { snapshot, id });
  const { engagement, readOnly } = useOpenEngagement();
  const [capturing, setCapturing] = useState(false);
  const [owning, setOwning] = useState(false);
  return (
    <>
      {capturing && <CaptureDialog keys={[id]} snapshot={snapshot} onClose={() => setCapturing(false)} />}
      {owning && <OwnerDialog id={id} snapshot={snapshot} onClose={() => setOwning(false)} />}
      <header className="detail-head">
        <div>
          <h2 className="clip">{query.data ? keyName(query.data.key) : 'Key'}</h2>
          <Identifier value={id} tail={20} />
        </div>
        <div className="row detail-actions">
          {engagement.mode === 'management' && readOnly === null && (
            <Button onClick={() => setOwning(true)}>Record the owner</Button>
          )}
          {readOnly === null && <Button onClick={() => setCapturing(true)}>Console screenshot…</Button>}
          <IconButton icon={X} label="Close the key" onClick={onClose} />
        </div>
      </header>
      <Shown query={query} what="the key" lines={10}>
        {(detail) => <Detail detail={detail} snapshot={snapshot} />}
      </Shown>
    </>
  );
}

function Detail({ detail, snapshot }: { detail: KeyDetail; snapshot: string }) {
  const { params } = useRoute();
  const id = detail.key.id;
  // Tests, as the table counts them: a test with an exception at both times is one.
  const exceptions = new Set(
    detail.results.filter((result) => result.result === 'exception').map((result) => result.control),
  ).size;
  return (
    <Tabs<TabId>
      label="Parts of the key"
      value={(params.tab as TabId | undefined) ?? 'configuration'}
      onTab={(tab) => setParams({ tab })}
      tabs={[
        { value: 'configuration', label: 'Configuration', panel: <KeyConfiguration detail={detail} /> },
        { value: 'tests', label: 'Tests', count: exceptions, panel: <KeyTests detail={detail} /> },
        { value: 'rotation', label: 'Rotation', panel: <KeyRotation detail={detail} /> },
        {
          value: 'access',
          label: 'Access',
          panel: <KeyAccess id={id} snapshot={snapshot} detail={detail} />,
        },
        { value: 'usage', label: 'Use', panel: <KeyUsage id={id} snapshot={snapshot} /> },
      ]}
    />
  );
}

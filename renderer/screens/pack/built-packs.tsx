import { CircleCheck, Clock } from 'lucide-react';
import { useState } from 'react';
import type { BuiltPackResult } from '../../../electron/api/pack.ts';
import type { TimestampChoice } from '../../../electron/api/shared.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { bytes, utcTime } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { verifyPack } from '../verify/verification.ts';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';

/** Packs built in this session: where they are, their hash, and what can be done with them. */
export function BuiltPacks({ timestamp }: { timestamp: TimestampChoice }) {
  const list = useQuery('pack.list', {});
  const packs = list.data?.packs ?? [];
  return packs
    .toReversed()
    .map((pack) => <BuiltPack key={pack.zip} pack={pack} timestamp={timestamp} onStamped={list.reload} />);
}

function BuiltPack({
  pack,
  timestamp,
  onStamped,
}: {
  pack: BuiltPackResult;
  timestamp: TimestampChoice;
  onStamped: () => void;
}) {
  const info = useQuery('app.info', {});
  const [busy, setBusy] = useState(false);
  const stamp = async () => {
    if (!timestamp) return;
    setBusy(true);
    try {
      const { job } = await invoke('pack.timestamp', { packs: [pack.zip, pack.pdf], timestamp });
      await jobResult(job);
      notify('The pack is stamped', 'Its time is proven from now on.');
      onStamped();
    } catch (error) {
      notify('Cannot stamp the pack', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel
      title={pack.name}
      actions={
        <>
          <Button
            onClick={() =>
              void copyText(pack.zipSha256).then((done) => done && notify('Copied', 'SHA-256 of the zip'))
            }
          >
            Copy the hash
          </Button>
          {info.data?.can.reveal && (
            <Button onClick={() => void invoke('host.reveal', { path: pack.zip })}>Show in its folder</Button>
          )}
          <Button look="primary" onClick={() => void verifyPack(pack.zip)}>
            Verify now
          </Button>
        </>
      }
    >
      <div className="stack">
        <div className="row">
          {pack.provenTime !== null ? (
            <Badge tone="pass" icon={CircleCheck}>
              Sealed, time proven {utcTime(pack.provenTime)} UTC
            </Badge>
          ) : (
            <Badge tone="undetermined" icon={Clock}>
              Sealed, time pending
            </Badge>
          )}
        </div>
        {pack.timePending !== null && (
          <Partial
            actions={
              <Button look="quiet" busy={busy} disabled={!timestamp} onClick={() => void stamp()}>
                Stamp it now
              </Button>
            }
          >
            {pack.timePending}
            {!timestamp && ' Name a timestamp authority above to stamp it.'}
          </Partial>
        )}
        <Facts
          facts={[
            { label: 'Zip', value: <Identifier value={pack.zip} tail={36} /> },
            { label: 'PDF', value: <Identifier value={pack.pdf} tail={36} /> },
            { label: 'Size of the zip', value: bytes(pack.zipBytes) },
            { label: 'SHA-256 of the zip', value: <Identifier value={pack.zipSha256} /> },
            pack.previewSha256 !== null && {
              label: 'Report as previewed',
              value: <Identifier value={pack.previewSha256} />,
              source: 'the signed PDF begins with these bytes',
            },
          ]}
        />
      </div>
    </Panel>
  );
}

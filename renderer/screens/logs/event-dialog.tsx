import type { UsageEvent } from '../../../electron/api/logs.ts';
import { useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { pretty } from '../../ledger/fact-text.ts';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Time } from '../../ui/time.tsx';

/** One event: what the table says of it, and the record as the log has it. */
export function EventDialog({ event, onClose }: { event: UsageEvent | null; onClose: () => void }) {
  const query = useQuery('logs.event', event ? { seq: event.seq, n: event.n } : null);
  return (
    <Dialog
      open={event !== null}
      onOpen={(open) => !open && onClose()}
      title={event?.name ?? ''}
      place="side"
    >
      {event && (
        <>
          <Facts
            facts={[
              { label: 'When', value: <Time at={event.time} />, source: <EntryLink seq={event.seq} /> },
              { label: 'Event id', value: <Identifier value={event.eventId} /> },
              {
                label: 'Key',
                value: event.key ? (
                  <a href={routeHash('keys', { id: event.key })} onClick={onClose}>
                    <Identifier value={event.key} copy={false} tail={24} />
                  </a>
                ) : (
                  <span className="none">none named</span>
                ),
              },
              { label: 'Principal', value: <Identifier value={event.principal} tail={24} /> },
              { label: 'Acting as', value: <Identifier value={event.actor} tail={24} /> },
              { label: 'From', value: event.invokedBy ?? event.sourceIp },
              { label: 'Outcome', value: event.error ?? 'done' },
            ]}
          />
          <Shown query={query} what="the record">
            {(data) => (
              <>
                {data.record !== null ? (
                  <Code title="The record, as logged" text={pretty(data.record)} />
                ) : (
                  <p className="small muted">
                    The record’s own bytes are not kept; its hash stands in the file’s entry.
                  </p>
                )}
                <Facts facts={[{ label: 'File', value: <Identifier value={data.file} tail={30} /> }]} />
              </>
            )}
          </Shown>
        </>
      )}
    </Dialog>
  );
}

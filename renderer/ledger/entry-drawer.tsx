import { useQuery } from '../client/query.ts';
import { useStore } from '../client/store.ts';
import type { Exchange } from '../../electron/api/keys.ts';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/facts.tsx';
import { bytes, count } from '../ui/format.ts';
import { Identifier } from '../ui/identifier.tsx';
import { Shown } from '../ui/shown.tsx';
import { Time } from '../ui/time.tsx';
import { shownEntry } from './shown-entry.ts';
import { factText, pretty } from './fact-text.ts';

/** One ledger entry, opened: the call as it was made, the answer as it came. Mounted once. */
export function EntryDrawer() {
  const seq = useStore(shownEntry);
  const query = useQuery('keys.exchange', seq === null ? null : { seq });
  return (
    <Dialog
      open={seq !== null}
      onOpen={(open) => !open && shownEntry.set(null)}
      title={`Ledger entry ${count(seq ?? 0)}`}
      place="side"
    >
      <Shown query={query} what="the entry" lines={8}>
        {(entry) => <Entry entry={entry} />}
      </Shown>
    </Dialog>
  );
}

const KINDS: Record<Exchange['kind'], string> = {
  exchange: 'One request and its response, as sent and received',
  import: 'A file that the client gave',
  declaration: 'Something an operator stated or decided',
  capture: 'A picture',
  checkpoint: 'Signature and time over everything before it',
};

function Entry({ entry }: { entry: Exchange }) {
  return (
    <>
      <Facts
        facts={[
          { label: 'What it is', value: KINDS[entry.kind] },
          { label: 'Recorded', value: <Time at={entry.at} /> },
          { label: 'Line SHA-256', value: <Identifier value={entry.hash} /> },
          ...Object.entries(entry.facts).map(([name, value]) => ({ label: name, value: factText(value) })),
        ]}
      />
      {Object.entries(entry.values)
        .filter(([name]) => name !== 'body')
        .map(([name, value]) => (
          <Code
            key={name}
            title={`${name} (kept beside the line, committed to by its hash)`}
            text={pretty(value)}
          />
        ))}
      {entry.body && (
        <>
          <Facts
            facts={[
              { label: 'Body', value: bytes(entry.body.bytes) },
              { label: 'Body SHA-256', value: <Identifier value={entry.body.sha256} /> },
              {
                label: 'As received',
                value: (
                  <a href={entry.body.download.url} download={entry.body.download.name}>
                    Save {entry.body.download.name}
                  </a>
                ),
              },
            ]}
          />
          {entry.body.text !== null ? (
            <Code title="Body, as received" text={entry.body.text} />
          ) : (
            <p className="small muted">
              The body is not text, or longer than is shown here. Save it to see the whole.
            </p>
          )}
        </>
      )}
      {!entry.body && entry.kind === 'exchange' && (
        <p className="small muted">
          No body is kept for this call: its class keeps none, or there was no answer.
        </p>
      )}
      <Code title="The line as stored and hashed" text={entry.line} />
    </>
  );
}

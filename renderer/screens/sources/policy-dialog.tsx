import { useQuery } from '../../client/query.ts';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Shown } from '../../ui/shown.tsx';

export type OnlineProvider = 'aws' | 'azure' | 'vault';

/** The least privilege that a collection needs, for the client to grant. */
export function PolicyDialog({
  open,
  onOpen,
  provider,
  source,
}: {
  open: boolean;
  onOpen: (open: boolean) => void;
  provider: OnlineProvider;
  source?: string;
}) {
  return (
    <Dialog
      open={open}
      onOpen={onOpen}
      title="Least privilege"
      description="Everything here reads. Give it to the client to grant, and test the connection again."
      place="wide"
    >
      {open && <Policies provider={provider} {...(source === undefined ? {} : { source })} />}
    </Dialog>
  );
}

/** The documents themselves. */
export function Policies({ provider, source }: { provider: OnlineProvider; source?: string }) {
  const query = useQuery('sources.policy', { provider, ...(source === undefined ? {} : { source }) });
  return (
    <Shown query={query} what="the policy" lines={8}>
      {({ documents }) => (
        <div className="stack">
          {documents.map((document) => (
            <Code key={document.title} title={document.title} text={document.text} />
          ))}
        </div>
      )}
    </Shown>
  );
}

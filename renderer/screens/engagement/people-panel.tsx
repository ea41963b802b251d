import { useState } from 'react';
import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { ListImport } from '../../records/list-import.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { counted } from '../../ui/format.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';

/** Who works for the client: owners and holders of access who have left are found by it. */
export function PeoplePanel({ editable }: { editable: boolean }) {
  const list = useQuery('people.list', { limit: 1 });
  const pages = usePages('people.list', (after, signal) =>
    invoke('people.list', { after, limit: 50 }, { signal }),
  );
  const [importing, setImporting] = useState(false);
  const head = list.data?.list ?? null;
  return (
    <Panel
      title="People"
      note={
        head ? (
          <>
            {counted(head.rows, 'person', 'people')} as of {head.asOf}, from <FileLink file={head.file} />.{' '}
            <RecordedBy {...head} />
          </>
        ) : (
          'Who works for the client, and until when. Tests find owners and holders of access who have left.'
        )
      }
      actions={
        <Button disabled={!editable} onClick={() => setImporting(true)}>
          Import a list
        </Button>
      }
      flush
    >
      <PagedTable
        pages={pages}
        what="the people"
        label="People"
        total={head?.rows ?? null}
        idOf={(_, index) => index}
        columns={[
          { label: 'Name', cell: (one) => one.name },
          { label: 'Email', cell: (one) => one.email ?? <span className="none">none</span> },
          { label: 'Kind', cell: (one) => (one.kind === 'shared' ? 'shared, not a person' : 'person') },
          { label: 'From', cell: (one) => one.from ?? <span className="none">not stated</span> },
          { label: 'Last day', cell: (one) => one.to ?? <span className="none">is there</span> },
        ]}
        empty={
          <Empty title="No list of people yet">
            Ask the client for one from their HR system. Without it, whether an owner has left stays “evidence
            required”.
          </Empty>
        }
      />
      {importing && (
        <ListImport
          title="Import people"
          columns="A table (CSV or XLSX) with the columns name, email, kind (person or shared), from and to. “To” is somebody’s last day."
          onImport={async (given) => {
            const { people, left } = await invoke('people.import', {
              ...given,
              operator: await currentOperator(),
            });
            notify(`Recorded ${counted(people, 'person', 'people')}`, `${left} of them have left.`);
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </Panel>
  );
}

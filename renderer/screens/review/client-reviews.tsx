import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { isDay } from '../../ui/day.ts';
import { DayField } from '../../ui/day-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { counted, utcDay } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';

/** Reviews that the client made and signed without this program. */
export function ClientReviews({ editable }: { editable: boolean }) {
  const query = useQuery('review.clients', {});
  const [importing, setImporting] = useState(false);
  return (
    <Panel
      title="The client’s own reviews"
      note="A review that was done elsewhere: its file is kept as given, and the signatures inside it are checked."
      actions={
        <Button disabled={!editable} onClick={() => setImporting(true)}>
          Take in a review
        </Button>
      }
      flush
    >
      <Shown query={query} what="the client’s reviews" lines={2}>
        {({ reviews }) =>
          reviews.length === 0 ? (
            <p className="panel-more small muted">None was taken in.</p>
          ) : (
            <Table
              rows={reviews}
              idOf={({ id }) => id}
              columns={[
                { label: 'Title', cell: ({ title }) => title },
                { label: 'Reviewer', cell: ({ reviewer }) => `${reviewer.name}, ${reviewer.role}` },
                { label: 'Reviewed on', cell: ({ reviewedAt }) => reviewedAt },
                {
                  label: 'Signatures that hold',
                  cell: ({ signatures, problems }) => (
                    <>
                      {signatures.map(({ name }) => name).join(', ') || <span className="none">none</span>}
                      {problems.map((problem) => (
                        <span className="field-hint" key={problem}>
                          {problem}
                        </span>
                      ))}
                    </>
                  ),
                },
                { label: 'File', cell: ({ file }) => <FileLink file={file} /> },
                { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
              ]}
            />
          )
        }
      </Shown>
      {importing && <TakeIn onClose={() => setImporting(false)} />}
    </Panel>
  );
}

function TakeIn({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('');
  const [title, setTitle] = useState('Annual access review');
  const [name, setName] = useState('');
  const [role, setRole] = useState('');
  const [reviewedAt, setReviewedAt] = useState(() => utcDay(Date.now()));
  const [previousAt, setPreviousAt] = useState('');
  return (
    <FormDialog
      title="Take in a review"
      action="Take in"
      failed="Cannot take in the review"
      ready={
        [path, title, name, role].every((text) => text.trim() !== '') &&
        isDay(reviewedAt) &&
        (previousAt === '' || isDay(previousAt))
      }
      onSubmit={async () => {
        const { signatures, problems } = await invoke('review.client', {
          path: path.trim(),
          title: title.trim(),
          reviewer: { name: name.trim(), role: role.trim(), email: null },
          reviewedAt,
          previousAt: previousAt || null,
          operator: await currentOperator(),
        });
        notify(`${counted(signatures, 'signature')} that hold`, problems.join(' '));
      }}
      onClose={onClose}
    >
      <FileField
        label="File"
        value={path}
        onPath={setPath}
        question={{ kind: 'open', title: 'Choose the review', extensions: ['pdf', 'xlsx', 'csv', 'docx'] }}
      />
      <TextField label="Title" value={title} onText={setTitle} />
      <div className="form-grid">
        <TextField label="Reviewer" value={name} onText={setName} />
        <TextField label="Role" value={role} onText={setRole} />
        <DayField label="Reviewed on" value={reviewedAt} onDay={setReviewedAt} />
        <DayField label="Review before" hint="May be left empty." value={previousAt} onDay={setPreviousAt} />
      </div>
    </FormDialog>
  );
}

import { useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import { usePages } from '../../client/pages.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { namesIn } from '../../records/name-list.ts';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { isDay } from '../../ui/day.ts';
import { DayField } from '../../ui/day-field.tsx';
import { CheckField, TextArea, TextField } from '../../ui/field.tsx';
import { counted, utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';

type ApprovedList = OutputOf<'approved.list'>['rows'][number];
type Right = ApprovedList['principals'][number]['rights'][number];

/** Lists of approved principals: of a key set, of one key, or of every key. */
export function ApprovedPanel({
  snapshot,
  editable,
  management,
}: {
  snapshot: string;
  editable: boolean;
  management: boolean;
}) {
  const pages = usePages('approved.list', (after, signal) =>
    invoke('approved.list', { after, limit: 100 }, { signal }),
  );
  const [doing, setDoing] = useState<'import' | 'hand' | null>(null);
  const [removing, setRemoving] = useState<ApprovedList | null>(null);
  return (
    <Panel
      title="Approved principals"
      note="A right that no list names is an exception of its own test; without any list that test needs evidence."
      actions={
        <>
          {management && (
            <Button disabled={!editable} onClick={() => setDoing('hand')}>
              Enter a list
            </Button>
          )}
          <Button disabled={!editable} onClick={() => setDoing('import')}>
            Import a table
          </Button>
        </>
      }
      flush
    >
      <PagedTable
        pages={pages}
        what="the approved principals"
        idOf={({ subject }) => subject}
        columns={[
          { label: 'For', cell: ({ subject }) => <SubjectOf id={subject} /> },
          {
            label: 'Principals',
            cell: ({ principals }) => (
              <>
                {principals.slice(0, 6).map(({ principal, rights }) => (
                  <span className="approved-line" key={principal}>
                    <Identifier value={principal} copy={false} tail={22} />{' '}
                    <span className="tiny muted">{rights.join(', ')}</span>
                  </span>
                ))}
                {principals.length > 6 && (
                  <span className="field-hint">and {counted(principals.length - 6, 'principal')} more</span>
                )}
              </>
            ),
          },
          { label: 'Approved', cell: ({ approver, approvedAt }) => `${approver}, ${approvedAt}` },
          { label: 'From', cell: ({ file }) => <FileLink file={file} /> },
          { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
          management &&
            editable && {
              label: 'Change',
              cell: (row) => (
                <Button look="quiet" onClick={() => setRemoving(row)}>
                  Withdraw
                </Button>
              ),
            },
        ]}
        empty={
          <Empty title="No list of approved principals">
            Ask the client who may administer and use which keys, and who approved that.
          </Empty>
        }
      />
      {doing === 'import' && <ImportApproved snapshot={snapshot} onClose={() => setDoing(null)} />}
      {doing === 'hand' && <EnterApproved snapshot={snapshot} onClose={() => setDoing(null)} />}
      {removing && <Withdraw list={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  );
}

function SubjectOf({ id }: { id: string }) {
  if (id === '*') return 'every key';
  return <Identifier value={id} copy={false} tail={18} />;
}

function ImportApproved({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [path, setPath] = useState('');
  return (
    <FormDialog
      title="Import approved principals"
      description="A table (CSV or XLSX) with the columns key_set or key (* for every key), principal, rights (administer, use, grant), approver and approved_at."
      action="Import"
      failed="Cannot import the list"
      ready={path.trim() !== ''}
      onSubmit={async () => {
        const { lists } = await invoke('approved.import', {
          snapshot,
          path: path.trim(),
          operator: await currentOperator(),
        });
        notify(`Recorded ${counted(lists.length, 'list')}`);
      }}
      onClose={onClose}
    >
      <FileField
        label="Table"
        value={path}
        onPath={setPath}
        question={{ kind: 'open', title: 'Choose the table', extensions: ['csv', 'xlsx'] }}
      />
    </FormDialog>
  );
}

const RIGHTS: readonly Right[] = ['administer', 'use', 'grant'];

function EnterApproved({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [subject, setSubject] = useState('');
  const [principals, setPrincipals] = useState('');
  const [rights, setRights] = useState<readonly Right[]>(['use']);
  const [approver, setApprover] = useState('');
  const [approvedAt, setApprovedAt] = useState(() => utcDay(Date.now()));
  const names = namesIn(principals);
  return (
    <FormDialog
      title="Enter a list of approved principals"
      description="Replaces the list that this key, set or every key had before."
      action="Record"
      failed="Cannot record the list"
      ready={
        subject.trim() !== '' &&
        names.length > 0 &&
        rights.length > 0 &&
        approver.trim() !== '' &&
        isDay(approvedAt)
      }
      onSubmit={async () => {
        await invoke('approved.record', {
          snapshot,
          subject: subject.trim(),
          approver: approver.trim(),
          approvedAt,
          principals: names.map((principal) => ({ principal, rights: [...rights] })),
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <TextField
        label="For"
        hint="Id of a key set; ARN, id or alias of a key; or * for every key."
        mono
        value={subject}
        onText={setSubject}
      />
      <TextArea
        label="Principals"
        hint="As the provider names them, one a line; * stands for any characters."
        rows={5}
        value={principals}
        onText={setPrincipals}
        placeholder="arn:aws:iam::111122223333:role/payroll-*"
      />
      <fieldset className="clause">
        <legend className="field-label">May</legend>
        <div className="row">
          {RIGHTS.map((right) => (
            <CheckField
              key={right}
              label={right}
              checked={rights.includes(right)}
              onChecked={(on) =>
                setRights(on ? [...rights, right] : rights.filter((other) => other !== right))
              }
            />
          ))}
        </div>
      </fieldset>
      <div className="form-grid">
        <TextField label="Approved by" value={approver} onText={setApprover} />
        <DayField label="Approved on" value={approvedAt} onDay={setApprovedAt} />
      </div>
    </FormDialog>
  );
}

function Withdraw({ list, onClose }: { list: ApprovedList; onClose: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title="Withdraw the approval"
      description={`Of ${counted(list.principals.length, 'principal')} for ${list.subject === '*' ? 'every key' : list.subject}. The list stays in the ledger as it was.`}
      action="Withdraw"
      failed="Cannot withdraw the approval"
      ready={reason.trim() !== ''}
      onSubmit={async () => {
        await invoke('approved.remove', {
          subject: list.subject,
          reason: reason.trim(),
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <TextField label="Why" value={reason} onText={setReason} />
    </FormDialog>
  );
}

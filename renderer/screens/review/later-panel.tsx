import { useState } from 'react';
import type { ReviewItem, ReviewSummary } from '../../../electron/api/review.ts';
import { usePages } from '../../client/pages.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator, useSettings } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { isNamed, signerOf } from '../../seal/signer-draft.ts';
import { SignerFields } from '../../seal/signer-fields.tsx';
import { rememberSigner, useSignerDraft } from '../../seal/use-signer.ts';
import { Button } from '../../ui/button.tsx';
import { isDay } from '../../ui/day.ts';
import { DayField } from '../../ui/day-field.tsx';
import { TextArea } from '../../ui/field.tsx';
import { utcDay } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { notify } from '../../ui/toast.tsx';
import { KINDS } from './review-items.tsx';

/** What was done after a review was signed, and the addenda signed over it. */
export function LaterPanel({ review, editable }: { review: ReviewSummary; editable: boolean }) {
  const query = useQuery('review.later', { review: review.id });
  const [doing, setDoing] = useState<'remedy' | 'addendum' | null>(null);
  const open = query.data?.remedied.filter(({ inAddendum }) => !inAddendum).length ?? 0;
  return (
    <Panel
      title="Since it was signed"
      note="Signed decisions stay as they are. What was done about them is recorded here, and an addendum is signed over it."
      actions={
        editable && (
          <>
            <Button onClick={() => setDoing('remedy')}>Record what was done</Button>
            <Button disabled={open === 0} onClick={() => setDoing('addendum')}>
              Sign an addendum
            </Button>
          </>
        )
      }
      flush
    >
      <Shown query={query} what="what was done since">
        {({ remedied, addenda }) =>
          remedied.length === 0 ? (
            <Empty title="Nothing was recorded since">
              Items decided for change or removal, and acknowledged exceptions, wait for it.
            </Empty>
          ) : (
            <>
              <Table
                rows={remedied}
                idOf={({ seq }) => seq}
                columns={[
                  { label: 'Item', cell: ({ item }) => <span className="mono clip">{item}</span> },
                  { label: 'Done on', cell: ({ on }) => on },
                  { label: 'What', cell: ({ note }) => note },
                  { label: 'Evidence', cell: ({ evidence }) => <FileLink file={evidence} /> },
                  {
                    label: 'Addendum',
                    cell: ({ inAddendum }) => (inAddendum ? 'signed' : <span className="none">not yet</span>),
                  },
                  { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
                ]}
              />
              {addenda.length > 0 && (
                <Table
                  rows={addenda}
                  idOf={({ seq }) => seq}
                  columns={[
                    { label: 'Addendum', cell: ({ file }) => <FileLink file={file} /> },
                    { label: 'Items', number: true, cell: (row) => row.remedied.length },
                    { label: 'Signed by', cell: ({ signer }) => signer },
                    { label: 'Signed', cell: ({ signedAt }) => <Time at={signedAt} /> },
                    {
                      label: 'Proven time',
                      cell: ({ provenAt }) => <Time at={provenAt} none="pending" />,
                    },
                  ]}
                />
              )}
            </>
          )
        }
      </Shown>
      {doing === 'remedy' && <RecordRemedy review={review.id} onClose={() => setDoing(null)} />}
      {doing === 'addendum' && <SignAddendum review={review.id} onClose={() => setDoing(null)} />}
    </Panel>
  );
}

function RecordRemedy({ review, onClose }: { review: string; onClose: () => void }) {
  const [kind, setKind] = useState<ReviewItem['kind']>('exception');
  const pages = usePages(`remedies ${review} ${kind}`, (after, signal) =>
    invoke('review.items', { review, kind, after, limit: 500 }, { signal }),
  );
  const open = pages.rows.filter(
    ({ decided }) =>
      decided !== null &&
      (kind === 'exception' || decided.decision === 'change' || decided.decision === 'remove'),
  );
  const [item, setItem] = useState('');
  const [on, setOn] = useState(() => utcDay(Date.now()));
  const [note, setNote] = useState('');
  const [evidence, setEvidence] = useState('');
  return (
    <FormDialog
      title="Record what was done"
      action="Record"
      failed="Cannot record what was done"
      ready={item !== '' && isDay(on) && [note, evidence].every((text) => text.trim() !== '')}
      onSubmit={async () => {
        await invoke('review.close', {
          review,
          item,
          on,
          note: note.trim(),
          evidence: evidence.trim() || null,
          exchange: null,
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <SelectField<ReviewItem['kind']>
        label="Kind"
        value={kind}
        onChoice={setKind}
        options={Object.entries(KINDS).map(([value, label]) => ({
          value: value as ReviewItem['kind'],
          label,
        }))}
      />
      {open.length === 0 && pages.done ? (
        <p className="small muted">
          No item was decided for change or removal, and no exception acknowledged.
        </p>
      ) : (
        <SelectField
          label="Item"
          value={item}
          onChoice={setItem}
          options={open.map(({ id, kind, subject, of, shows }) => ({
            value: id,
            label: `${kind}: ${of || subject} — ${shows}`.slice(0, 140),
          }))}
        />
      )}
      {!pages.done && (
        <div>
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Look through more items
          </Button>
        </div>
      )}
      <DayField label="Done on" value={on} onDay={setOn} />
      <TextArea label="What was done" rows={2} value={note} onText={setNote} />
      <FileField
        label="Evidence"
        hint="The file that shows it: a change ticket, a later export."
        value={evidence}
        onPath={setEvidence}
        question={{ kind: 'open', title: 'Choose the evidence' }}
      />
    </FormDialog>
  );
}

function SignAddendum({ review, onClose }: { review: string; onClose: () => void }) {
  const settings = useSettings();
  const [signer, changeSigner] = useSignerDraft();
  return (
    <FormDialog
      title="Sign an addendum"
      description="Over everything recorded since the review, or the addendum before, was signed."
      action="Sign"
      failed="Cannot sign the addendum"
      ready={isNamed(signer)}
      onSubmit={async () => {
        const { job } = await invoke('review.addendum', {
          review,
          signer: signerOf(signer),
          timestamp: settings?.timestamp ?? null,
          operator: await currentOperator(),
        });
        rememberSigner(signer);
        await jobResult(job);
        notify('The addendum is signed', 'It is in the ledger and in every pack from now on.');
      }}
      onClose={onClose}
    >
      <SignerFields draft={signer} onChange={changeSigner} />
    </FormDialog>
  );
}

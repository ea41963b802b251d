import { useState } from 'react';
import type { InputOf } from '../../../electron/api/contract.ts';
import type { Decision } from '../../../electron/engagement/review-kinds.ts';
import { invoke } from '../../client/query.ts';
import { FormDialog } from '../../records/form-dialog.tsx';
import { currentOperator } from '../../client/session.ts';
import { ChoiceField, TextArea, TextField } from '../../ui/field.tsx';
import { counted } from '../../ui/format.ts';
import { notify } from '../../ui/toast.tsx';
import { DayField } from '../../ui/day-field.tsx';
import { isDay } from '../../ui/day.ts';

/** Which items are decided; `acknowledge` for configuration exceptions, which get a remediation instead of a decision. */
export interface Chosen {
  filter: InputOf<'review.decide'>['filter'];
  acknowledge: boolean;
  /** The items in words: "3 items". */
  words: string;
  /** More than one: a reason is needed. */
  many: boolean;
}

/** Records one decision about one or many items. */
export function DecideDialog({
  review,
  chosen,
  onClose,
}: {
  review: string;
  chosen: Chosen;
  onClose: (done: boolean) => void;
}) {
  const [decision, setDecision] = useState<Decision>('keep');
  const [comment, setComment] = useState('');
  const [reason, setReason] = useState('');
  const [remediation, setRemediation] = useState('');
  const [owner, setOwner] = useState('');
  const [due, setDue] = useState('');
  const { many } = chosen;
  const ready =
    (!many || reason.trim() !== '') &&
    (!chosen.acknowledge || (remediation.trim() !== '' && owner.trim() !== '' && isDay(due)));
  const save = async () => {
    const about = {
      review,
      filter: chosen.filter,
      reason: reason.trim() || null,
      comment: comment.trim() || null,
      operator: await currentOperator(),
    };
    const plan = { remediation: remediation.trim(), owner: owner.trim(), due };
    const { decided } = chosen.acknowledge
      ? await invoke('review.acknowledge', { ...about, ...plan })
      : await invoke('review.decide', { ...about, decision });
    notify(`Recorded for ${counted(decided, 'item')}`);
  };
  return (
    <FormDialog
      title={`${chosen.acknowledge ? 'Acknowledge' : 'Decide'} ${chosen.words}`}
      description="Recorded under your name; a later decision stands beside it, not in its place."
      action="Record"
      failed="Cannot record the decision"
      ready={ready}
      onSubmit={save}
      onClose={onClose}
    >
      {chosen.acknowledge ? (
        <>
          <TextArea label="What is to be done" value={remediation} onText={setRemediation} rows={3} />
          <div className="form-grid">
            <TextField label="By whom" value={owner} onText={setOwner} />
            <DayField label="Until" value={due} onDay={setDue} />
          </div>
        </>
      ) : (
        <ChoiceField<Decision>
          label="Decision"
          value={decision}
          onChoice={setDecision}
          choices={[
            { value: 'keep', label: 'Keep', detail: 'It is needed and right as it is.' },
            { value: 'change', label: 'Change', detail: 'It is to be changed; say how in the comment.' },
            { value: 'remove', label: 'Remove', detail: 'It is to be taken away.' },
            { value: 'not applicable', label: 'Not applicable' },
          ]}
        />
      )}
      <TextArea label="Comment" hint="May be left empty." value={comment} onText={setComment} rows={2} />
      {many && (
        <TextArea
          label="Why these can be decided together"
          hint="Printed beside each of them."
          value={reason}
          onText={setReason}
          rows={2}
        />
      )}
    </FormDialog>
  );
}

import { useState } from 'react';
import type { Decision } from '../../../electron/engagement/review-kinds.ts';
import { invalidateAll, invoke } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { ChoiceField, TextArea, TextField } from '../../ui/field.tsx';
import { counted } from '../../ui/format.ts';
import { notify } from '../../ui/toast.tsx';
import { isDay } from '../engagement/period.ts';

/** Which items are decided; `acknowledge` for configuration exceptions, which get a remediation instead of a decision. */
export interface Chosen {
  items: readonly string[];
  acknowledge: boolean;
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
  const [busy, setBusy] = useState(false);
  const many = chosen.items.length > 1;
  const ready =
    (!many || reason.trim() !== '') &&
    (!chosen.acknowledge || (remediation.trim() !== '' && owner.trim() !== '' && isDay(due)));
  const save = async () => {
    setBusy(true);
    try {
      const about = {
        review,
        filter: { items: [...chosen.items] },
        reason: reason.trim() || null,
        comment: comment.trim() || null,
        operator: await currentOperator(),
      };
      const { decided } = chosen.acknowledge
        ? await invoke('review.acknowledge', {
            ...about,
            remediation: remediation.trim(),
            owner: owner.trim(),
            due,
          })
        : await invoke('review.decide', { ...about, decision });
      notify(`Recorded for ${counted(decided, 'item')}`);
      invalidateAll();
      onClose(true);
    } catch (error) {
      notify('Cannot record the decision', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpen={() => onClose(false)}
      title={
        chosen.acknowledge
          ? `Acknowledge ${counted(chosen.items.length, 'exception')}`
          : `Decide ${counted(chosen.items.length, 'item')}`
      }
      description="Recorded under your name; a later decision stands beside it, not in its place."
      foot={
        <>
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void save()}>
            Record
          </Button>
        </>
      }
    >
      {chosen.acknowledge ? (
        <>
          <TextArea label="What is to be done" value={remediation} onText={setRemediation} rows={3} />
          <div className="form-grid">
            <TextField label="By whom" value={owner} onText={setOwner} />
            <TextField
              label="Until"
              mono
              placeholder="YYYY-MM-DD"
              value={due}
              onText={setDue}
              error={due !== '' && !isDay(due) ? 'Give the day as YYYY-MM-DD.' : null}
            />
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
    </Dialog>
  );
}

import { CircleCheck, PenLine } from 'lucide-react';
import { useState } from 'react';
import type { ReviewSummary } from '../../../electron/api/review.ts';
import { jobResult } from '../../client/jobs.ts';
import { invalidateAll, invoke } from '../../client/query.ts';
import { currentOperator, useOpenEngagement, useSettings } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { FileField } from '../../files/file-field.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { count, counted } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { Partial } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { notify } from '../../ui/toast.tsx';

/** How far a review is, and its signature. */
export function SignOff({ review, editable }: { review: ReviewSummary; editable: boolean }) {
  const [signing, setSigning] = useState(false);
  const decided = review.items - review.undecided;
  const exportPdf = async () => {
    try {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Save the record, to be signed elsewhere',
        extensions: ['pdf'],
        suggested: `review-${review.id}.pdf`,
      });
      if (!paths?.[0]) return;
      const { path } = await invoke('review.export', { review: review.id, path: paths[0] });
      notify('Saved without a signature', path);
    } catch (error) {
      notify('Cannot save the record', errorWords(error).message, 'failed');
    }
  };
  const importPdf = async () => {
    try {
      const paths = await chooseFile({
        kind: 'open',
        title: 'Choose the signed record',
        extensions: ['pdf'],
      });
      if (!paths?.[0]) return;
      await invoke('review.importSigned', {
        review: review.id,
        path: paths[0],
        operator: await currentOperator(),
      });
      invalidateAll();
      notify('The signed record is in the ledger');
    } catch (error) {
      notify('Cannot take the signed record', errorWords(error).message, 'failed');
    }
  };
  return (
    <Panel
      title={`Review ${review.id}`}
      note={`${review.reviewer.name}, ${review.reviewer.role}. Of snapshot ${review.snapshot}.`}
      actions={
        editable && (
          <>
            <Button onClick={() => void exportPdf()}>Save to sign elsewhere</Button>
            <Button onClick={() => void importPdf()}>Take a signed record</Button>
            <Button
              look="primary"
              icon={PenLine}
              disabled={review.undecided > 0}
              onClick={() => setSigning(true)}
            >
              Sign
            </Button>
          </>
        )
      }
    >
      <div className="stack">
        <ProgressBar
          label="Decided"
          value={decided}
          max={review.items}
          text={`${count(decided)} of ${count(review.items)} items`}
        />
        {review.undecided > 0 && editable && (
          <p className="small muted">
            {counted(review.undecided, 'item')} to decide before it can be signed.
          </p>
        )}
        {review.notIndependent.length > 0 && (
          <Partial>
            {review.reviewer.name} administers {counted(review.notIndependent.length, 'key')} under review.
            The record says so; let somebody else review these where you can.
          </Partial>
        )}
        <Facts
          facts={[
            { label: 'Opened', value: <Time at={review.openedAt} /> },
            { label: 'Frozen population, SHA-256', value: <Identifier value={review.population} /> },
            ...(review.signed
              ? [
                  {
                    label: 'Signed',
                    value: (
                      <>
                        <Badge tone="pass" icon={CircleCheck}>
                          {review.signed.signer}
                        </Badge>{' '}
                        {review.signed.signedAt && <Time at={review.signed.signedAt} />}
                        {review.signed.method === 'elsewhere' && ', elsewhere'}
                      </>
                    ),
                  },
                  {
                    label: 'Proven time',
                    value: review.signed.provenAt ? (
                      <Time at={review.signed.provenAt} />
                    ) : (
                      (review.signed.timePending ?? 'none')
                    ),
                  },
                  { label: 'Signed record, SHA-256', value: <Identifier value={review.signed.attachment} /> },
                ]
              : []),
          ]}
        />
      </div>
      {signing && <SignDialog review={review} onClose={() => setSigning(false)} />}
    </Panel>
  );
}

function SignDialog({ review, onClose }: { review: ReviewSummary; onClose: () => void }) {
  const { engagement } = useOpenEngagement();
  const settings = useSettings();
  const [path, setPath] = useState(settings?.signerPath ?? '');
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const sample = engagement.sample;
  const sign = async () => {
    setBusy(true);
    try {
      const { job } = await invoke('review.sign', {
        review: review.id,
        signer: sample ? { kind: 'sample' } : { kind: 'pkcs12', path: path.trim(), passphrase },
        timestamp: settings?.timestamp ?? null,
        operator: await currentOperator(),
      });
      await jobResult(job);
      setPassphrase('');
      invalidateAll();
      notify('The review is signed', 'The record is in the ledger and in every pack from now on.');
      onClose();
    } catch (error) {
      notify('Cannot sign the review', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpen={onClose}
      title={`Sign review ${review.id}`}
      description={`${review.reviewer.name} signs, nobody in their stead. Signed decisions are not changed any more; what is done later is recorded beside them.`}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!sample && path.trim() === ''}
            onClick={() => void sign()}
          >
            Sign the review
          </Button>
        </>
      }
    >
      {sample ? (
        <p className="small">Signed with the sample signer: SAMPLE — NOT EVIDENCE.</p>
      ) : (
        <>
          <FileField
            label="Certificate file"
            value={path}
            onPath={setPath}
            question={{ kind: 'open', title: 'Choose a certificate', extensions: ['p12', 'pfx'] }}
          />
          <TextField
            label="Passphrase"
            hint="Used once and stored nowhere."
            type="password"
            value={passphrase}
            onText={setPassphrase}
          />
        </>
      )}
    </Dialog>
  );
}

import { CircleCheck, PenLine } from 'lucide-react';
import { useState } from 'react';
import type { ReviewSummary } from '../../../electron/api/review.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator, useSettings } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { FormDialog } from '../../records/form-dialog.tsx';
import { attempt, record } from '../../records/recording.ts';
import { SignerCard } from '../../seal/signer-card.tsx';
import { isNamed, signerOf } from '../../seal/signer-draft.ts';
import { SignerFields } from '../../seal/signer-fields.tsx';
import { rememberSigner, useSignerDraft } from '../../seal/use-signer.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
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
    await attempt('Cannot save the record', async () => {
      const paths = await chooseFile({
        kind: 'save',
        title: 'Save the record, to be signed elsewhere',
        extensions: ['pdf'],
        suggested: `review-${review.id}.pdf`,
      });
      if (!paths?.[0]) return;
      const { path } = await invoke('review.export', { review: review.id, path: paths[0] });
      notify('Saved without a signature', path);
    });
  };
  const importPdf = async () => {
    await record('Cannot take the signed record', async () => {
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
      notify('The signed record is in the ledger');
    });
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
  const settings = useSettings();
  const [signer, changeSigner] = useSignerDraft();
  return (
    <FormDialog
      title={`Sign review ${review.id}`}
      description={`${review.reviewer.name} signs, nobody in their stead. Signed decisions are not changed any more; what is done later is recorded beside them.`}
      action="Sign the review"
      failed="Cannot sign the review"
      ready={isNamed(signer)}
      onSubmit={async () => {
        const { job } = await invoke('review.sign', {
          review: review.id,
          signer: signerOf(signer),
          timestamp: settings?.timestamp ?? null,
          operator: await currentOperator(),
        });
        rememberSigner(signer);
        await jobResult(job);
        notify('The review is signed', 'The record is in the ledger and in every pack from now on.');
      }}
      onClose={onClose}
    >
      <SignerFields draft={signer} onChange={changeSigner} />
      <SignerCard draft={signer} />
    </FormDialog>
  );
}

import { useState } from 'react';
import type { ReviewSummary } from '../../../electron/api/review.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator, useOpenEngagement, useSettings, useSnapshot } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { utcTime } from '../../ui/format.ts';
import { Panel, Screen } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { isDay } from '../../ui/day.ts';
import { ClientReviews } from './client-reviews.tsx';
import { LaterPanel } from './later-panel.tsx';
import { ReviewItems } from './review-items.tsx';
import { SignOff } from './sign-off.tsx';
import './review.css';

/** The annual access and configuration review: every right, rotation setting, log and exception is decided and signed. */
export function ReviewScreen() {
  const { engagement, readOnly } = useOpenEngagement();
  const query = useQuery('review.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [opening, setOpening] = useState(false);
  const management = engagement.mode === 'management';
  return (
    <Screen
      title="Annual review"
      lead="The reviewer walks every key’s access, rotation and logging. What is reviewed is frozen when the review is opened; decisions are recorded under names and signed."
      actions={
        management &&
        !opening && (
          <Button look="primary" onClick={() => setOpening(true)}>
            Open a review
          </Button>
        )
      }
    >
      {!management && (
        <Partial>
          This engagement is a service auditor’s: reviewing is management’s to do. What management reviewed is
          inspected here.
        </Partial>
      )}
      {opening && <OpenReview onClose={() => setOpening(false)} onOpened={setChosen} />}
      <Shown query={query} what="the reviews">
        {({ reviews }) => {
          const shown = reviews.find((review) => review.id === chosen) ?? reviews.at(-1) ?? null;
          if (shown === null) {
            return (
              <Panel title="No review yet">
                <p className="small muted">
                  The auditor expects one a year, signed and dated by the reviewer. Open one on the snapshot
                  that is shown.
                </p>
              </Panel>
            );
          }
          return (
            <>
              {reviews.length > 1 && (
                <SelectField
                  label="Review"
                  value={shown.id}
                  onChoice={setChosen}
                  options={reviews.map((r) => ({
                    value: r.id,
                    label: `${r.id}, ${r.reviewer.name}, opened ${utcTime(r.openedAt).slice(0, 10)}`,
                  }))}
                />
              )}
              <SignOff
                key={`sign ${shown.id}`}
                review={shown}
                editable={management && shown.signed === null}
              />
              {shown.signed !== null && (
                <LaterPanel review={shown} editable={management && readOnly === null} />
              )}
              <ReviewItems key={shown.id} review={shown} editable={management && shown.signed === null} />
            </>
          );
        }}
      </Shown>
      <ClientReviews editable={readOnly === null} />
    </Screen>
  );
}

function OpenReview({
  onClose,
  onOpened,
}: {
  onClose: () => void;
  onOpened: (id: ReviewSummary['id']) => void;
}) {
  const snapshot = useSnapshot()!;
  const settings = useSettings();
  const [name, setName] = useState(settings?.operator?.name ?? '');
  const [role, setRole] = useState('Security Analyst');
  const [path, setPath] = useState('');
  const [signedAt, setSignedAt] = useState('');
  const [busy, setBusy] = useState(false);
  const lastYearFault = signedAt !== '' && !isDay(signedAt) ? 'Give the day as YYYY-MM-DD.' : null;
  const ready = name.trim() !== '' && role.trim() !== '' && lastYearFault === null;
  const open = async () => {
    setBusy(true);
    try {
      const { review } = await invoke('review.open', {
        snapshot: snapshot.id,
        reviewer: { name: name.trim(), role: role.trim(), email: null },
        lastYear: signedAt === '' ? null : { path: path.trim() || null, signedAt },
        operator: await currentOperator(),
      });
      onOpened(review);
      onClose();
    } catch (error) {
      notify('Cannot open the review', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel
      title="Open a review"
      note={`Of snapshot ${snapshot.id}. What is to be reviewed is frozen and hashed now; another snapshot is another review.`}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void open();
        }}
      >
        <div className="form-grid">
          <TextField label="Reviewer" hint="A person, who signs." value={name} onText={setName} />
          <TextField label="Role" value={role} onText={setRole} />
          <TextField
            label="Last review was signed on"
            hint="May be left empty."
            mono
            placeholder="YYYY-MM-DD"
            value={signedAt}
            onText={setSignedAt}
            error={lastYearFault}
          />
        </div>
        {signedAt !== '' && (
          <FileField
            label="Last year’s decisions"
            hint="decisions.csv of that review; each item then shows what was decided. May be left empty."
            value={path}
            onPath={setPath}
            question={{ kind: 'open', title: 'Choose last year’s decisions', extensions: ['csv'] }}
          />
        )}
        <div className="row">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={busy} disabled={!ready}>
            Freeze and open
          </Button>
        </div>
      </form>
    </Panel>
  );
}

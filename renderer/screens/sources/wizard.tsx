import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Source } from '../../../electron/engagement/engagement.ts';
import { invoke } from '../../client/query.ts';
import { currentOperator, loadEngagement } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { notify } from '../../ui/toast.tsx';
import { ConnectionTestView } from './connection-test-view.tsx';
import { Policies } from './policy-dialog.tsx';
import { formOf, PROVIDER_FORMS, type SourceDraft } from './provider-forms.tsx';
import { sourceLine } from './source-words.ts';
import { useConnectionTest } from './use-connection-test.ts';

const STEPS = ['Provider', 'Credentials', 'Scope', 'Checks', 'Review'] as const;

/** Adds or changes a source in five steps; going back loses nothing. */
export function SourceWizard({
  source,
  taken,
  sample,
  onClose,
}: {
  source: Source | null;
  taken: readonly string[];
  sample: boolean;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState<SourceDraft>(() =>
    source === null ? formOf('aws').start() : formOf(source.provider).draftOf(source),
  );
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { test, run } = useConnectionTest();
  const form = formOf(draft.provider);
  const faults = form.faults(draft);
  const stepFault = faults[step] ?? {};
  const built = form.build(draft, source?.id ?? null, taken);

  useEffect(() => heading.current?.focus(), [step]);

  const next = async (event?: FormEvent) => {
    event?.preventDefault();
    setTried(true);
    if (Object.keys(stepFault).length > 0) return;
    if (step === 2) {
      // The engine tests what it knows: the source is recorded first, and replaced when something is changed.
      setBusy(true);
      try {
        await invoke('sources.add', { source: built, operator: await currentOperator() });
        await loadEngagement();
        void run(built.id);
      } catch (error) {
        notify('Cannot add the source', errorWords(error).message, 'failed');
        return;
      } finally {
        setBusy(false);
      }
    }
    if (step === STEPS.length - 1) {
      onClose();
      return;
    }
    setTried(false);
    setStep(step + 1);
  };

  return (
    <Panel title={source === null ? 'Add a source' : `Change ${source.title}`} className="wizard">
      <ol className="wizard-steps" aria-label="Steps">
        {STEPS.map((label, i) => (
          <li
            key={label}
            data-state={i < step ? 'done' : i === step ? 'now' : 'later'}
            aria-current={i === step ? 'step' : undefined}
          >
            <span className="wizard-number">{i + 1}</span> {label}
          </li>
        ))}
      </ol>
      <form
        className="wizard-body"
        onSubmit={(event) => void next(event)}
        onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
      >
        <h3 ref={heading} tabIndex={-1}>
          {step + 1} of {STEPS.length}: {STEPS[step]}
        </h3>
        {step === 0 && (
          <div className="stack">
            <ChoiceField
              label="Provider"
              value={draft.provider}
              onChoice={(provider) => source === null && setDraft(formOf(provider).start())}
              choices={PROVIDER_FORMS.map(({ provider, label, detail }) => ({
                value: provider,
                label,
                detail,
                disabled: source !== null && source.provider !== provider,
              }))}
            />
            <TextField
              label="Name"
              hint="As the pack shall call it, for example “Production”."
              error={tried ? (stepFault.title ?? null) : null}
              value={draft.title}
              onText={(title) => setDraft({ ...draft, title })}
            />
          </div>
        )}
        {step === 1 && <form.Credentials draft={draft} onDraft={setDraft} faults={tried ? stepFault : {}} />}
        {step === 2 && (
          <form.Scope draft={draft} onDraft={setDraft} faults={tried ? stepFault : {}} sample={sample} />
        )}
        {step === 3 && (
          <div className="stack">
            <ConnectionTestView test={test} onRetry={() => void run(built.id)} onPolicy={() => setStep(4)} />
            {test.at !== 'running' && (
              <div>
                <Button onClick={() => void run(built.id)}>Test again</Button>
              </div>
            )}
          </div>
        )}
        {step === 4 && (
          <div className="stack">
            <Facts
              facts={[
                { label: 'Name', value: built.title },
                { label: 'Id', value: <span className="mono">{built.id}</span> },
                { label: 'How', value: sourceLine(built) },
                {
                  label: 'Connection',
                  value:
                    test.at === 'done'
                      ? `reached as ${test.result.arn}`
                      : test.at === 'failed'
                        ? 'not reached; it can be tested again at any time'
                        : 'test still running',
                },
              ]}
            />
            <details>
              <summary>Least privilege to give to the client</summary>
              <Policies provider={draft.provider} source={built.id} />
            </details>
          </div>
        )}
        <div className="wizard-foot">
          <Button onClick={onClose}>{step < 3 ? 'Cancel' : 'Close'}</Button>
          <span className="toolbar-end">
            {step > 0 && (
              <Button icon={ArrowLeft} onClick={() => setStep(step - 1)}>
                Back
              </Button>
            )}
            <Button look="primary" icon={ArrowRight} type="submit" busy={busy}>
              {step === 2 ? 'Add and test' : step === STEPS.length - 1 ? 'Done' : 'Next'}
            </Button>
          </span>
        </div>
      </form>
    </Panel>
  );
}

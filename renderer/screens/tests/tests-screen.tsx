import { RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import type { ControlSummary } from '../../../electron/api/tests.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { setParams, useRoute } from '../../client/route.ts';
import { useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { RESULT_LOOKS, RESULT_ORDER, ResultBadge, type TestResult } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { count, counted } from '../../ui/format.ts';
import { Screen } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { notify } from '../../ui/toast.tsx';
import { ControlDetail } from './control-detail.tsx';
import { groupControls, worstResult, type GroupBy } from './group-controls.ts';
import './tests.css';

/** Tests of controls: what was asked, what was found, and on what it rests. */
export function TestsScreen() {
  const snapshot = useSnapshot()!;
  const { engagement, readOnly } = useOpenEngagement();
  const { params } = useRoute();
  const [by, setBy] = useState<GroupBy>('finding');
  const [only, setOnly] = useState<TestResult | 'all'>('all');
  const [busy, setBusy] = useState(false);
  const query = useQuery('tests.controls', { snapshot: snapshot.id });
  const chosen = query.data?.controls.find((control) => control.id === params.control) ?? null;
  const again = async () => {
    setBusy(true);
    try {
      const { job } = await invoke('tests.run', {});
      const { answers } = await jobResult<{ answers: number }>(job);
      notify('Tests ran again', `${counted(answers, 'answer')}, all derived from the ledger.`);
    } catch (error) {
      notify('Cannot run the tests', errorWords(error).message, 'failed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Screen
      fill
      title="Tests of controls"
      lead="Each procedure states what it found. “No exception” is not an opinion, and something that could not be read is undetermined, never a finding."
      actions={
        <Button icon={RotateCw} busy={busy} disabled={readOnly !== null} onClick={() => void again()}>
          Run the tests again
        </Button>
      }
    >
      <div className="toolbar">
        <SelectField<GroupBy>
          label="Group by"
          labelHidden
          value={by}
          onChoice={setBy}
          options={[
            { value: 'finding', label: 'By finding' },
            { value: 'criteria', label: 'By criterion' },
          ]}
        />
        <SelectField<TestResult | 'all'>
          label="Show"
          labelHidden
          value={only}
          onChoice={setOnly}
          options={[
            { value: 'all', label: 'All results' },
            ...RESULT_ORDER.map((result) => ({ value: result, label: `With: ${RESULT_LOOKS[result].word}` })),
          ]}
        />
      </div>
      <div className="split" data-open={chosen !== null || undefined}>
        <div className="split-list tests-list">
          <Shown query={query} what="the tests" lines={10}>
            {({ controls }) => {
              const kept =
                only === 'all' ? controls : controls.filter((c) => c.collection[only] + c.period[only] > 0);
              return (
                <>
                  <Totals controls={controls} type={engagement.type} />
                  {kept.length === 0 && <p className="small muted tests-none">No test has this result.</p>}
                  {groupControls(kept, by).map((group) => (
                    <section key={group.id} aria-label={group.title}>
                      <h2 className="tests-group">{group.title}</h2>
                      <ul>
                        {group.controls.map((control) => (
                          <ControlRow
                            key={control.id}
                            control={control}
                            type={engagement.type}
                            chosen={control.id === chosen?.id}
                          />
                        ))}
                      </ul>
                    </section>
                  ))}
                </>
              );
            }}
          </Shown>
        </div>
        {chosen && (
          <aside className="split-detail" aria-label="Test">
            <header className="detail-head">
              <div>
                <h2>{chosen.title}</h2>
                <p className="small muted">
                  {chosen.criteria.join(', ')} · <span className="mono">{chosen.id}</span>
                </p>
              </div>
              <IconButton icon={X} label="Close the test" onClick={() => setParams({ control: null })} />
            </header>
            <ControlDetail key={chosen.id} control={chosen} snapshot={snapshot.id} type={engagement.type} />
          </aside>
        )}
      </div>
    </Screen>
  );
}

/** Subjects by answer over all tests. */
function Totals({ controls, type }: { controls: readonly ControlSummary[]; type: 1 | 2 }) {
  const sum = (at: 'collection' | 'period', result: TestResult) =>
    controls.reduce((total, control) => total + control[at][result], 0);
  return (
    <div className="tests-totals">
      <table className="table">
        <caption className="visually-hidden">Answers of all tests</caption>
        <thead>
          <tr>
            <th scope="col">Answers</th>
            {RESULT_ORDER.map((result) => (
              <th scope="col" key={result} className="number">
                <ResultBadge result={result} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">At collection</th>
            {RESULT_ORDER.map((result) => (
              <td key={result} className="number">
                {count(sum('collection', result))}
              </td>
            ))}
          </tr>
          {type === 2 && (
            <tr>
              <th scope="row">Throughout the period</th>
              {RESULT_ORDER.map((result) => (
                <td key={result} className="number">
                  {count(sum('period', result))}
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function ControlRow({ control, type, chosen }: { control: ControlSummary; type: 1 | 2; chosen: boolean }) {
  const worst = worstResult(control);
  return (
    <li>
      <button
        type="button"
        className="control-row"
        aria-current={chosen || undefined}
        onClick={() => setParams({ control: control.id })}
      >
        <span className="control-badge">
          {worst ? <ResultBadge result={worst} /> : <span className="none">no subject</span>}
        </span>
        <span className="control-title">{control.title}</span>
        <Counts label="At collection" counts={control.collection} />
        {type === 2 && <Counts label="In the period" counts={control.period} />}
      </button>
    </li>
  );
}

/** How many subjects have which answer: a shape, a number, and the word for who does not see the shape. */
function Counts({ label, counts }: { label: string; counts: ControlSummary['collection'] }) {
  return (
    <span className="control-counts">
      <span className="control-when">{label}</span>
      {RESULT_ORDER.filter((result) => counts[result] > 0).map((result) => {
        const { icon: Icon, word } = RESULT_LOOKS[result];
        return (
          <span key={result} className="tally" data-tone={result} title={`${count(counts[result])} ${word}`}>
            <Icon size={13} aria-hidden />
            {count(counts[result])}
            <span className="visually-hidden"> {word},</span>
          </span>
        );
      })}
    </span>
  );
}

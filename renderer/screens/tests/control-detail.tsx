import { useState } from 'react';
import type { ControlSummary, Result } from '../../../electron/api/tests.ts';
import { usePages } from '../../client/pages.ts';
import { invoke } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { EntryLinks } from '../../ledger/entry-link.tsx';
import { RESULT_LOOKS, RESULT_ORDER, ResultBadge, type TestResult } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { worstResult } from './group-controls.ts';

/** One test: the question, the procedure, what to do, and every answer with its reason and evidence. */
export function ControlDetail({
  control,
  snapshot,
  type,
}: {
  control: ControlSummary;
  snapshot: string;
  type: 1 | 2;
}) {
  const [at, setAt] = useState<'collection' | 'period'>('collection');
  const [result, setResult] = useState<TestResult | 'all'>(
    worstResult(control) === 'exception' ? 'exception' : 'all',
  );
  const wanted = { snapshot, control: control.id, at, ...(result === 'all' ? {} : { result }) };
  const pages = usePages(`results ${JSON.stringify(wanted)}`, (after, signal) =>
    invoke('tests.results', { ...wanted, after, limit: 100 }, { signal }),
  );
  const all = RESULT_ORDER.reduce((sum, r) => sum + control[at][r], 0);
  return (
    <>
      <section className="detail-section">
        <Facts
          facts={[
            { label: 'Question', value: control.question },
            { label: 'Put to', value: control.appliesTo },
            { label: 'Procedure', value: control.method },
            { label: 'If an exception', value: control.remediation },
            {
              label: 'Needs',
              value: (
                <span className="mono">{control.permissions.join(', ') || 'nothing from a provider'}</span>
              ),
            },
            control.standards.length > 0 && {
              label: 'Recommended by',
              value: control.standards.map((s) => `${s.name} ${s.version}, ${s.ref}`).join('; '),
            },
          ]}
        />
      </section>
      <section className="detail-section">
        <div className="row row-spread control-answers">
          <h3>Answers</h3>
          <div className="row">
            {type === 2 && (
              <SelectField<'collection' | 'period'>
                label="When"
                labelHidden
                value={at}
                onChoice={setAt}
                options={[
                  { value: 'collection', label: 'At collection' },
                  { value: 'period', label: 'Throughout the period' },
                ]}
              />
            )}
            <SelectField<TestResult | 'all'>
              label="Result"
              labelHidden
              value={result}
              onChoice={setResult}
              options={[
                { value: 'all', label: `All (${count(all)})` },
                ...RESULT_ORDER.map((r) => ({
                  value: r,
                  label: `${RESULT_LOOKS[r].word} (${count(control[at][r])})`,
                })),
              ]}
            />
          </div>
        </div>
        {pages.error !== null && (
          <ErrorState
            what="Cannot show the answers"
            error={pages.error}
            actions={<Button onClick={pages.retry}>Try again</Button>}
          />
        )}
        {pages.rows.length === 0 && pages.loading && <Loading what="the answers" />}
        {pages.rows.length === 0 && pages.done && <Empty title="No answer of this kind" />}
        <ul>
          {pages.rows.map((row) => (
            <Answer key={`${row.subject} ${row.at}`} row={row} />
          ))}
        </ul>
        {!pages.done && pages.rows.length > 0 && (
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Show more
          </Button>
        )}
      </section>
    </>
  );
}

function Answer({ row }: { row: Result }) {
  return (
    <li className="answer">
      <div className="answer-head">
        <ResultBadge result={row.result} />
        {row.subjectKind === 'key' ? (
          <a href={routeHash('keys', { id: row.subject, tab: 'tests' })} className="answer-subject">
            <Identifier value={row.subject} copy={false} tail={14} />
          </a>
        ) : (
          <span className="answer-subject">
            <span className="muted small">{row.subjectKind} </span>
            <Identifier value={row.subject || 'this engagement'} copy={false} tail={24} />
          </span>
        )}
      </div>
      <p className="small">
        {row.reason} {row.code && <span className="mono">{row.code}</span>}
      </p>
      <p className="tiny muted">
        Rests on <EntryLinks cites={row.cites} />
      </p>
    </li>
  );
}

import { useState } from 'react';
import type { KeyDetail } from '../../../electron/api/keys.ts';
import { useQuery } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { pretty } from '../../ledger/fact-text.ts';
import { Code } from '../../ui/code.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

const STATUS: Record<KeyDetail['answers'][number]['status'], string> = {
  ok: 'answered',
  denied: 'denied',
  'not-applicable': 'does not apply',
  error: 'error',
  throttled: 'slowed down to the end',
  network: 'not reached',
  interrupted: 'interrupted',
  'not-asked': 'not asked',
};

/** Parsed fields on the left, the provider's own answer on the right; each value leads to its entry. */
export function KeyConfiguration({ detail }: { detail: KeyDetail }) {
  const open = detail.answers.filter((a) => !['ok', 'not-applicable'].includes(a.status));
  return (
    <div className="key-sections">
      {detail.gaps.length > 0 && (
        <div className="detail-section">
          <Partial>
            {detail.gaps.map((gap) => (
              <p key={gap.n}>
                <span className="mono">{gap.op}</span>: {gap.reason}
                {gap.code ? ` (${gap.code})` : ''}. {gap.effect}
              </p>
            ))}
          </Partial>
        </div>
      )}
      <section className="detail-section" aria-label="Fields">
        <Facts
          facts={[
            ...detail.facts.map((fact) => ({
              label: fact.name,
              value: <FactValue name={fact.name} value={fact.value} />,
              source: fact.value !== null && (
                <>
                  <span className="basis">{fact.basis}</span>{' '}
                  {fact.seq !== null && <EntryLink seq={fact.seq} />}
                </>
              ),
            })),
            {
              label: 'Owner',
              value: detail.owner ? (
                <>
                  {detail.owner.owner}
                  {detail.owner.deputy && `, deputy ${detail.owner.deputy}`}
                  {detail.owner.tag && <span className="muted"> (tag {detail.owner.tag})</span>}
                </>
              ) : (
                <span className="none">not documented</span>
              ),
              source: detail.owner && (
                <>
                  <span className="basis">{detail.owner.basis}</span> <EntryLink seq={detail.owner.seq} />
                </>
              ),
            },
          ]}
        />
      </section>
      {detail.aliases.length > 0 && (
        <section className="detail-section">
          <h3>Aliases</h3>
          <Facts
            facts={detail.aliases.map((alias) => ({
              label: alias.name,
              value: '',
              source: <EntryLink seq={alias.seq} />,
            }))}
          />
        </section>
      )}
      {detail.tags.length > 0 && (
        <section className="detail-section">
          <h3>Tags</h3>
          <Facts
            facts={detail.tags.map((tag) => ({
              label: tag.name,
              value: tag.value,
              source: <EntryLink seq={tag.seq} />,
            }))}
          />
        </section>
      )}
      <RawAnswer detail={detail} />
      <section className="detail-section">
        <h3>Questions put to this key{open.length > 0 && `: ${open.length} without an answer`}</h3>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Outcome</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {detail.answers.map((answer) => (
              <tr key={answer.op}>
                <td className="mono">{answer.op}</td>
                <td>
                  {STATUS[answer.status]} {answer.code && <span className="mono muted">{answer.code}</span>}
                  {answer.message && <span className="field-hint">{answer.message}</span>}
                </td>
                <td>
                  {answer.seq !== null ? <EntryLink seq={answer.seq} /> : <span className="none">none</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** Times in UTC, ids to be copied, the rest as it is. */
function FactValue({ name, value }: { name: string; value: string | null }) {
  if (value === null) return <span className="none">none, or not known</span>;
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return <Time at={value} />;
  if (/\bid\b|^Primary key$|material id/i.test(name)) return <Identifier value={value} tail={20} />;
  return value;
}

/** The provider's bytes behind the fields, one answer at a time. */
function RawAnswer({ detail }: { detail: KeyDetail }) {
  const sources = detail.answers.filter((answer) => answer.seq !== null && answer.status === 'ok');
  const [chosen, setChosen] = useState<string | null>(null);
  const shown =
    sources.find((s) => s.op === chosen) ?? sources.find((s) => s.op === 'DescribeKey') ?? sources[0];
  const query = useQuery('keys.exchange', shown?.seq ? { seq: shown.seq } : null);
  if (!shown) return null;
  return (
    <section className="detail-section stack">
      <div className="row row-spread">
        <h3>As the provider answered</h3>
        <SelectField
          label="Answer"
          labelHidden
          value={shown.op}
          onChoice={setChosen}
          options={sources.map((s) => ({ value: s.op, label: s.op }))}
        />
      </div>
      <Shown query={query} what="the answer">
        {(entry) => (
          <Code
            title={`${shown.op}, entry ${entry.seq}, ${entry.at.slice(0, 19).replace('T', ' ')} UTC`}
            text={entry.body?.text ? pretty(entry.body.text) : 'No body is kept for this call.'}
          />
        )}
      </Shown>
    </section>
  );
}

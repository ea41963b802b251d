import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { ReviewItem, ReviewSummary } from '../../../electron/api/review.ts';
import { usePages } from '../../client/pages.ts';
import { invoke } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SwitchField } from '../../ui/field.tsx';
import { counted, utcTime } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { DecideDialog, type Chosen } from './decide-dialog.tsx';

type Kind = ReviewItem['kind'];

export const KINDS: Record<Kind, string> = {
  access: 'Access',
  rotation: 'Rotation',
  logging: 'Logging',
  exception: 'Exceptions',
};

/** The walk: item by item, or many at once with a reason. */
export function ReviewItems({ review, editable }: { review: ReviewSummary; editable: boolean }) {
  const [kind, setKind] = useState<Kind | 'all'>('all');
  const [undecided, setUndecided] = useState(editable);
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [deciding, setDeciding] = useState<Chosen | null>(null);
  const search = useDeferredValue(text.trim());
  const wanted = { review: review.id, undecided, search, ...(kind === 'all' ? {} : { kind }) };
  const pages = usePages(`review ${JSON.stringify(wanted)}`, (after, signal) =>
    invoke('review.items', { ...wanted, after, limit: 100 }, { signal }),
  );
  const shown = new Set(pages.rows.map((item) => item.id));
  const chosen = picked.filter((id) => shown.has(id));
  const chosenItems = pages.rows.filter((item) => chosen.includes(item.id));
  const mixed =
    chosenItems.some((i) => i.kind === 'exception') && chosenItems.some((i) => i.kind !== 'exception');

  return (
    <Panel
      title="Items"
      flush
      actions={
        editable && (
          <>
            {kind !== 'all' && pages.rows.length > 0 && (
              <Button
                onClick={() =>
                  setDeciding({
                    filter: {
                      kind,
                      ...(undecided ? { undecided } : {}),
                      ...(search === '' ? {} : { search }),
                    },
                    acknowledge: kind === 'exception',
                    words: allWords(kind, undecided, search),
                    many: true,
                  })
                }
              >
                {kind === 'exception' ? 'Acknowledge' : 'Decide'} all that match
              </Button>
            )}
            <Button
              look="primary"
              disabled={chosen.length === 0 || mixed}
              onClick={() =>
                setDeciding({
                  filter: { items: chosen },
                  acknowledge: chosenItems[0]?.kind === 'exception',
                  words: counted(chosen.length, 'item'),
                  many: chosen.length > 1,
                })
              }
            >
              {chosen.length === 0 ? 'Decide' : `Decide ${counted(chosen.length, 'item')}`}
            </Button>
          </>
        )
      }
    >
      <div className="toolbar review-toolbar">
        <div className="search">
          <Search size={15} aria-hidden />
          <input
            className="input"
            type="search"
            aria-label="Search items"
            placeholder="Key, principal, words"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <SelectField<Kind | 'all'>
          label="Kind"
          labelHidden
          value={kind}
          onChoice={setKind}
          options={[
            { value: 'all', label: `All kinds (${review.items})` },
            ...review.kinds.map((k) => ({
              value: k.kind,
              label: `${KINDS[k.kind]} (${k.undecided} of ${k.items} open)`,
            })),
          ]}
        />
        <SwitchField label="Only undecided" checked={undecided} onChecked={setUndecided} />
        {mixed && (
          <span className="small">
            Exceptions are acknowledged apart from decisions: choose one or the other.
          </span>
        )}
      </div>
      {pages.error !== null && (
        <ErrorState
          what="Cannot show the items"
          error={pages.error}
          actions={<Button onClick={pages.retry}>Try again</Button>}
        />
      )}
      {pages.rows.length === 0 && pages.loading && <Loading what="the items" />}
      {pages.rows.length === 0 && pages.done && (
        <Empty title={undecided ? 'Everything here is decided' : 'No item is like this'} />
      )}
      {pages.rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              {editable && (
                <th scope="col">
                  <input
                    type="checkbox"
                    aria-label="Choose all items shown"
                    checked={chosen.length === pages.rows.length}
                    onChange={(event) =>
                      setPicked(event.target.checked ? pages.rows.map((item) => item.id) : [])
                    }
                  />
                </th>
              )}
              <th scope="col">Kind</th>
              <th scope="col">About</th>
              <th scope="col">What is reviewed</th>
              <th scope="col">Decision</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((item) => (
              <tr key={item.id}>
                {editable && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Choose ${item.kind} of ${item.of || item.subject}`}
                      checked={chosen.includes(item.id)}
                      onChange={(event) =>
                        setPicked(
                          event.target.checked ? [...picked, item.id] : picked.filter((id) => id !== item.id),
                        )
                      }
                    />
                  </td>
                )}
                <td>{KINDS[item.kind]}</td>
                <td className="review-about">
                  {item.kind === 'logging' ? (
                    <Identifier value={item.subject} copy={false} />
                  ) : (
                    <a href={routeHash('keys', { id: item.subject })}>
                      <Identifier value={item.subject} copy={false} tail={14} />
                    </a>
                  )}
                  {item.of && <Identifier value={item.of} copy={false} tail={20} />}
                </td>
                <td className="review-shows">
                  {item.shows}
                  {item.lastYear && <span className="field-hint">Last year: {item.lastYear}</span>}
                </td>
                <td className="review-decision">
                  <Decision item={item} />
                  {editable && (
                    <Button
                      look="quiet"
                      onClick={() =>
                        setDeciding({
                          filter: { items: [item.id] },
                          acknowledge: item.kind === 'exception',
                          words: '1 item',
                          many: false,
                        })
                      }
                    >
                      {item.decided ? 'Change' : item.kind === 'exception' ? 'Acknowledge' : 'Decide'}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!pages.done && pages.rows.length > 0 && (
        <p className="panel-more">
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Show more
          </Button>
        </p>
      )}
      {deciding && (
        <DecideDialog
          review={review.id}
          chosen={deciding}
          onClose={(done) => {
            setDeciding(null);
            if (done) setPicked([]);
          }}
        />
      )}
    </Panel>
  );
}

/** What a decision over everything that matches is about, in words. */
function allWords(kind: Kind, undecided: boolean, search: string): string {
  const which = undecided ? 'every undecided item' : 'every item';
  return `${which} of ${KINDS[kind]}${search === '' ? '' : ` with “${search}”`}`;
}

function Decision({ item: { decided } }: { item: ReviewItem }) {
  if (decided === null) return <span className="none">undecided</span>;
  return (
    <div>
      <Badge>{decided.decision}</Badge> <EntryLink seq={decided.seq} />
      <span className="field-hint">
        {decided.by}, {utcTime(decided.at)} UTC
      </span>
      {[decided.comment, decided.bulkReason, decided.remediation].filter(Boolean).map((words) => (
        <span className="field-hint" key={words}>
          {words}
        </span>
      ))}
      {decided.owner && (
        <span className="field-hint">
          {decided.owner}, due {decided.due}
        </span>
      )}
    </div>
  );
}

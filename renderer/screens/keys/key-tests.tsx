import type { KeyDetail } from '../../../electron/api/keys.ts';
import { useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { useSnapshot } from '../../client/session.ts';
import { EntryLinks } from '../../ledger/entry-link.tsx';
import { RESULT_ORDER, ResultBadge } from '../../ui/badge.tsx';
import { Empty } from '../../ui/states.tsx';

/** Every test put to this key, with both answers. */
export function KeyTests({ detail }: { detail: KeyDetail }) {
  const snapshot = useSnapshot();
  const controls = useQuery('tests.controls', snapshot ? { snapshot: snapshot.id } : null);
  const titles = new Map(controls.data?.controls.map((control) => [control.id, control.title]));
  const byControl = Map.groupBy(detail.results, (result) => result.control);
  const worst = (results: KeyDetail['results']) =>
    Math.min(...results.map((result) => RESULT_ORDER.indexOf(result.result)));
  const groups = [...byControl].sort((a, b) => worst(a[1]) - worst(b[1]) || (a[0] < b[0] ? -1 : 1));
  if (groups.length === 0) {
    return <Empty title="No test was put to this key">Tests judge customer keys of the inventory.</Empty>;
  }
  return (
    <ul className="key-tests">
      {groups.map(([control, results]) => (
        <li key={control} className="detail-section">
          <h3>
            <a href={routeHash('tests', { control })}>{titles.get(control) ?? control}</a>
          </h3>
          {results
            .toSorted((a, b) => (a.at < b.at ? -1 : 1))
            .map((result) => (
              <div key={result.at} className="key-test">
                <span className="key-test-at">
                  {result.at === 'collection' ? 'At collection' : 'In the period'}
                </span>
                <ResultBadge result={result.result} />
                <p className="small">
                  {result.reason} {result.code && <span className="mono">{result.code}</span>}{' '}
                  <EntryLinks cites={result.cites} />
                </p>
              </div>
            ))}
        </li>
      ))}
    </ul>
  );
}

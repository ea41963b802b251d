import { useQuery } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { count } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';

/** Whether every key is accounted for: both lists, the population, every question put to it. */
export function Completeness({ snapshot }: { snapshot: string }) {
  const query = useQuery('collect.completeness', { snapshot });
  return (
    <Panel
      title="Completeness"
      note="Keys are listed twice, at the start and at the end of the collection; a difference is reported."
      flush
    >
      <Shown query={query} what="the completeness">
        {({ places, regions }) => {
          const left = regions.filter((region) => !region.collected);
          return (
            <>
              {places.length === 0 ? (
                <Empty title="No list of keys in this snapshot">
                  Keys known only from log events or imported files are not a complete population.
                </Empty>
              ) : (
                <div className="table-scroll" tabIndex={0} role="region" aria-label="Completeness by place">
                  <table className="table">
                    <thead>
                      <tr>
                        <th scope="col">Account</th>
                        <th scope="col">Region</th>
                        <th scope="col" className="number">
                          Listed at start
                        </th>
                        <th scope="col" className="number">
                          at end
                        </th>
                        <th scope="col" className="number">
                          Appeared
                        </th>
                        <th scope="col" className="number">
                          Vanished
                        </th>
                        <th scope="col" className="number">
                          Customer keys
                        </th>
                        <th scope="col" className="number">
                          Only in logs
                        </th>
                        <th scope="col">Questions answered</th>
                        <th scope="col">Source</th>
                      </tr>
                    </thead>
                    <tbody>
                      {places.map((place) => {
                        const asked = place.questions.reduce((sum, q) => sum + q.keys, 0);
                        const settled = place.questions.reduce((sum, q) => sum + q.ok + q.notApplicable, 0);
                        return (
                          <tr key={`${place.source} ${place.account} ${place.region}`}>
                            <td className="mono">{place.account}</td>
                            <td>{place.region}</td>
                            <td className="number">{listed(place.start)}</td>
                            <td className="number">{listed(place.end)}</td>
                            <td className="number">{count(place.appeared)}</td>
                            <td className="number">{count(place.vanished)}</td>
                            <td className="number">{count(place.customer)}</td>
                            <td className="number">{count(place.loggedOnly)}</td>
                            <td>
                              {count(settled)} of {count(asked)}
                            </td>
                            <td>{place.start && <EntryLink seq={place.start.firstSeq} />}</td>
                          </tr>
                        );
                      })}
                    </tbody>
                  </table>
                </div>
              )}
              {left.length > 0 && (
                <details className="regions-left">
                  <summary>{count(left.length)} Regions not collected</summary>
                  <ul className="small">
                    {left.map((region) => (
                      <li key={`${region.account} ${region.name}`}>
                        <span className="mono">{region.name}</span> {region.reason ?? region.status ?? ''}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          );
        }}
      </Shown>
    </Panel>
  );
}

function listed(
  listing: { items: number; complete: boolean; status: string; code: string | null } | null,
): string {
  if (listing === null) return 'not listed';
  if (listing.complete) return count(listing.items);
  return `${count(listing.items)}, not complete (${listing.code ?? listing.status})`;
}

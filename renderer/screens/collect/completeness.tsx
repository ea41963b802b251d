import { useQuery } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { count } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Table } from '../../ui/table.tsx';
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
                  <Table
                    rows={places}
                    idOf={({ source, account, region }) => `${source} ${account} ${region}`}
                    columns={[
                      {
                        label: 'Account',
                        className: 'place-account',
                        cell: ({ account }) => <Identifier value={account} copy={false} />,
                      },
                      { label: 'Region or vault', cell: ({ region }) => region },
                      { label: 'At start', number: true, cell: ({ start }) => listed(start) },
                      { label: 'At end', number: true, cell: ({ end }) => listed(end) },
                      { label: 'Appeared', number: true, cell: ({ appeared }) => count(appeared) },
                      { label: 'Vanished', number: true, cell: ({ vanished }) => count(vanished) },
                      { label: 'Customer keys', number: true, cell: ({ customer }) => count(customer) },
                      { label: 'Only in logs', number: true, cell: (place) => count(place.loggedOnly) },
                      { label: 'Questions answered', cell: ({ questions }) => answered(questions) },
                      {
                        label: 'Source',
                        cell: ({ start }) => start && <EntryLink seq={start.firstSeq} />,
                      },
                    ]}
                  />
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

function answered(questions: readonly { keys: number; ok: number; notApplicable: number }[]): string {
  const asked = questions.reduce((sum, question) => sum + question.keys, 0);
  const settled = questions.reduce((sum, { ok, notApplicable }) => sum + ok + notApplicable, 0);
  return `${count(settled)} of ${count(asked)}`;
}

function listed(
  listing: { items: number; complete: boolean; status: string; code: string | null } | null,
): string {
  if (listing === null) return 'not listed';
  if (listing.complete) return count(listing.items);
  return `${count(listing.items)}, not complete (${listing.code ?? listing.status})`;
}

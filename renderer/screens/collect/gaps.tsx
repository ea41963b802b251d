import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { Button } from '../../ui/button.tsx';
import { count, counted } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';

/** What should be there and is not: what, where, why, what it means, what would close it. */
export function Gaps({ snapshot }: { snapshot: string }) {
  const result = useQuery('collect.result', { snapshot });
  const pages = usePages(`gaps ${snapshot}`, (after, signal) =>
    invoke('collect.gaps', { snapshot, after, limit: 100 }, { signal }),
  );
  const total = result.data?.gaps ?? pages.rows.length;
  return (
    <Panel
      title="Gaps"
      note="A gap is never a finding. Tests that need what is missing are undetermined because of it."
      flush
    >
      {pages.error !== null && (
        <ErrorState
          what="Cannot show the gaps"
          error={pages.error}
          actions={<Button onClick={pages.retry}>Try again</Button>}
        />
      )}
      {pages.rows.length === 0 && pages.loading && <Loading what="the gaps" />}
      {pages.rows.length === 0 && pages.done && (
        <Empty title="No gaps">Everything that was planned was answered, or does not apply.</Empty>
      )}
      {result.data && result.data.gapReasons.length > 0 && (
        <p className="small gap-reasons">
          {result.data.gapReasons.map((r) => `${count(r.gaps)} ${r.reason}`).join(' · ')}
        </p>
      )}
      {pages.rows.length > 0 && (
        <div className="table-scroll gap-table" tabIndex={0} role="region" aria-label="All gaps">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">What is missing</th>
                <th scope="col">Where</th>
                <th scope="col">Why</th>
                <th scope="col">What it means, and what would close it</th>
                <th scope="col">Source</th>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map((gap) => (
                <tr key={gap.n}>
                  <td className="gap-what">
                    <span className="mono">{gap.op}</span>
                    {gap.subject && <Identifier value={gap.subject} copy={false} />}
                  </td>
                  <td className="gap-scope">{gap.scope}</td>
                  <td className="gap-why">
                    {gap.reason}
                    {gap.code && <span className="mono"> {gap.code}</span>}
                    {gap.message && <span className="field-hint">{gap.message}</span>}
                  </td>
                  <td className="gap-effect">
                    {gap.effect}
                    <span className="field-hint">{gap.remedy}</span>
                  </td>
                  <td>
                    {gap.seq !== null ? (
                      <EntryLink seq={gap.seq} />
                    ) : (
                      <span className="none">nothing was asked</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!pages.done && pages.rows.length > 0 && (
        <p className="panel-more row">
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Show more
          </Button>
          <span className="tiny muted">
            {count(pages.rows.length)} of {counted(total, 'gap')}
          </span>
        </p>
      )}
    </Panel>
  );
}

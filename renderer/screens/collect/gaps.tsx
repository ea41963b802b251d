import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { count } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';

/** The reason as a phrase: reasons are stored as `before-retention-edge`. */
const reasonWords = (reason: string): string => reason.replaceAll('-', ' ');

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
      {result.data && result.data.gapReasons.length > 0 && (
        <p className="small gap-reasons">
          {result.data.gapReasons.map((r) => `${count(r.gaps)} ${reasonWords(r.reason)}`).join(' · ')}
        </p>
      )}
      <PagedTable
        pages={pages}
        what="the gaps"
        label="All gaps"
        total={total}
        idOf={({ n }) => n}
        columns={[
          {
            label: 'What is missing',
            className: 'gap-what',
            cell: ({ op, subject }) => (
              <>
                <span className="mono">{op}</span>
                {subject && <Identifier value={subject} copy={false} />}
              </>
            ),
          },
          { label: 'Where', className: 'gap-scope', cell: ({ scope }) => scope },
          {
            label: 'Why',
            className: 'gap-why',
            cell: ({ reason, code, message }) => (
              <>
                {reasonWords(reason)}
                {code && <span className="mono"> {code}</span>}
                {message && <span className="field-hint">{message}</span>}
              </>
            ),
          },
          {
            label: 'What it means, and what would close it',
            className: 'gap-effect',
            cell: ({ effect, remedy }) => (
              <>
                {effect}
                <span className="field-hint">{remedy}</span>
              </>
            ),
          },
          {
            label: 'Source',
            cell: ({ seq }) =>
              seq === null ? <span className="none">nothing was asked</span> : <EntryLink seq={seq} />,
          },
        ]}
        empty={<Empty title="No gaps">Everything that was planned was answered, or does not apply.</Empty>}
      />
    </Panel>
  );
}

import { useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import { CoverageBar } from '../../charts/coverage-bar.tsx';
import { useQuery } from '../../client/query.ts';
import { EntryLinks } from '../../ledger/entry-link.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

type Coverage = OutputOf<'logs.coverage'>;

/** Places shown before the rest is asked for. */
const FIRST = 6;

/** What logs cover of the period, place by place, and why the rest is missing. */
export function CoveragePanel({ snapshot }: { snapshot: string }) {
  const query = useQuery('logs.coverage', { snapshot });
  return (
    <Panel title="Coverage of the period">
      <Shown query={query} what="the coverage" lines={3}>
        {(coverage) =>
          coverage.places.length === 0 ? (
            <Empty title="No log source is known">
              Nothing can be said about who used which key. Read the trails’ log files, or import what the
              client exported.
            </Empty>
          ) : (
            <Places coverage={coverage} />
          )
        }
      </Shown>
    </Panel>
  );
}

const percent = (share: number) => `${share === 100 || share === 0 ? share : share.toFixed(1)} %`;

function Places({ coverage }: { coverage: Coverage }) {
  const [all, setAll] = useState(false);
  const [table, setTable] = useState(false);
  const from = Date.parse(coverage.from);
  const to = Date.parse(coverage.to);
  const sorted = coverage.places.toSorted((a, b) => a.percent - b.percent);
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <div className="stack">
      <div className="chart-bar">
        <p>
          <span className="figure-number">
            {coverage.percent === null ? 'Not known' : percent(coverage.percent)}
          </span>{' '}
          <span className="figure-words">of the period covered, over all places</span>
        </p>
        <ul className="legend">
          <li>
            <span className="legend-mark chart-c2" /> covered
          </li>
          <li>
            <span className="legend-mark legend-half" /> changes only
          </li>
          <li>
            <span className="legend-mark legend-gap" /> gap
          </li>
        </ul>
      </div>
      <ul className="coverage">
        {shown.map((place, i) => (
          <li key={`${place.source} ${place.account} ${place.region}`} className="coverage-place">
            <span className="coverage-name">
              <span className="clip">{place.region}</span>
              <span className="tiny muted clip">{place.account}</span>
            </span>
            <CoverageBar
              from={from}
              to={to}
              spans={place.spans}
              axis={i === shown.length - 1}
              label={`Coverage of ${place.region} in ${place.account}: ${percent(place.percent)}`}
            />
            <span className="number small">{percent(place.percent)}</span>
          </li>
        ))}
      </ul>
      <div className="row">
        {sorted.length > FIRST && (
          <Button look="quiet" onClick={() => setAll(!all)}>
            {all ? 'Show the least covered' : `Show all ${sorted.length} places`}
          </Button>
        )}
        <Button look="quiet" aria-expanded={table} onClick={() => setTable(!table)}>
          {table ? 'Hide the reasons' : 'Show as a table, with reasons'}
        </Button>
      </div>
      {table && <SpanTable places={shown} />}
    </div>
  );
}

function SpanTable({ places }: { places: Coverage['places'] }) {
  return (
    <div className="table-scroll chart-table" tabIndex={0} role="region" aria-label="Coverage, as a table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">State</th>
            <th scope="col">By what, or why not</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {places.flatMap((place) =>
            place.spans.map((span) => (
              <tr key={`${place.source} ${place.account} ${place.region} ${span.start}`}>
                <td>
                  {place.region} <span className="muted">{place.account}</span>
                </td>
                <td>
                  <Time at={span.start} />
                </td>
                <td>
                  <Time at={span.end} />
                </td>
                <td>{span.state}</td>
                <td className="plan-why">
                  {[span.means, span.reason].filter(Boolean).join('. ')}
                  {span.detail && <span className="field-hint">{span.detail}</span>}
                </td>
                <td>
                  <EntryLinks cites={span.cites} most={2} />
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

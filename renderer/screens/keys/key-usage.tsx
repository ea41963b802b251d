import { useMemo } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import { Histogram, type Series } from '../../charts/histogram.tsx';
import { useQuery } from '../../client/query.ts';
import { go } from '../../client/route.ts';
import { useOpenEngagement } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { count, utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

const DAY = 86_400_000;

/** Logged use of one key: over time, and by who did what. */
export function KeyUsage({ id, snapshot }: { id: string; snapshot: string }) {
  const query = useQuery('keys.usage', { snapshot, id });
  return (
    <Shown query={query} what="the use of the key" effect="The events themselves are under Logs.">
      {(usage) =>
        usage.events === 0 ? (
          <Empty title="No event names this key">
            Either it was not used, or its use was not logged. The coverage under Logs says which parts of the
            period were covered.
          </Empty>
        ) : (
          <Usage id={id} usage={usage} />
        )
      }
    </Shown>
  );
}

function Usage({ id, usage }: { id: string; usage: OutputOf<'keys.usage'> }) {
  const { period } = useOpenEngagement().engagement;
  const from = Date.parse(period.from);
  const to = Date.parse(period.to);
  const { starts, series } = useMemo(() => byDay(usage.days, from, to), [usage.days, from, to]);
  return (
    <div className="key-sections">
      <section className="detail-section">
        <p className="small">
          {count(usage.events)} events, first <Time at={usage.first} />, last <Time at={usage.last} />{' '}
          <Button look="quiet" onClick={() => go('logs', { key: id })}>
            Show the events
          </Button>
        </p>
        <Histogram
          label="Events on this key per day"
          from={from}
          to={to}
          starts={starts}
          bucket={DAY}
          series={series}
          limits={[from, to]}
          height={120}
        />
      </section>
      <section className="detail-section">
        <h3>Who did what</h3>
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Use by principal and operation">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Principal</th>
                <th scope="col">Operation</th>
                <th scope="col">Outcome</th>
                <th scope="col" className="number">
                  Events
                </th>
                <th scope="col">First</th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {usage.sums.slice(0, 200).map((sum) => (
                <tr key={`${sum.principal} ${sum.service} ${sum.name} ${sum.error}`}>
                  <td className="rotation-material">
                    <Identifier value={sum.principal} copy={false} tail={18} />
                  </td>
                  <td>{sum.name}</td>
                  <td>{sum.error === null ? 'done' : <span className="mono">{sum.error}</span>}</td>
                  <td className="number">{count(sum.events)}</td>
                  <td className="time">{utcDay(sum.first)}</td>
                  <td className="time">{utcDay(sum.last)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {usage.sums.length > 200 && (
          <p className="small muted">
            The 200 with most events of {count(usage.sums.length)}; all are in the pack.
          </p>
        )}
      </section>
    </div>
  );
}

/** Sums per day as a chart's series, over the whole period, most events first. */
export function byDay(
  days: readonly { day: string; name: string; events: number }[],
  from: number,
  to: number,
): { starts: number[]; series: Series[] } {
  const first = Math.floor(from / DAY);
  const length = Math.max(0, Math.min(4000, Math.ceil(to / DAY) - first));
  const counts = new Map<string, number[]>();
  for (const { day, name, events } of days) {
    const at = Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY) - first;
    if (at < 0 || at >= length) continue;
    const row = counts.get(name) ?? new Array<number>(length).fill(0);
    row[at] = (row[at] ?? 0) + events;
    counts.set(name, row);
  }
  return {
    starts: Array.from({ length }, (_, i) => (first + i) * DAY),
    series: [...counts]
      .map(([name, row]) => ({ name, counts: row, total: row.reduce((a, b) => a + b, 0) }))
      .sort((a, b) => b.total - a.total),
  };
}

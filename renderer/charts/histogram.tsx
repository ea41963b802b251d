import { ZoomIn, ZoomOut } from 'lucide-react';
import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { count, utcTime } from '../ui/format.ts';
import { countTicks, panRange, timeTicks, zoomRange } from './scale.ts';
import { useWidth } from './use-width.ts';

/** One kind of event: its count in each bucket. */
export interface Series {
  name: string;
  total: number;
  counts: readonly number[];
}

interface Props {
  label: string;
  from: number;
  to: number;
  /** Start of each bucket, ms UTC, and the length of one. */
  starts: readonly number[];
  bucket: number;
  series: readonly Series[];
  /** The whole that can be shown; brushing and zooming choose a part of it. */
  limits: readonly [number, number];
  onRange?: (from: number, to: number) => void;
  height?: number;
}

const LEFT = 52;
const FOOT = 20;
const COLOURS = 6;

/**
 * Events over time, stacked by operation. Drag to choose a part; with the keyboard + and - zoom, arrows move, 0 shows
 * all. The same numbers are in a table below.
 */
export function Histogram(props: Props) {
  const { label, from, to, starts, bucket, series, limits, onRange, height = 150 } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [brush, setBrush] = useState<{ start: number; end: number } | null>(null);
  const [table, setTable] = useState(false);
  const tableId = useId();
  const plot = width - LEFT;
  const deep = height - FOOT;
  const totals = starts.map((_, i) => series.reduce((sum, s) => sum + (s.counts[i] ?? 0), 0));
  const ticks = countTicks(Math.max(0, ...totals));
  const top = Math.max(1, ticks.at(-1) ?? 1);
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, to - from)) * plot;
  const y = (n: number) => deep - (n / top) * (deep - 8);
  const timeAt = (px: number) => from + (Math.min(Math.max(px - LEFT, 0), plot) / plot) * (to - from);
  const zoom = (range: [number, number]) => onRange?.(Math.round(range[0]), Math.round(range[1]));
  const zoomed = from > limits[0] || to < limits[1];

  const pointerAt = (event: PointerEvent<SVGSVGElement>) =>
    timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const onKeyDown = (event: KeyboardEvent) => {
    const range: [number, number] = [from, to];
    const next: Record<string, () => [number, number]> = {
      '+': () => zoomRange(range, limits, 0.5),
      '=': () => zoomRange(range, limits, 0.5),
      '-': () => zoomRange(range, limits, 2),
      ArrowLeft: () => panRange(range, limits, -0.25),
      ArrowRight: () => panRange(range, limits, 0.25),
      '0': () => [limits[0], limits[1]],
    };
    const act = next[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom(act());
  };

  return (
    <div className="stack">
      <div className="chart-bar">
        <ul className="legend">
          {series.slice(0, COLOURS - 1).map((s, i) => (
            <li key={s.name}>
              <span className={`legend-mark chart-c${i + 1}`} />
              {s.name} <span className="muted">{count(s.total)}</span>
            </li>
          ))}
          {series.length >= COLOURS && (
            <li>
              <span className={`legend-mark chart-c${COLOURS}`} />
              {series.length === COLOURS ? series[COLOURS - 1]!.name : 'other operations'}{' '}
              <span className="muted">
                {count(series.slice(COLOURS - 1).reduce((sum, s) => sum + s.total, 0))}
              </span>
            </li>
          )}
        </ul>
        {onRange && (
          <div className="row">
            <IconButton
              icon={ZoomIn}
              label="Zoom in (+)"
              onClick={() => zoom(zoomRange([from, to], limits, 0.5))}
            />
            <IconButton
              icon={ZoomOut}
              label="Zoom out (-)"
              disabled={!zoomed}
              onClick={() => zoom(zoomRange([from, to], limits, 2))}
            />
            <Button look="quiet" disabled={!zoomed} onClick={() => zoom([limits[0], limits[1]])}>
              Whole period
            </Button>
          </div>
        )}
      </div>
      <div
        ref={box}
        className="chart chart-zoom"
        tabIndex={onRange ? 0 : undefined}
        role="group"
        aria-label={`${label}. Plus and minus zoom, arrows move, zero shows all.`}
        onKeyDown={onRange ? onKeyDown : undefined}
      >
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          onPointerDown={(event) => {
            if (!onRange || event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const start = pointerAt(event);
            setBrush({ start, end: start });
          }}
          onPointerMove={(event) => brush && setBrush({ start: brush.start, end: pointerAt(event) })}
          onPointerUp={() => {
            if (!brush) return;
            setBrush(null);
            const range: [number, number] = [
              Math.min(brush.start, brush.end),
              Math.max(brush.start, brush.end),
            ];
            // A click is not a choice of a range.
            if (x(range[1]) - x(range[0]) > 4) zoom(zoomRange(range, limits, 1));
          }}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="chart-grid" x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
              <text className="chart-label" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
                {count(tick)}
              </text>
            </g>
          ))}
          {starts.map((start, i) => {
            let below = 0;
            const left = x(start);
            const wide = Math.max(1, x(start + bucket) - left - (plot / starts.length > 4 ? 1 : 0));
            return (
              <g key={start}>
                {series.map((s, k) => {
                  const n = s.counts[i] ?? 0;
                  if (n === 0) return null;
                  const bottom = y(below);
                  below += n;
                  return (
                    <rect
                      key={s.name}
                      className={`chart-c${Math.min(k + 1, COLOURS)}`}
                      x={left}
                      y={y(below)}
                      width={wide}
                      height={Math.max(0.5, bottom - y(below))}
                    />
                  );
                })}
                <rect x={left} y={0} width={wide} height={deep} fill="transparent">
                  <title>{`${utcTime(start).slice(0, 16)} UTC: ${count(totals[i]!)} events`}</title>
                </rect>
              </g>
            );
          })}
          {timeTicks(from, to, Math.max(2, Math.floor(plot / 80))).map((tick) => (
            <g key={tick.at}>
              <line className="chart-tick" x1={x(tick.at)} x2={x(tick.at)} y1={deep} y2={deep + 4} />
              <text className="chart-label" x={x(tick.at) + 2} y={deep + 15}>
                {tick.label}
              </text>
            </g>
          ))}
          {brush && (
            <rect
              className="chart-brush"
              x={x(Math.min(brush.start, brush.end))}
              y={0}
              width={Math.abs(x(brush.end) - x(brush.start))}
              height={deep}
            />
          )}
        </svg>
      </div>
      <div>
        <Button look="quiet" aria-expanded={table} aria-controls={tableId} onClick={() => setTable(!table)}>
          {table ? 'Hide the numbers' : 'Show as a table'}
        </Button>
        <div id={tableId}>{table && <NumbersTable {...props} totals={totals} />}</div>
      </div>
    </div>
  );
}

function NumbersTable({ starts, series, totals, label }: Props & { totals: readonly number[] }) {
  const shown = series.slice(0, 8);
  const rows = starts.map((start, i) => ({ start, i })).filter(({ i }) => totals[i]! > 0);
  return (
    <div className="table-scroll chart-table" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            <th scope="col" className="number">
              All
            </th>
            {shown.map((s) => (
              <th scope="col" className="number" key={s.name}>
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ start, i }) => (
            <tr key={start}>
              <th scope="row">{utcTime(start).slice(0, 16)}</th>
              <td className="number">{count(totals[i]!)}</td>
              {shown.map((s) => (
                <td className="number" key={s.name}>
                  {count(s.counts[i] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

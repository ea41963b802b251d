import { useId } from 'react';
import { utcTime } from '../ui/format.ts';
import { timeTicks } from './scale.ts';
import { useWidth } from './use-width.ts';

export interface CoverageSpan {
  start: string;
  end: string;
  state: 'covered' | 'changes only' | 'gap';
  means: string;
  reason: string;
}

const BAR = 16;

/** What logs cover of a range: full where they do, half for changes only, hatched where they do not. */
export function CoverageBar({
  from,
  to,
  spans,
  label,
  axis = false,
}: {
  from: number;
  to: number;
  spans: readonly CoverageSpan[];
  label: string;
  axis?: boolean;
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const hatch = useId();
  const x = (at: number) => ((at - from) / (to - from)) * width;
  return (
    <div ref={box} className="chart">
      <svg width={width} height={axis ? BAR + 18 : BAR} role="img" aria-label={label}>
        <defs>
          <pattern
            id={hatch}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect className="chart-gap-back" width="6" height="6" />
            <line className="chart-gap-line" x1="0" y1="0" x2="0" y2="6" />
          </pattern>
        </defs>
        <rect className="chart-frame" x="0" y="0" width={width} height={BAR} />
        {spans.map((span) => {
          const left = x(Date.parse(span.start));
          const wide = Math.max(1, x(Date.parse(span.end)) - left);
          const words = `${utcTime(span.start)} to ${utcTime(span.end)} UTC: ${span.state}${span.means ? `, ${span.means}` : ''}${span.reason ? `. ${span.reason}` : ''}`;
          return (
            <g key={span.start}>
              {span.state === 'gap' ? (
                <rect x={left} y="0" width={wide} height={BAR} fill={`url(#${hatch})`} />
              ) : (
                <rect
                  className={span.state === 'covered' ? 'chart-covered' : 'chart-changes'}
                  x={left}
                  y={span.state === 'covered' ? 0 : BAR / 2}
                  width={wide}
                  height={span.state === 'covered' ? BAR : BAR / 2}
                />
              )}
              <rect x={left} y="0" width={wide} height={BAR} fill="transparent">
                <title>{words}</title>
              </rect>
            </g>
          );
        })}
        {axis &&
          timeTicks(from, to, Math.max(2, Math.floor(width / 90))).map((tick) => (
            <g key={tick.at}>
              <line className="chart-tick" x1={x(tick.at)} x2={x(tick.at)} y1={BAR} y2={BAR + 4} />
              <text className="chart-label" x={x(tick.at) + 3} y={BAR + 14}>
                {tick.label}
              </text>
            </g>
          ))}
      </svg>
    </div>
  );
}

/** Bars over the period: what the logs cover, and what they do not. */
import { figure, hatch, monthTicks, timeScale, type Canvas } from './chart.ts';
import type { Flow } from './flow.ts';
import { color } from './theme.ts';

/** A stretch of time, ISO 8601, `[from, to)`. */
export interface Stretch {
  from: string;
  to: string;
  state: 'covered' | 'provisional' | 'gap';
}

export interface CoverageRow {
  label: string;
  stretches: readonly Stretch[];
  /** Printed at the end of the bar, e.g. `97.4 %`. */
  value: string;
}

const ROW = 17;
const LABEL = 132;
const VALUE = 46;

/** Draws one bar per row over `[from, to)`; what no stretch names is left open. Long lists go over several figures. */
export function coverageChart(
  flow: Flow,
  from: string,
  to: string,
  rows: readonly CoverageRow[],
  alt: string,
): void {
  const perFigure = 30;
  for (let at = 0; at < rows.length; at += perFigure) {
    const part = rows.slice(at, at + perFigure);
    figure(flow, part.length * ROW + 40, alt, (canvas) =>
      drawBars(canvas, Date.parse(from), Date.parse(to), part),
    );
  }
}

function drawBars(canvas: Canvas, from: number, to: number, rows: readonly CoverageRow[]): void {
  const { page, left, top, width, text } = canvas;
  const barLeft = left + LABEL;
  const barWidth = width - LABEL - VALUE;
  const x = timeScale(from, to, barLeft, barWidth);
  const bottom = top - 14 - rows.length * ROW;
  for (const tick of monthTicks(from, to)) {
    page.rule(x(tick.time), top - 11, x(tick.time), bottom + 3, color.hair, 0.5);
    if (x(tick.time) < barLeft + barWidth - 14) text(tick.label, x(tick.time) + 2, top - 8);
  }
  rows.forEach((row, i) => {
    const y = top - 14 - (i + 1) * ROW + 4;
    text(row.label, left, y + 2.6, { size: 8, color: color.ink, max: LABEL - 8 });
    page.fill(barLeft, y, barWidth, 10, color.zebra);
    for (const s of row.stretches) {
      const [a, b] = [x(Date.parse(s.from)), x(Date.parse(s.to))];
      const w = Math.max(b - a, 1);
      if (s.state === 'covered') page.fill(a, y, w, 10, color.accent);
      else if (s.state === 'provisional') page.fill(a, y, w, 10, color.accentMid);
      else hatch(page, a, y, w, 10, color.red);
    }
    text(row.value, left + width, y + 2.6, { size: 8, color: color.ink, align: 'right' });
  });
  legend(canvas, bottom - 14);
}

function legend({ page, left, text }: Canvas, y: number): void {
  let x = left + LABEL;
  page.fill(x, y, 14, 7, color.accent);
  text('covered', x + 18, y + 1);
  x += 66;
  page.fill(x, y, 14, 7, color.accentMid);
  text('covered, delivery still provisional', x + 18, y + 1);
  x += 142;
  hatch(page, x, y, 14, 7, color.red);
  text('not covered', x + 18, y + 1);
}

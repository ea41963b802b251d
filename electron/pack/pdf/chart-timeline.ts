/** Changes over the period as dots on lines, one line per kind of change or per key. */
import { figure, monthTicks, timeScale } from './chart.ts';
import { circle } from './marks.ts';
import type { Flow } from './flow.ts';
import { num } from './syntax.ts';
import { color } from './theme.ts';

export interface TimelineRow {
  label: string;
  /** ISO 8601 times; `strong` ones are drawn as diamonds. */
  events: readonly { at: string; strong: boolean }[];
}

/** Height of a row: less where many must share a page. */
const ROW = { most: 18, least: 10 };
const LABEL = 148;

/** Draws the rows over `[from, to)`. */
export function timelineChart(
  flow: Flow,
  from: string,
  to: string,
  rows: readonly TimelineRow[],
  alt: string,
): void {
  const shown = rows.slice(0, 32);
  if (shown.length === 0) return;
  const room = (flow.y - flow.floor - 34) / shown.length;
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, room));
  const height = shown.length * rowHeight + 34;
  figure(flow, height, alt, ({ page, left, top, width, text }) => {
    const lineLeft = left + LABEL;
    const lineWidth = width - LABEL - 34;
    const x = timeScale(Date.parse(from), Date.parse(to), lineLeft, lineWidth);
    const bottom = top - 14 - shown.length * rowHeight;
    for (const tick of monthTicks(Date.parse(from), Date.parse(to))) {
      page.rule(x(tick.time), top - 11, x(tick.time), bottom + 2, color.hair, 0.5);
      if (x(tick.time) < lineLeft + lineWidth - 14) text(tick.label, x(tick.time) + 2, top - 8);
    }
    shown.forEach((row, i) => {
      const y = top - 14 - (i + 0.5) * rowHeight;
      text(row.label, left, y - 2.6, { size: 8, color: color.ink, max: LABEL - 8 });
      page.rule(lineLeft, y, lineLeft + lineWidth, y, color.rule, 0.6);
      for (const event of row.events) {
        const cx = x(Date.parse(event.at));
        if (event.strong) {
          page.op(
            `${color.red} rg ${num(cx)} ${num(y + 4.4)} m ${num(cx + 4.4)} ${num(y)} l ${num(cx)} ${num(y - 4.4)} l ${num(cx - 4.4)} ${num(y)} l f`,
          );
        } else {
          page.op(`${color.accent} rg 1 1 1 RG 0.6 w ${circle(cx, y, 3.3)} b`);
        }
      }
      text(String(row.events.length), left + width, y - 2.6, { size: 8, color: color.ink, align: 'right' });
    });
    page.op(`${color.accent} rg ${circle(lineLeft + 3, bottom - 10, 3)} f`);
    text('change', lineLeft + 10, bottom - 12.5);
    const d = lineLeft + 58;
    page.op(
      `${color.red} rg ${num(d)} ${num(bottom - 6)} m ${num(d + 4)} ${num(bottom - 10)} l ${num(d)} ${num(bottom - 14)} l ${num(d - 4)} ${num(bottom - 10)} l f`,
    );
    text('change that weakens protection', d + 8, bottom - 12.5);
  });
}

/** What charts share: the figure they are tagged as, the scale of time, hatching, and small text. */
import type { Flow } from './flow.ts';
import type { Page } from './page.ts';
import { layoutText } from './text-layout.ts';
import type { TextStyle } from './font-files.ts';
import { num } from './syntax.ts';
import { color, type Color } from './theme.ts';

/** Where a chart is drawn: `left` and `top` of its box, and how to write on it. */
export interface Canvas {
  page: Page;
  left: number;
  top: number;
  width: number;
  /** Writes a short text; `x` is its left, centre or right edge. Cut to `max` points. */
  text: (words: string, x: number, y: number, options?: CanvasText) => void;
}

export interface CanvasText {
  size?: number;
  color?: Color;
  align?: 'left' | 'center' | 'right';
  style?: TextStyle;
  max?: number;
}

/** Draws a figure of a given height with its alternative text, on one page. */
export function figure(flow: Flow, height: number, alt: string, draw: (canvas: Canvas) => void): void {
  flow.ensure(height);
  const { page, tree, fonts } = flow.doc;
  const [left, top, width] = [flow.left, flow.y, flow.width];
  const box = [left, top - height, left + width, top].map(num).join(' ');
  const text: Canvas['text'] = (words, x, y, o = {}) => {
    const base = { style: o.style ?? 'regular', size: o.size ?? 7.2, color: o.color ?? color.soft } as const;
    const line = layoutText(fonts, words, base, o.max ?? 10_000)[0];
    if (!line) return;
    const shift = o.align === 'right' ? line.width : o.align === 'center' ? line.width / 2 : 0;
    page.bareLine(line, x - shift, y);
  };
  tree.within('Figure', { alt, attribute: `/O/Layout/Placement/Block/BBox[${box}]` }, () => {
    page.tagged(() => draw({ page, left, top, width, text }));
  });
  flow.y -= height + 6;
}

/** Maps times of a span to points. Times outside are held at the ends. */
export function timeScale(from: number, to: number, left: number, width: number): (time: number) => number {
  const span = Math.max(1, to - from);
  if (!Number.isFinite(span)) return () => left;
  return (time) =>
    left + (Math.min(Math.max(Number.isFinite(time) ? time - from : 0, 0), span) / span) * width;
}

/** First days of months within a span (UTC), or of quarters or years when months would crowd. */
export function monthTicks(from: number, to: number): { time: number; label: string }[] {
  // A span that is no span, or longer than anybody audits, has no ticks.
  if (!(to > from) || to - from > 100 * 366 * 86_400_000) return [];
  const start = new Date(from);
  const months = (to - from) / (30.4 * 86_400_000);
  const step = months <= 14 ? 1 : months <= 40 ? 3 : 12;
  const ticks: { time: number; label: string }[] = [];
  for (let m = 0; ; m++) {
    const time = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + m, 1);
    if (time > to) return ticks;
    const month = new Date(time).getUTCMonth();
    if (time < from || month % step !== 0) continue;
    ticks.push({ time, label: tickLabel(new Date(time), step, ticks.length === 0 || month === 0) });
  }
}

function tickLabel(date: Date, step: number, withYear: boolean): string {
  const year = String(date.getUTCFullYear());
  if (step === 12) return year;
  return withYear ? `${MONTHS[date.getUTCMonth()]} ${year}` : (MONTHS[date.getUTCMonth()] ?? '');
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A hatched rectangle: told from a filled one without colour. */
export function hatch(page: Page, x: number, y: number, width: number, height: number, stroke: Color): void {
  let lines = '';
  for (let at = x - height; at < x + width; at += 3.2) {
    lines += `${num(at)} ${num(y)} m ${num(at + height)} ${num(y + height)} l `;
  }
  page.op(
    `q ${num(x)} ${num(y)} ${num(width)} ${num(height)} re W n ${stroke} RG 0.7 w ${lines}S Q ` +
      `${stroke} RG 0.5 w ${num(x)} ${num(y)} ${num(width)} ${num(height)} re S`,
  );
}

/** Uses of a key over the period, in equal bins. */
import { figure, hatch } from './chart.ts';
import type { Flow } from './flow.ts';
import { color } from './theme.ts';

export interface UsageBin {
  /** Short label under the bar, e.g. `Jan`. */
  label: string;
  count: number;
  /** False when the logs cover none of it: no bar is not "no use". `partial` when they cover some of it. */
  covered: boolean | 'partial';
}

/** Draws a histogram; bins without coverage are hatched, so that absence of data never looks like zero. */
export function usageChart(flow: Flow, bins: readonly UsageBin[], alt: string, height = 78): void {
  if (bins.length === 0) return;
  figure(flow, height, alt, ({ page, left, top, width, text }) => {
    const base = top - height + 13;
    const room = height - 27;
    const most = Math.max(1, ...bins.map((b) => b.count));
    const step = Math.min(width / bins.length, 60);
    const labelEvery = Math.ceil(bins.length / (width / 26));
    bins.forEach((bin, i) => {
      const x = left + i * step + step * 0.14;
      const w = step * 0.72;
      if (bin.covered !== true)
        hatch(page, x, base, w, bin.covered === false ? room : room * 0.25, color.rule);
      const h = (bin.count / most) * room;
      if (bin.count > 0) page.fill(x, base, w, Math.max(h, 0.8), color.accent);
      if (i % labelEvery === 0) text(bin.label, x + w / 2, base - 9, { align: 'center', size: 6.8 });
      if (bins.length <= 16) {
        const words = bin.covered === false && bin.count === 0 ? 'no log' : compact(bin.count);
        text(words, x + w / 2, base + Math.max(h, bin.covered === false ? room : 0) + 3, {
          align: 'center',
          size: 6.8,
        });
      }
    });
    page.rule(left, base, left + bins.length * step, base, color.soft, 0.6);
  });
}

/** A count in at most five characters. */
export function compact(count: number): string {
  if (count < 10_000) return String(count);
  if (count < 1_000_000) return `${(count / 1000).toFixed(count < 100_000 ? 1 : 0)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

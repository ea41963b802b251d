/** Large numbers side by side, as on page one. */
import type { Flow } from '../flow.ts';
import { layoutText } from '../text-layout.ts';
import { color, type, type Color } from '../theme.ts';

export interface KeyFigure {
  value: string;
  label: string;
  color?: Color;
}

/** Draws figures in one row between two rules; each is tagged as a paragraph of value and label. */
export function figureRow(flow: Flow, figures: readonly KeyFigure[]): void {
  const height = 58;
  flow.ensure(height + 16);
  const { page, tree, fonts } = flow.doc;
  const step = flow.width / figures.length;
  const top = flow.y;
  page.artifact(() => {
    page.rule(flow.left, top, flow.left + flow.width, top, color.accent, 1);
    page.rule(flow.left, top - height, flow.left + flow.width, top - height, color.rule, 0.5);
    for (let i = 1; i < figures.length; i++) {
      const x = flow.left + i * step;
      page.rule(x, top - 10, x, top - height + 10, color.hair, 0.6);
    }
  });
  figures.forEach((figure, i) => {
    const x = flow.left + i * step + (i === 0 ? 0 : 10);
    const value = { style: 'light', size: type.figure.size, color: figure.color ?? color.ink } as const;
    const label = { style: 'regular', size: type.small.size, color: color.soft } as const;
    tree.within('KeyFigure', {}, () => {
      const [number] = layoutText(fonts, figure.value, value, 1000);
      if (number) {
        const scale = Math.min(1, (step - 14) / number.width);
        const [fitted] = layoutText(fonts, figure.value, { ...value, size: value.size * scale }, 1000);
        page.line(fitted ?? number, x, top - 30);
      }
      layoutText(fonts, figure.label, label, step - 14)
        .slice(0, 2)
        .forEach((line, n) => page.line(line, x, top - 43 - n * 9));
    });
  });
  flow.y = top - height - 14;
}

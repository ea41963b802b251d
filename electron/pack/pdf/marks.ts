/** Small signs beside words: each state has a shape of its own, so that a black-and-white print says the same. */
import type { Mark } from './inline.ts';
import { num } from './syntax.ts';
import type { Color } from './theme.ts';

/** Circle by four Bézier curves. */
export function circle(cx: number, cy: number, r: number): string {
  const k = r * 0.5523;
  const p = (x: number, y: number): string => `${num(cx + x)} ${num(cy + y)}`;
  return (
    `${p(r, 0)} m ${p(r, k)} ${p(k, r)} ${p(0, r)} c ${p(-k, r)} ${p(-r, k)} ${p(-r, 0)} c ` +
    `${p(-r, -k)} ${p(-k, -r)} ${p(0, -r)} c ${p(k, -r)} ${p(r, -k)} ${p(r, 0)} c`
  );
}

/** Operators for a sign whose text stands on (x, y) with the given size. */
export function drawMark(mark: Mark, x: number, y: number, size: number, color: Color): string {
  const r = size * 0.4;
  const cx = x + r + size * 0.05;
  const cy = y + size * 0.33;
  const point = (dx: number, dy: number): string => `${num(cx + dx * r)} ${num(cy + dy * r)}`;
  const paint = `${color} rg ${color} RG`;
  const white = '1 1 1 RG 1 1 1 rg';
  const w = num(size * 0.11);
  switch (mark) {
    case 'check':
      return `${paint} ${circle(cx, cy, r)} f ${white} ${w} w ${point(-0.45, 0)} m ${point(-0.1, -0.38)} l ${point(0.5, 0.35)} l S`;
    case 'triangle':
      return (
        `${paint} ${point(0, 1.05)} m ${point(1.12, -0.9)} l ${point(-1.12, -0.9)} l f ` +
        `${white} ${w} w ${point(0, 0.5)} m ${point(0, -0.22)} l S ${circle(cx, cy - 0.55 * r, size * 0.055)} f`
      );
    case 'diamond':
      return (
        `${paint} ${point(0, 1.15)} m ${point(1.15, 0)} l ${point(0, -1.15)} l ${point(-1.15, 0)} l f ` +
        `${white} ${w} w ${point(0, 0.6)} m ${point(0, -0.15)} l S ${circle(cx, cy - 0.5 * r, size * 0.055)} f`
      );
    case 'square':
      return (
        `${paint} ${num(cx - r * 0.9)} ${num(cy - r * 0.9)} ${num(r * 1.8)} ${num(r * 1.8)} re f ` +
        `${white} ${w} w ${point(-0.45, 0.3)} m ${point(0.45, 0.3)} l S ${point(-0.45, -0.3)} m ${point(0.2, -0.3)} l S`
      );
    case 'ring':
      return `${color} RG ${w} w ${circle(cx, cy, r * 0.85)} S`;
    case 'dash':
      return `${color} RG ${num(size * 0.14)} w ${point(-0.8, 0)} m ${point(0.8, 0)} l S`;
  }
}

/** Round steps for an axis of counts: at most `most` of them, the last at or above the highest value. */
export function countTicks(highest: number, most = 4): number[] {
  if (highest <= 0) return [0];
  const raw = highest / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw);
  const ticks: number[] = [];
  for (let value = 0; value < highest + step; value += step) ticks.push(value);
  return ticks;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Marks of a time axis in ms UTC: firsts of months, days or hours, whichever leaves them apart. */
export function timeTicks(from: number, to: number, most = 10): { at: number; label: string }[] {
  const length = to - from;
  if (length <= 0) return [];
  if (length > 45 * DAY) return months(from, to, Math.ceil(length / (30 * DAY) / most));
  if (length > 3 * DAY)
    return every(from, to, DAY * Math.ceil(length / DAY / most), (iso) => iso.slice(5, 10));
  return every(from, to, HOUR * Math.max(1, Math.ceil(length / HOUR / most)), (iso) => iso.slice(11, 16));
}

function months(from: number, to: number, step: number): { at: number; label: string }[] {
  const ticks: { at: number; label: string }[] = [];
  const start = new Date(from);
  for (let month = 0; ; month += step) {
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 1);
    if (at > to) return ticks;
    if (at >= from) ticks.push({ at, label: new Date(at).toISOString().slice(0, 7) });
  }
}

function every(from: number, to: number, step: number, label: (iso: string) => string) {
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    ticks.push({ at, label: label(new Date(at).toISOString()) });
  }
  return ticks;
}

/** The part of a range that zooming around a place leaves, inside the limits. `factor` below 1 zooms in. */
export function zoomRange(
  range: readonly [number, number],
  limits: readonly [number, number],
  factor: number,
  around = (range[0] + range[1]) / 2,
): [number, number] {
  const length = Math.min(limits[1] - limits[0], Math.max(HOUR, (range[1] - range[0]) * factor));
  const share = (around - range[0]) / (range[1] - range[0]);
  return intoLimits(around - length * share, length, limits);
}

/** The range moved by a share of its own length, inside the limits. */
export function panRange(
  range: readonly [number, number],
  limits: readonly [number, number],
  share: number,
): [number, number] {
  const length = range[1] - range[0];
  return intoLimits(range[0] + length * share, length, limits);
}

function intoLimits(start: number, length: number, limits: readonly [number, number]): [number, number] {
  const from = Math.max(limits[0], Math.min(start, limits[1] - length));
  return [from, from + length];
}

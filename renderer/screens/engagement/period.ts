import { isDay } from '../../ui/day.ts';
import { endOf, lastDay, utcDay } from '../../ui/format.ts';

/** A period as people give it: both days inclusive, UTC. */
export interface Days {
  from: string;
  to: string;
}

export type PresetId = 'last-12-months' | 'last-6-months' | 'last-quarter' | 'last-year' | 'this-year';

export const PRESETS: readonly { id: PresetId; label: string }[] = [
  { id: 'last-12-months', label: 'Last 12 whole months' },
  { id: 'last-6-months', label: 'Last 6 whole months' },
  { id: 'last-quarter', label: 'Last quarter' },
  { id: 'last-year', label: 'Last calendar year' },
  { id: 'this-year', label: 'This year so far' },
];

/** The days of a preset as of a moment. Months and quarters are whole ones that have ended. */
export function presetDays(preset: PresetId, now: Date): Days {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const day = (y: number, m: number, d: number) => utcDay(Date.UTC(y, m, d));
  switch (preset) {
    case 'last-12-months':
      return { from: day(year, month - 12, 1), to: day(year, month, 0) };
    case 'last-6-months':
      return { from: day(year, month - 6, 1), to: day(year, month, 0) };
    case 'last-quarter': {
      const start = Math.floor(month / 3) * 3 - 3;
      return { from: day(year, start, 1), to: day(year, start + 3, 0) };
    }
    case 'last-year':
      return { from: day(year - 1, 0, 1), to: day(year - 1, 11, 31) };
    case 'this-year':
      return { from: day(year, 0, 1), to: utcDay(now.getTime()) };
  }
}

/** The days of a stored period, whose end is exclusive. */
export function storedDays(period: { from: string; to: string }): Days {
  return { from: utcDay(period.from), to: lastDay(period.to) };
}

/** The period as stored. */
export function storedPeriod(days: Days): { from: string; to: string } {
  return { from: `${days.from}T00:00:00.000Z`, to: endOf(days.to) };
}

/** Why these days are no period, in words; null when they are one. */
export function periodFault({ from, to }: Days): string | null {
  if (!isDay(from)) return 'Give the first day as YYYY-MM-DD.';
  if (!isDay(to)) return 'Give the last day as YYYY-MM-DD.';
  if (from > to) return `The period ends (${to}) before it starts (${from}). Swap the days.`;
  return null;
}

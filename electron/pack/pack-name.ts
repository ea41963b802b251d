import type { Period } from '../engagement/engagement.ts';

/** Part of the file names of a pack whose time is pending. */
export const PENDING = '.time-pending';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Last day of a period for people: `to` is exclusive, dates are printed inclusive. UTC, YYYY-MM-DD. */
export function lastDay(period: Period): string {
  return new Date(Date.parse(period.to) - 1).toISOString().slice(0, 10);
}

/** First day of a period, UTC, YYYY-MM-DD. */
export function firstDay(period: Period): string {
  return period.from.slice(0, 10);
}

/** Length of a period in days, rounded up. */
export function days(period: Period): number {
  return Math.ceil((Date.parse(period.to) - Date.parse(period.from)) / DAY_MS);
}

/** Text as part of a file name: lower case, safe characters, at most 40. */
export function slug(text: string): string {
  const ascii = text
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '');
  const safe = ascii
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return safe.slice(0, 40).replace(/-+$/, '') || 'client';
}

/** The name both files of a pack share: client, criteria, period (inclusive dates) and pack id. */
export function packName(client: string, period: Period, packId: string): string {
  return `${slug(client)}_soc2-cc6-keys_${firstDay(period)}_${lastDay(period)}_${packId}`;
}

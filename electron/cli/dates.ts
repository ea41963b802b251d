import { InvalidArgumentError } from 'commander';
import type { Period } from '../engagement/engagement.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A day as people give it, YYYY-MM-DD. @throws InvalidArgumentError for anything else, also for 30 February. */
export function day(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00.000Z`) : new Date(NaN);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('Give a date as YYYY-MM-DD, for example 2026-01-31.');
  }
  return text;
}

/** The period from one day to another, both inclusive, as stored: `[from, to)` in UTC. */
export function inclusivePeriod(from: string, to: string): Period {
  if (from > to) throw new InvalidArgumentError(`The period ends (${to}) before it starts (${from}).`);
  return {
    from: `${from}T00:00:00.000Z`,
    to: new Date(Date.parse(`${to}T00:00:00.000Z`) + DAY_MS).toISOString(),
  };
}

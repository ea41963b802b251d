const DAY = 86_400_000;

/** Whole days from one moment to another (both ISO 8601 UTC), rounded down. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / DAY);
}

/** A moment some days later, ISO 8601 UTC. */
export function addDays(at: string, days: number): string {
  return new Date(Date.parse(at) + days * DAY).toISOString();
}

/** The date of a moment, UTC, as people read it in the report. */
export function day(at: string): string {
  return at.slice(0, 10);
}

/** A period with both ends inclusive: the stored end is the first moment after it. */
export function periodText(period: { from: string; to: string }): string {
  return `${day(period.from)} to ${day(new Date(Date.parse(period.to) - 1).toISOString())}`;
}

/** "1 day", "2 days". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** The earlier and the later of two moments. */
export const earlier = (a: string, b: string): string => (a < b ? a : b);
export const later = (a: string, b: string): string => (a > b ? a : b);

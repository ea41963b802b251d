const DAY_MS = 86_400_000;

/** Years, months, weeks, days and hours of an ISO 8601 duration. */
interface Parts {
  months: number;
  days: number;
  hours: number;
}

function partsOf(text: string): Parts | null {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:\d+M)?(?:\d+S)?)?$/i.exec(
    text,
  );
  if (!found || text.length < 3) return null;
  const [years, months, weeks, days, hours] = found.slice(1).map((n) => Number(n ?? 0));
  return { months: years! * 12 + months!, days: weeks! * 7 + days!, hours: hours! };
}

/** A duration in days: a year counts 365, a month 30, as rotation intervals are compared. Null when it is none. */
export function durationDays(text: string | null): number | null {
  const parts = text === null ? null : partsOf(text);
  if (!parts) return null;
  const { months, days, hours } = parts;
  return Math.floor(months / 12) * 365 + (months % 12) * 30 + days + Math.floor(hours / 24);
}

/** The moment a duration after (or, with sign -1, before) another, in calendar months and days. UTC. */
export function moved(at: string, text: string, sign: 1 | -1 = 1): string | null {
  const parts = partsOf(text);
  const date = new Date(at);
  if (!parts || Number.isNaN(date.getTime())) return null;
  date.setUTCMonth(date.getUTCMonth() + sign * parts.months);
  return new Date(date.getTime() + sign * (parts.days * DAY_MS + parts.hours * 3_600_000)).toISOString();
}

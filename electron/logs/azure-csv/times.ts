/** How a file writes dates; the portal writes them as its user's language does. */
export type DateOrder = 'iso' | 'month-first' | 'day-first';

const SHORT =
  /^(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4}),?[\s\u202f\u00a0]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,7}))?)?(?:[\s\u202f\u00a0]*([ap])\.?m\.?)?$/i;
const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** A time as Azure writes it, ms UTC; one without a zone is UTC. Null when it is none. */
export function timeOf(text: string, order: DateOrder = 'month-first'): number | null {
  const iso = ISO.exec(text);
  if (iso) {
    const [, day = '', clock = '', decimals = '', zone = 'Z'] = iso;
    const offset = /^(Z|UTC)$/i.test(zone)
      ? 'Z'
      : zone.includes(':')
        ? zone
        : `${zone.slice(0, 3)}:${zone.slice(3)}`;
    const millis = decimals === '' ? '' : `.${decimals.slice(0, 3).padEnd(3, '0')}`;
    return real(Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${millis}${offset}`));
  }
  return shortTime(text, order);
}

/** `5/25/2026, 4:32:49.469 AM`, `25/05/2026, 04:32:49.469`, `25.5.2026, 4:32:49,469`, `2026/5/25 4:32:49.469` */
function shortTime(text: string, order: DateOrder): number | null {
  const found = SHORT.exec(text.trim());
  if (!found) return null;
  const [, first = '', second = '', third = '', hour = '', minute = '', seconds = '0', decimals = '', half] =
    found;
  const yearFirst = first.length === 4;
  if (!yearFirst && third.length !== 4) return null;
  const dayFirst = order === 'day-first';
  const year = Number(yearFirst ? first : third);
  const month = Number(yearFirst ? second : dayFirst ? second : first);
  const day = Number(yearFirst ? third : dayFirst ? first : second);
  const clock = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const millis = Number(decimals.slice(0, 3).padEnd(3, '0'));
  if (month < 1 || month > 12 || clock > 23 || Number(minute) > 59 || Number(seconds) > 59) return null;
  const time = Date.UTC(year, month - 1, day, clock, Number(minute), Number(seconds), millis);
  // A day that the month does not have rolls over into the next.
  return new Date(time).getUTCDate() === day ? time : null;
}

const real = (time: number): number | null => (Number.isNaN(time) ? null : time);

/**
 * Which order a date shows by itself; null when it can be read both ways. Of languages with slashes only English of the
 * United States writes AM and PM in capitals.
 */
export function orderOf(text: string): DateOrder | null {
  if (ISO.test(text)) return 'iso';
  const found = SHORT.exec(text.trim());
  if (!found) return null;
  const [, first = '', second = '', , , , , , half] = found;
  if (first.length === 4) return 'iso';
  if (Number(first) > 12) return 'day-first';
  if (Number(second) > 12) return 'month-first';
  if (text.trim().charAt(first.length) === '.') return 'day-first';
  if (half !== undefined) return /[AP]M$/.test(text.trim()) ? 'month-first' : 'day-first';
  return null;
}

const whole = new Intl.NumberFormat('en-US');

/** 98,310 */
export function count(n: number): string {
  return whole.format(n);
}

/** "1 key", "1,204 keys". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

/** "1,204 of 98,310 keys" */
export function countOf(part: number, all: number, many: string): string {
  return part === all ? `${count(all)} ${many}` : `${count(part)} of ${count(all)} ${many}`;
}

/** Bytes in the unit people read. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A time to come or gone by, rough as such times are: "under a second", "40 s", "3 min", "2 h 10 min". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under a second';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** 2026-06-30 14:05:09, UTC, from an ISO instant or ms. */
export function utcTime(at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** 2026-06-30, UTC. */
export function utcDay(at: string | number): string {
  return utcTime(at).slice(0, 10);
}

/** The same instant on this machine's clock, with the zone's name. */
export function localTime(at: string | number): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(new Date(at));
}

/** The period as people say it: both days inclusive. `to` is exclusive as stored. */
export function periodWords(from: string, to: string): string {
  return `${utcDay(from)} – ${lastDay(to)}`;
}

/** The last day inside a range whose end is exclusive. */
export function lastDay(to: string): string {
  return utcDay(Date.parse(to) - 1);
}

/** The exclusive end of a range whose last day is given. */
export function endOf(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
}

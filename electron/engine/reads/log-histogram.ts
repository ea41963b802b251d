import type { ReadableDb } from '../../../db/handle.ts';
import type { EventFilter } from '../../api/logs.ts';
import { byDays, eventWhere, rangeOf } from './log-where.ts';
import { iso } from './read.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longest range that is shown by the hour. */
const HOURLY_DAYS = 14;
const MOST_SERIES = 20;
/** A range given by mistake must not make millions of buckets. */
const MOST_BUCKETS = 5000;

interface Counted {
  bucket: number;
  service: string;
  name: string;
  events: number;
}

/** Events by operation in buckets of an hour or a day. */
export function histogram(db: ReadableDb, filter: EventFilter) {
  const range = rangeOf(db, filter);
  const hourly = range.to - range.from <= HOURLY_DAYS * DAY_MS;
  const width = hourly ? HOUR_MS : DAY_MS;
  const start = Math.floor(range.from / width) * width;
  const buckets = Math.min(MOST_BUCKETS, Math.max(0, Math.ceil((range.to - start) / width)));
  const counted =
    !hourly && byDays(filter, range) ? dayCounts(db, filter, range) : rowCounts(db, filter, range, width);

  const series = new Map<string, { service: string; name: string; events: number; counts: number[] }>();
  for (const { bucket, service, name, events } of counted) {
    const at = bucket - start / width;
    if (at < 0 || at >= buckets) continue;
    const key = `${service}\n${name}`;
    let one = series.get(key);
    if (!one)
      series.set(key, (one = { service, name, events: 0, counts: new Array<number>(buckets).fill(0) }));
    one.events += events;
    one.counts[at]! += events;
  }
  return {
    from: iso(range.from),
    to: iso(range.to),
    bucket: hourly ? ('hour' as const) : ('day' as const),
    starts: Array.from({ length: buckets }, (_, i) => iso(start + i * width)),
    series: mostUsed([...series.values()], buckets),
  };
}

type Series = { service: string; name: string; events: number; counts: number[] };

/** The operations with most events; the others added up at the end. */
function mostUsed(all: Series[], buckets: number): Series[] {
  all.sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
  if (all.length <= MOST_SERIES) return all;
  const rest = { service: '', name: 'others', events: 0, counts: new Array<number>(buckets).fill(0) };
  for (const one of all.slice(MOST_SERIES - 1)) {
    rest.events += one.events;
    one.counts.forEach((count, i) => (rest.counts[i]! += count));
  }
  return [...all.slice(0, MOST_SERIES - 1), rest];
}

function dayCounts(db: ReadableDb, filter: EventFilter, range: { from: number; to: number }): Counted[] {
  const where = eventWhere('t', filter, range);
  return db
    .prepare<number[], Counted>(
      `SELECT s.bucket, o.service, o.name, s.events FROM (
         SELECT t.day AS bucket, t.operation, sum(t.events) AS events FROM usage_day t WHERE ${where.sql} GROUP BY 1, 2
       ) s JOIN usage_operation o ON o.id = s.operation`,
    )
    .all(...where.values);
}

function rowCounts(
  db: ReadableDb,
  filter: EventFilter,
  range: { from: number; to: number },
  width: number,
): Counted[] {
  const where = eventWhere('r', filter, range);
  return db
    .prepare<number[], Counted>(
      `SELECT s.bucket, o.service, o.name, s.events FROM (
         SELECT r.time / ${width} AS bucket, r.operation, count(*) AS events FROM usage_event_row r
          WHERE ${where.sql} GROUP BY 1, 2
       ) s JOIN usage_operation o ON o.id = s.operation`,
    )
    .all(...where.values);
}

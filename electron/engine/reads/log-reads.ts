import {
  listUsageEvents,
  type UsageCursor,
  type UsageEvent as Row,
} from '../../../db/derived/event-queries.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { unpackLogBlock, type LogBlock } from '../../../db/ledger/log-records.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { EventFilter, UsageEvent } from '../../api/logs.ts';
import { bodyOf, type EvidenceEntry } from '../../logs/events-of-entry.ts';
import { logFormatOf } from '../../logs/formats.ts';
import { currentEngagement } from '../../engagement/current.ts';
import { Refusal } from '../service/refusal.ts';
import { histogram } from './log-histogram.ts';
import { byDays, eventWhere, rangeOf } from './log-where.ts';
import { iso, type Reads } from './read.ts';
import { snapshotOf } from './snapshot.ts';

export const logReads: Reads<
  'logs.coverage' | 'logs.histogram' | 'logs.events' | 'logs.count' | 'logs.event' | 'logs.operations'
> = {
  'logs.coverage'(db, input) {
    const { period } = currentEngagement(db);
    const places = coveragePlaces(db, snapshotOf(db, input), Date.parse(period.to) - Date.parse(period.from));
    const percent =
      places.length === 0
        ? null
        : Math.floor((places.reduce((sum, place) => sum + place.percent, 0) / places.length) * 10) / 10;
    return { ...period, percent, places };
  },
  'logs.histogram': (db, { filter }) => histogram(db, filter),
  'logs.events'(db, { filter, after, limit }) {
    const { from, to } = rangeOf(db, filter);
    // One more than the page: whether there is a next one. A full page of the reader may hold 500 only.
    const wanted = Math.min(limit, 499);
    const rows = listUsageEvents(db, { ...narrowed(filter), from, to }, cursorOf(after), wanted + 1);
    const page = rows.slice(0, wanted);
    const last = page.at(-1);
    return {
      rows: page.map(eventOf),
      next: rows.length > wanted && last ? [last.time, last.seq, last.n, last.k].join(' ') : null,
    };
  },
  'logs.count': (db, { filter }) => ({ events: countEvents(db, filter) }),
  'logs.event'(db, { seq, n }) {
    const event = eventAt(db, seq, n);
    const entry = readEntry(db, seq);
    if (!event || (entry?.kind !== 'exchange' && entry?.kind !== 'import')) {
      throw new Refusal(
        'refused',
        'NOT_FOUND',
        `cannot show record ${n} of entry ${seq}: there is no such event.`,
      );
    }
    return {
      event,
      record: recordAt(db, seq, n) ?? inPage(db, entry, n),
      file: entry.kind === 'import' ? entry.facts.name : (entry.values.params ?? ''),
    };
  },
  'logs.operations'(db, { filter }) {
    const range = rangeOf(db, filter);
    const days = byDays(filter, range);
    const where = eventWhere(days ? 't' : 'r', filter, range);
    const operations = db
      .prepare<number[], { service: string; name: string; events: number }>(
        `SELECT o.service, o.name, s.events FROM (
           SELECT operation, ${days ? 'sum(t.events)' : 'count(*)'} AS events
             FROM ${days ? 'usage_day t' : 'usage_event_row r'} WHERE ${where.sql} GROUP BY 1
         ) s JOIN usage_operation o ON o.id = s.operation ORDER BY s.events DESC, o.name`,
      )
      .all(...where.values);
    return { operations };
  },
};

function countEvents(db: ReadableDb, filter: EventFilter): number {
  const range = rangeOf(db, filter);
  const days = byDays(filter, range);
  const where = eventWhere(days ? 't' : 'r', filter, range);
  return (
    db
      .prepare<number[], number>(
        days
          ? `SELECT coalesce(sum(t.events), 0) FROM usage_day t WHERE ${where.sql}`
          : `SELECT count(*) FROM usage_event_row r WHERE ${where.sql}`,
      )
      .pluck()
      .get(...where.values) ?? 0
  );
}

/** The filter without what is absent, as the reader of events wants it. */
function narrowed(filter: EventFilter) {
  const { key, principal, operation, changesOnly } = filter;
  return {
    ...(key === undefined ? {} : { key }),
    ...(principal === undefined ? {} : { principal }),
    ...(operation === undefined ? {} : { operation }),
    ...(changesOnly === undefined ? {} : { changesOnly }),
  };
}

const eventOf = (row: Row): UsageEvent => ({ ...row, time: iso(row.time) });

function cursorOf(after: string | null): UsageCursor | null {
  if (after === null) return null;
  const [time, seq, n, k] = after.split(' ').map(Number);
  if ([time, seq, n, k].every(Number.isInteger)) return { time: time!, seq: seq!, n: n!, k: k! };
  throw new Refusal(
    'input',
    'BAD_INPUT',
    'cannot go on after this row: give what the page before gave as next.',
  );
}

type EventRow = Omit<UsageEvent, 'time' | 'change'> & { time: number; change: number };

function eventAt(db: ReadableDb, seq: number, n: number): UsageEvent | null {
  const row = db
    .prepare<[number, number], EventRow>(
      `SELECT r.seq, r.n, r.k, r.time, r.event_id AS eventId, o.service, o.name, p.account, p.region, k.key,
              w.principal, a.actor, a.invoked_by AS invokedBy, c.source_ip AS sourceIp, e.code AS error,
              (r.flags & 2) / 2 AS change
         FROM usage_event_row r
         JOIN usage_operation o ON o.id = r.operation
         JOIN usage_place p ON p.id = r.place
         JOIN usage_principal w ON w.id = r.principal
         JOIN usage_actor a ON a.id = r.actor
         JOIN usage_client c ON c.id = r.client
         LEFT JOIN usage_key k ON k.id = r.key
         LEFT JOIN usage_error e ON e.id = r.error
        WHERE r.seq = ? AND r.n = ? ORDER BY r.k LIMIT 1`,
    )
    .get(seq, n);
  return row ? { ...row, time: iso(row.time), change: row.change === 1 } : null;
}

/** The record's own bytes out of a log file; blocks are in file order, so few are opened. */
function recordAt(db: ReadableDb, seq: number, index: number): string | null {
  const blocks = db
    .prepare<[number], LogBlock>('SELECT positions, bytes, data FROM log_block WHERE seq = ? ORDER BY n')
    .iterate(seq);
  for (const block of blocks) {
    const positions = Buffer.from(block.positions.buffer, block.positions.byteOffset, block.positions.length);
    if (positions.length < 8 || positions.readUInt32LE(positions.length - 8) < index) continue;
    for (const record of unpackLogBlock(block)) {
      if (record.index === index) return record.raw.toString('utf8');
    }
    return null;
  }
  return null;
}

/** The record inside a page of events, as the page has it. */
function inPage(db: ReadableDb, entry: EvidenceEntry, n: number): string | null {
  const name = entry.kind === 'exchange' ? entry.facts.op : entry.facts.format;
  const body = bodyOf(db, entry);
  const record = body && logFormatOf(name)?.inPages[name]?.(body)[n];
  if (record === null || record === undefined) return null;
  return typeof record === 'string' ? record : JSON.stringify(record);
}

interface SpanRow {
  source: string;
  account: string;
  region: string;
  start: number;
  end: number;
  state: 'covered' | 'changes only' | 'gap';
  means: string;
  reason: string;
  detail: string;
  cites: string;
}

function coveragePlaces(db: ReadableDb, snapshot: string, length: number) {
  const spans = db
    .prepare<[string], SpanRow>(
      `SELECT source, account, region, start, end, state, means, reason, detail, cites FROM coverage
        WHERE snapshot = ? ORDER BY source, account, region, n`,
    )
    .all(snapshot);
  const places = Map.groupBy(spans, (span) => [span.source, span.account, span.region].join('\n'));
  return [...places.values()].map((members) => {
    const { source, account, region } = members[0]!;
    const covered = members.filter((m) => m.state === 'covered').reduce((sum, m) => sum + m.end - m.start, 0);
    return {
      ...{ source, account, region },
      percent: length > 0 ? Math.floor((covered / length) * 1000) / 10 : 0,
      spans: members.map((span) => ({
        start: iso(span.start),
        end: iso(span.end),
        state: span.state,
        means: span.means,
        reason: span.reason,
        detail: span.detail,
        cites: JSON.parse(span.cites) as number[],
      })),
    };
  });
}

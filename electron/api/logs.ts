import { z } from 'zod';
import { cites, instant, ofSnapshot, page, pageOf, startedJob } from './shared.ts';
import { engine, read } from './method.ts';

const span = z.strictObject({
  start: instant,
  end: instant,
  /** covered: every event that bears on keys. changes only: management events without use. gap: nothing. */
  state: z.enum(['covered', 'changes only', 'gap']),
  means: z.string(),
  reason: z.string(),
  detail: z.string(),
  cites,
});

const place = z.strictObject({
  source: z.string(),
  account: z.string(),
  region: z.string(),
  /** Share of the period that is covered, 0 to 100. */
  percent: z.number(),
  spans: z.array(span),
});

/** Which events; every member narrows. Times `[from, to)`. */
export const eventFilter = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  key: z.string().optional(),
  principal: z.string().optional(),
  operation: z.strictObject({ service: z.string(), name: z.string() }).optional(),
  changesOnly: z.boolean().optional(),
});
export type EventFilter = z.infer<typeof eventFilter>;

export const usageEvent = z.strictObject({
  /** Entry and record that it was taken from: `logs.event` opens it. */
  seq: z.int(),
  n: z.int(),
  k: z.int(),
  time: instant,
  eventId: z.string(),
  service: z.string(),
  name: z.string(),
  account: z.string(),
  region: z.string(),
  key: z.string().nullable(),
  principal: z.string(),
  actor: z.string(),
  invokedBy: z.string().nullable(),
  sourceIp: z.string(),
  error: z.string().nullable(),
  change: z.boolean(),
});
export type UsageEvent = z.infer<typeof usageEvent>;

const narrowed = { filter: eventFilter.prefault({}) };

export const logs = {
  'logs.coverage': read(
    z.strictObject(ofSnapshot),
    z.strictObject({
      from: instant,
      to: instant,
      /** Over all places, 0 to 100; null when nothing is known of any. */
      percent: z.number().nullable(),
      places: z.array(place),
    }),
  ),
  /** Events by operation over time: buckets of a day or, over at most 14 days, of an hour. */
  'logs.histogram': read(
    z.strictObject(narrowed),
    z.strictObject({
      from: instant,
      to: instant,
      bucket: z.enum(['hour', 'day']),
      /** Start of each bucket. */
      starts: z.array(instant),
      /** Per operation, most events first: number of events in each bucket. At most 20 operations; the rest together. */
      series: z.array(
        z.strictObject({
          service: z.string(),
          name: z.string(),
          events: z.int(),
          counts: z.array(z.int()),
        }),
      ),
    }),
  ),
  /** Events oldest first. */
  'logs.events': read(z.strictObject({ ...narrowed, ...pageOf }), page(usageEvent)),
  /** Number of events under the filter. */
  'logs.count': read(z.strictObject(narrowed), z.strictObject({ events: z.int() })),
  /** One event's record as the log has it, with the file it stands in. */
  'logs.event': read(
    z.strictObject({ seq: z.int().positive(), n: z.int().nonnegative() }),
    z.strictObject({ event: usageEvent, record: z.string().nullable(), file: z.string() }),
  ),
  /** Operations that occur, with their number of events. */
  'logs.operations': read(
    z.strictObject(narrowed),
    z.strictObject({
      operations: z.array(z.strictObject({ service: z.string(), name: z.string(), events: z.int() })),
    }),
  ),
  /** Writes the filtered events to a file. The job's result is `{path, rows}`. */
  'logs.extract': engine(
    z.strictObject({ ...narrowed, format: z.enum(['csv', 'json']), path: z.string().min(1) }),
    startedJob,
  ),
};

import { createHash } from 'node:crypto';
import type { Company, Instant } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import { eventLog, type EventLog, type EventMatch } from './event-log.ts';
import type { TrailEvent } from './fixed-event.ts';
import {
  readAttribute,
  readCategory,
  readMax,
  readTimes,
  type Attribute,
  type AttributeKey,
  type LookupRequest,
} from './lookup-request.ts';
import type { Scope } from './scope.ts';

export type { LookupRequest } from './lookup-request.ts';

export interface LookupEvent {
  EventId: string;
  EventName: string;
  ReadOnly: 'true' | 'false';
  AccessKeyId?: string;
  /** Seconds since the epoch. */
  EventTime: number;
  EventSource: string;
  Username?: string;
  Resources: { ResourceType: string; ResourceName: string }[];
  CloudTrailEvent: string;
}

export interface LookupAnswer {
  Events: LookupEvent[];
  NextToken?: string;
}

/**
 * CloudTrail LookupEvents (API reference): management events of one account and Region, newest first, whether or not a
 * trail was logging. These are the events of the log files; as there, the last ten minutes are not yet to be seen.
 * @throws AwsError InvalidLookupAttributesException, InvalidMaxResultsException, InvalidTimeRangeException,
 *   InvalidNextTokenException, InvalidEventCategoryException
 */
export function lookupEvents(
  company: Company,
  accountId: string,
  region: string,
  request: LookupRequest,
): LookupAnswer {
  const wanted = readAttribute(request.LookupAttributes);
  const max = readMax(request.MaxResults);
  const { from, to } = readTimes(company, request);
  const category = readCategory(request.EventCategory);
  const bound = boundTo([
    accountId,
    region,
    wanted?.key,
    wanted?.value,
    request.StartTime,
    request.EndTime,
    category,
  ]);
  const place = request.NextToken === undefined ? undefined : readToken(request.NextToken, bound);
  const log = eventLog(company);
  const scope = log.scopeOf(accountId, region);
  if (!scope || category === 'insight') return { Events: [] };

  const last = Math.min(to, log.grid.start(log.grid.hours - 1) - 1);
  const events: LookupEvent[] = [];
  for (const batch of batches(log, scope, wanted, from, last, place?.batch)) {
    let taken = batch.number === place?.batch ? place.taken : 0;
    for (const event of batch.events.slice(taken)) {
      // One more than fits is there: so there is a next page.
      if (events.length === max)
        return { Events: events, NextToken: writeToken({ batch: batch.number, taken }, bound) };
      events.push(entry(event));
      taken++;
    }
  }
  return { Events: events };
}

const TESTS: Record<AttributeKey, (event: TrailEvent, value: string) => boolean> = {
  EventId: (event, value) => event.eventId === value,
  EventName: (event, value) => event.eventName === value,
  ReadOnly: (event, value) => String(event.readOnly) === value,
  Username: (event, value) => event.username === value,
  ResourceType: (event, value) => event.resources.some(({ type }) => type === value),
  ResourceName: (event, value) =>
    event.resources.some(({ arn }) => arn === value || arn.split(/[:/]/).at(-1) === value),
  EventSource: (event, value) => event.eventSource === value,
  AccessKeyId: (event, value) => event.accessKeyId === value,
};

interface Batch {
  number: number;
  /** Newest first. */
  events: TrailEvent[];
}

/**
 * Matching events in batches, newest first, beginning with a given batch. Changes that routine traffic does not have by
 * name are one batch taken from the record; everything else is computed hour by hour.
 */
function* batches(
  log: EventLog,
  scope: Scope,
  wanted: Attribute | undefined,
  from: Instant,
  to: Instant,
  first?: number,
): Generator<Batch> {
  const matching = (events: readonly TrailEvent[]): TrailEvent[] =>
    events
      .filter(
        (event) => event.at >= from && event.at <= to && (!wanted || TESTS[wanted.key](event, wanted.value)),
      )
      .reverse();
  const recorded = log.fixed(scope);
  if (
    (wanted?.key === 'EventName' && !log.isRoutine(scope, wanted.value)) ||
    (wanted?.key === 'EventId' && recorded.some(({ eventId }) => eventId === wanted.value))
  ) {
    yield { number: 0, events: matching(recorded) };
    return;
  }
  const lowest = log.grid.hourOf(from);
  const match = matchOf(wanted);
  for (let hour = first ?? log.grid.hourOf(to); hour >= lowest; hour--) {
    yield { number: hour, events: matching(log.events(scope, hour, match)) };
  }
}

function matchOf(wanted: Attribute | undefined): EventMatch {
  if (wanted?.key === 'EventName') return { eventName: wanted.value };
  if (wanted?.key === 'EventSource') return { eventSource: wanted.value };
  if (wanted?.key === 'ReadOnly') return { readOnly: wanted.value === 'true' };
  return {};
}

const entry = (event: TrailEvent): LookupEvent => ({
  EventId: event.eventId,
  EventName: event.eventName,
  ReadOnly: event.readOnly ? 'true' : 'false',
  ...(event.accessKeyId === undefined ? {} : { AccessKeyId: event.accessKeyId }),
  EventTime: event.at / 1000,
  EventSource: event.eventSource,
  ...(event.username === undefined ? {} : { Username: event.username }),
  Resources: event.resources.map(({ type, arn }) => ({ ResourceType: type, ResourceName: arn })),
  CloudTrailEvent: event.text(),
});

// ------------------------------------------------------------------------------------------------------- paging tokens

/** Where the next page begins: so many matching events of this batch were given out already. */
interface Place {
  batch: number;
  taken: number;
}

const boundTo = (parameters: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parameters)).digest('base64url').slice(0, 22);

const writeToken = ({ batch, taken }: Place, bound: string): string =>
  Buffer.from(`${batch}.${taken}.${bound}`).toString('base64url');

/** A token is good only with the parameters of the request that gave it. */
function readToken(value: unknown, bound: string): Place {
  const match =
    typeof value === 'string'
      ? /^(\d{1,9})\.(\d{1,9})\.([\w-]{22})$/.exec(Buffer.from(value, 'base64url').toString('latin1'))
      : null;
  if (!match || match[3] !== bound) {
    throw new AwsError(
      'InvalidNextTokenException',
      'The NextToken is not valid, or was used with other parameters than the request that gave it.',
    );
  }
  return { batch: Number(match[1]), taken: Number(match[2]) };
}

import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../../../electron/sandbox/company/company.ts';
import type { Company } from '../../../../electron/sandbox/company/types.ts';
import { eventLog } from '../../../../electron/sandbox/events/event-log.ts';
import { linesOf } from '../../../../electron/sandbox/events/delivery.ts';
import { logBuckets } from '../../../../electron/sandbox/events/log-bucket.ts';
import {
  lookupEvents,
  type LookupEvent,
  type LookupRequest,
} from '../../../../electron/sandbox/events/lookup.ts';
import { setLogOptions } from '../../../../electron/sandbox/events/options.ts';

function companyWith(events: number): Company {
  const company = buildCompany({ asOf: '2026-11-24T00:00:00Z' });
  setLogOptions(company, { events });
  return company;
}

const company = companyWith(20_000);
const production = company.accounts[0].id;
const seconds = (text: string): number => Date.parse(text) / 1000;

function lookupAll(request: LookupRequest, region = 'us-east-1', of = company): LookupEvent[] {
  const events: LookupEvent[] = [];
  for (let token: string | undefined; ;) {
    const answer = lookupEvents(of, production, region, { ...request, NextToken: token });
    events.push(...answer.Events);
    if ((token = answer.NextToken) === undefined) return events;
    expect(answer.Events).toHaveLength((request.MaxResults as number | undefined) ?? 50);
  }
}

const by = (AttributeKey: string, AttributeValue: string): LookupRequest => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});
/** What a request fails with. */
const fault = (request: LookupRequest): string => {
  try {
    lookupEvents(company, production, 'us-east-1', request);
    return 'answered';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('looking up events', () => {
  test('gives every event of the account and Region once, newest first, as the log files have them', () => {
    const found = lookupAll({});
    const times = found.map(({ EventTime }) => EventTime);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const files = logBuckets(company).deliveries.find(
      ({ trail, scope }) =>
        trail.organization && scope.accountId === production && scope.region === 'us-east-1',
    )!.files;
    const inFiles = files.flatMap((file) => linesOf(eventLog(company), file).map(({ text }) => text));
    expect(found.map(({ CloudTrailEvent }) => CloudTrailEvent).sort()).toEqual(inFiles.sort());
  });

  test('fills in the fields from the event', () => {
    for (const event of lookupAll({ StartTime: seconds('2026-11-20T00:00:00Z') })) {
      const record = JSON.parse(event.CloudTrailEvent) as {
        eventID: string;
        eventName: string;
        eventSource: string;
        eventTime: string;
        readOnly: boolean;
        resources?: { ARN: string; type: string }[];
        userIdentity: { accessKeyId?: string };
      };
      expect([event.EventId, event.EventName, event.EventSource, event.ReadOnly, event.AccessKeyId]).toEqual([
        record.eventID,
        record.eventName,
        record.eventSource,
        String(record.readOnly),
        record.userIdentity.accessKeyId,
      ]);
      expect(event.EventTime).toBe(seconds(record.eventTime));
      expect(event.Resources).toEqual(
        (record.resources ?? []).map(({ ARN, type }) => ({ ResourceType: type, ResourceName: ARN })),
      );
    }
  });

  test.each(['PutKeyPolicy', 'DisableKeyRotation', 'RotateKey', 'DeleteKey', 'ScheduleKeyDeletion'])(
    'by the name %s gives the changes of the history',
    (name) => {
      const changes = company.history.filter(
        (change) =>
          change.eventName === name &&
          change.region === 'us-east-1' &&
          change.at >= company.period.from &&
          change.accountId === production,
      );
      expect(changes.length).toBeGreaterThan(0);
      expect(
        lookupAll(by('EventName', name))
          .map(({ EventId }) => EventId)
          .sort(),
      ).toEqual(changes.map(({ eventId }) => eventId).sort());
    },
  );

  test('by a name that other services have too gives theirs as well', () => {
    const sources = new Set(lookupAll(by('EventName', 'TagResource')).map(({ EventSource }) => EventSource));
    expect([...sources].some((source) => source !== 'kms.amazonaws.com')).toBe(true);
  });

  test.each<[string, (event: LookupEvent) => string | undefined]>([
    ['EventName', (event) => event.EventName],
    ['EventSource', (event) => event.EventSource],
    ['ReadOnly', (event) => event.ReadOnly],
    ['Username', (event) => event.Username],
    ['AccessKeyId', (event) => event.AccessKeyId],
    ['EventId', (event) => event.EventId],
    ['ResourceName', (event) => event.Resources[0]?.ResourceName],
    ['ResourceType', (event) => event.Resources[0]?.ResourceType],
  ])('by %s gives the same as filtering everything', (key, read) => {
    const all = lookupAll({});
    const wanted = all.map(read).findLast((value) => value !== undefined)!;
    const expected = all.filter((event) => read(event) === wanted);
    expect(lookupAll(by(key, wanted)).map(({ EventId }) => EventId)).toEqual(
      expected.map(({ EventId }) => EventId),
    );
  });

  test('in a time range includes both ends', () => {
    const [newest] = lookupAll(by('EventName', 'PutKeyPolicy'));
    const at = newest!.EventTime;
    const name = by('EventName', 'PutKeyPolicy');
    expect(lookupAll({ ...name, StartTime: at, EndTime: at })).toEqual([newest]);
    expect(lookupAll({ ...name, StartTime: at + 1 })).toEqual([]);
    expect(lookupAll({ ...name, EndTime: at - 1 })).not.toContainEqual(newest);
  });

  test.each([1, 7, 50])('in pages of %d gives the same events', (MaxResults) => {
    const request = { ...by('EventSource', 'kms.amazonaws.com'), StartTime: seconds('2026-11-22T00:00:00Z') };
    expect(lookupAll({ ...request, MaxResults }).map(({ EventId }) => EventId)).toEqual(
      lookupAll(request).map(({ EventId }) => EventId),
    );
  });

  test('shows a stopped trail what it missed', () => {
    const trail = company.trails.find(({ name }) => name === 'eu-west-1-audit')!;
    const [pause] = trail.stopped;
    const missed = lookupAll(
      { StartTime: pause!.from / 1000 + 60, EndTime: pause!.to! / 1000 - 60 },
      'eu-west-1',
    );
    expect(missed.length).toBeGreaterThan(10);
    const delivery = logBuckets(company).deliveries.find((candidate) => candidate.trail === trail)!;
    const kept = new Set(
      delivery.files.flatMap((file) =>
        linesOf(eventLog(company), file).map(({ text }) => (JSON.parse(text) as { eventID: string }).eventID),
      ),
    );
    for (const { EventId } of missed) expect(kept).not.toContain(EventId);
    for (const name of ['StopLogging', 'StartLogging']) {
      expect(kept).toContain(lookupAll(by('EventName', name), 'eu-west-1')[0]!.EventId);
    }
  });

  test('for rare changes among ten million events does not compute the others', () => {
    const huge = companyWith(10_000_000);
    // Computing the five million events of this Region would take longer than a test may.
    expect(lookupAll(by('EventName', 'PutKeyPolicy'), 'us-east-1', huge).length).toBeGreaterThan(0);
  });

  test('in a Region that logs nothing gives nothing', () => {
    expect(lookupEvents(company, production, 'ap-east-1', {})).toEqual({ Events: [] });
  });
});

describe('requests that LookupEvents refuses', () => {
  test.each<[string, LookupRequest, string]>([
    [
      'two attributes',
      {
        LookupAttributes: [
          ...(by('EventName', 'A').LookupAttributes as object[]),
          ...(by('EventName', 'B').LookupAttributes as object[]),
        ],
      },
      'InvalidLookupAttributesException',
    ],
    ['an unknown attribute', by('Colour', 'red'), 'InvalidLookupAttributesException'],
    ['an empty value', by('EventName', ''), 'InvalidLookupAttributesException'],
    ['no results', { MaxResults: 0 }, 'InvalidMaxResultsException'],
    ['51 results', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    [
      'a start after the end',
      { StartTime: seconds('2026-11-20T00:00:00Z'), EndTime: seconds('2026-11-19T00:00:00Z') },
      'InvalidTimeRangeException',
    ],
    ['a start 91 days ago', { StartTime: seconds('2026-08-25T00:00:00Z') }, 'InvalidTimeRangeException'],
    ['a time that is text', { StartTime: '2026-11-20' }, 'InvalidTimeRangeException'],
    ['an invented token', { NextToken: 'abc' }, 'InvalidNextTokenException'],
    ['an unknown category', { EventCategory: 'data' }, 'InvalidEventCategoryException'],
  ])('%s', (_, request, code) => {
    expect(fault(request)).toBe(code);
  });

  test('a token of another request', () => {
    const { NextToken } = lookupEvents(company, production, 'us-east-1', { MaxResults: 5 });
    expect(fault({ NextToken, MaxResults: 7 })).toBe('answered');
    expect(fault({ NextToken, ...by('EventName', 'Decrypt') })).toBe('InvalidNextTokenException');
    expect(fault({ NextToken, StartTime: seconds('2026-11-20T00:00:00Z') })).toBe(
      'InvalidNextTokenException',
    );
  });

  test('ninety days ago to the second is still allowed', () => {
    expect(fault({ StartTime: seconds('2026-08-26T00:00:00Z') })).toBe('answered');
  });

  test('insight events: none', () => {
    expect(lookupEvents(company, production, 'us-east-1', { EventCategory: 'insight' })).toEqual({
      Events: [],
    });
  });
});

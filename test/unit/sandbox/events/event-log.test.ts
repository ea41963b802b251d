import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../../../electron/sandbox/company/company.ts';
import type { Company } from '../../../../electron/sandbox/company/types.ts';
import { eventLog, type EventLog } from '../../../../electron/sandbox/events/event-log.ts';
import { foreignKeys } from '../../../../electron/sandbox/events/foreign-keys.ts';
import { setLogOptions, type LogOptions } from '../../../../electron/sandbox/events/options.ts';

interface Row {
  eventVersion: string;
  eventID: string;
  requestID?: string;
  eventTime: string;
  eventName: string;
  eventSource: string;
  awsRegion: string;
  eventType: string;
  recipientAccountId: string;
  readOnly: boolean;
  managementEvent: boolean;
  eventCategory: string;
  errorCode?: string;
  errorMessage?: string;
  sharedEventID?: string;
  additionalEventData?: { keyMaterialId?: string };
  resources?: { accountId: string; type: string; ARN: string }[];
  userIdentity: {
    type?: string;
    invokedBy?: string;
    accountId?: string;
    sessionContext?: { attributes: { creationDate: string } };
  };
}

function companyWith(logs: LogOptions = {}): Company {
  const company = buildCompany({ asOf: '2026-11-24T00:00:00Z' });
  setLogOptions(company, logs);
  return company;
}

function allRows(log: EventLog): Row[] {
  return log.scopes.flatMap((scope) =>
    Array.from({ length: log.grid.hours }, (_, hour) => log.lines(scope, hour)).flatMap((lines) =>
      lines.map(({ text }) => JSON.parse(text) as Row),
    ),
  );
}

const company = companyWith();
const log = eventLog(company);
const rows = allRows(log);

describe('the sample events', () => {
  test('are exactly as many as asked for, with ids that occur once', () => {
    expect(rows).toHaveLength(20_000);
    expect(new Set(rows.map(({ eventID }) => eventID)).size).toBe(20_000);
  });

  test('all have the fields of a CloudTrail record of version 1.11', () => {
    for (const row of rows) {
      expect(row.eventVersion).toBe('1.11');
      expect(row.eventID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(row.eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(row.eventSource).toMatch(/^[a-z0-9]+\.amazonaws\.com$/);
      expect([row.managementEvent, row.eventCategory, typeof row.readOnly]).toEqual([
        true,
        'Management',
        'boolean',
      ]);
      expect(row.userIdentity.type ?? row.userIdentity.invokedBy).toBeTruthy();
      if (row.eventType === 'AwsApiCall') expect(row.requestID).toBeTruthy();
      else expect(row).not.toHaveProperty('requestID');
      const begun = row.userIdentity.sessionContext?.attributes.creationDate;
      if (begun !== undefined) expect(begun <= row.eventTime).toBe(true);
    }
  });

  test('lie in the hour, account and Region they were asked for', () => {
    for (const scope of log.scopes) {
      for (let hour = 0; hour < log.grid.hours; hour += 97) {
        const lines = log.lines(scope, hour);
        expect(lines).toHaveLength(log.count(scope, hour));
        let before = log.grid.start(hour);
        for (const { at, text } of lines) {
          const row = JSON.parse(text) as Row;
          expect([row.recipientAccountId, row.awsRegion, Date.parse(row.eventTime)]).toEqual([
            scope.accountId,
            scope.region,
            at,
          ]);
          expect(at).toBeGreaterThanOrEqual(before);
          expect(at).toBeLessThan(log.grid.end(hour));
          before = at;
        }
      }
    }
  });

  test('are mostly not about keys, of many callers, and some refused', () => {
    const kms = rows.filter(({ eventSource }) => eventSource === 'kms.amazonaws.com');
    expect(kms.length / rows.length).toBeGreaterThan(0.2);
    expect(kms.length / rows.length).toBeLessThan(0.5);
    const kinds = new Set(rows.map(({ userIdentity }) => userIdentity.type));
    for (const kind of ['IAMUser', 'AssumedRole', 'AWSService', 'AWSAccount', undefined])
      expect(kinds).toContain(kind);
    for (const operation of [
      'Decrypt',
      'Encrypt',
      'ReEncrypt',
      'GenerateDataKey',
      'Sign',
      'Verify',
      'GenerateMac',
      'VerifyMac',
    ]) {
      expect(kms.some(({ eventName }) => eventName === operation)).toBe(true);
    }
    expect(
      kms.some(
        ({ errorCode, resources, errorMessage }) =>
          errorCode === 'AccessDenied' && resources === undefined && errorMessage?.includes(':key/'),
      ),
    ).toBe(true);
    expect(kms.some(({ userIdentity }) => userIdentity.invokedBy === 's3.amazonaws.com')).toBe(true);
  });

  test('of IAM are in us-east-1 only', () => {
    const regions = rows
      .filter(({ eventSource }) => eventSource === 'iam.amazonaws.com')
      .map(({ awsRegion }) => awsRegion);
    expect(new Set(regions)).toEqual(new Set(['us-east-1']));
  });

  test('have every change of the history in the period exactly once', () => {
    const counts = new Map<string, number>();
    for (const { eventID } of rows) counts.set(eventID, (counts.get(eventID) ?? 0) + 1);
    const changes = company.history.filter(({ at }) => at >= company.period.from && at < company.period.to);
    expect(changes.length).toBeGreaterThan(40);
    for (const change of changes) expect(counts.get(change.eventId)).toBe(1);
  });

  test('end for each key with the use that GetKeyLastUsage names', () => {
    const last = new Map<string, Row>();
    for (const row of rows.toSorted((a, b) => (a.eventTime < b.eventTime ? -1 : 1))) {
      const isUse =
        row.eventSource === 'kms.amazonaws.com' &&
        row.errorCode === undefined &&
        row.readOnly &&
        !/^(Describe|List|Get)/.test(row.eventName);
      if (isUse) for (const { ARN } of row.resources ?? []) last.set(ARN, row);
    }
    const inPeriod = company.keys.filter((key) => key.lastUse && key.lastUse.at >= company.period.from);
    expect(inPeriod.length).toBeGreaterThan(50);
    for (const key of inPeriod) {
      expect([
        last.get(key.arn)?.eventID,
        last.get(key.arn)?.requestID,
        last.get(key.arn)?.eventName,
      ]).toEqual([key.lastUse!.eventId, key.lastUse!.requestId, key.lastUse!.operation]);
    }
    for (const key of company.keys.filter(({ lastUse }) => lastUse === undefined))
      expect(last.has(key.arn)).toBe(false);
  });

  test('name only keys that exist, existed, belong to the partner or to AWS', () => {
    const ours = new Set(company.keys.map(({ arn }) => arn));
    const others = new Set(
      company.enabledRegions.flatMap((region) => Object.values(foreignKeys(company, region)) as string[]),
    );
    const named = new Set(
      rows
        .flatMap(({ resources }) => resources ?? [])
        .filter(({ type }) => type === 'AWS::KMS::Key')
        .map(({ ARN }) => ARN),
    );
    for (const arn of named) expect(ours.has(arn) || others.has(arn)).toBe(true);
    for (const arn of foreignKeysUsed(company)) expect(named).toContain(arn);
  });

  test('name the key material that was current at the time', () => {
    const rotated = company.keys.find((key) => key.story === 'rotation-90')!;
    const uses = rows.filter(
      (row) =>
        row.resources?.some(({ ARN }) => ARN === rotated.arn) &&
        row.additionalEventData?.keyMaterialId !== undefined,
    );
    const materials = new Set(uses.map(({ additionalEventData }) => additionalEventData!.keyMaterialId));
    expect(materials.size).toBeGreaterThan(1);
    for (const { eventTime, additionalEventData } of uses) {
      const current = rotated.materials
        .filter(({ rotatedAt }) => (rotatedAt ?? 0) <= Date.parse(eventTime))
        .at(-1)!;
      expect(additionalEventData!.keyMaterialId).toBe(current.id);
    }
  });

  test('across the two accounts are logged in both, under one shared id', () => {
    const byShared = Map.groupBy(
      rows.filter(({ sharedEventID }) => sharedEventID !== undefined),
      ({ sharedEventID }) => sharedEventID!,
    );
    const pairs = [...byShared.values()].filter((group) => group.length === 2);
    expect(pairs.length).toBeGreaterThan(5);
    for (const pair of pairs)
      expect(new Set(pair.map(({ recipientAccountId }) => recipientAccountId)).size).toBe(2);
  });
});

/** The partner's key and the AWS owned one of the busiest Region. */
const foreignKeysUsed = (of: Company): string[] => Object.values(foreignKeys(of, 'us-east-1')) as string[];

describe('random access', () => {
  test('an hour is the same alone as after all others', () => {
    const fresh = eventLog(companyWith());
    for (const [scope, hour] of [
      [0, 1000],
      [2, 17],
      [5, 2160],
    ] as const) {
      expect(fresh.lines(fresh.scopes[scope]!, hour)).toEqual(log.lines(log.scopes[scope]!, hour));
    }
  });

  test('another seed gives other events', () => {
    const other = buildCompany({ asOf: '2026-11-24T00:00:00Z', seed: 'other' });
    expect(eventLog(other).lines(eventLog(other).scopes[2]!, 1000)).not.toEqual(
      log.lines(log.scopes[2]!, 1000),
    );
  });

  test('hours of ten million events are computed one at a time, without memory growing', () => {
    const huge = eventLog(companyWith({ events: 10_000_000 }));
    let total = 0;
    for (const scope of huge.scopes)
      for (let hour = 0; hour < huge.grid.hours; hour++) total += huge.count(scope, hour);
    expect(total).toBe(10_000_000);
    const scope = huge.scopes[2]!;
    huge.lines(scope, 5);
    const before = process.memoryUsage().heapUsed;
    let events = 0;
    for (let hour = 2000; hour < 2040; hour++) events += huge.lines(scope, hour).length;
    expect(events).toBeGreaterThan(40_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(250 * 1024 * 1024);
  });
});

describe('options', () => {
  test.each<[LogOptions, RegExp]>([
    [{ events: 10_000_001 }, /events is 10000001\. Use a whole number from 0 to 10000000/],
    [{ events: 1.5 }, /events is 1\.5/],
    [{ hoursPerFile: 5 }, /do not divide a day/],
    [{ hoursPerFile: 6, hoursPerDigest: 8 }, /do not divide a day/],
    [{ eventsPerFile: 0 }, /eventsPerFile is 0/],
    [{ faults: ['typo' as 'moved-digest'] }, /there is no fault "typo"/],
  ])('%j is refused with words', (options, message) => {
    expect(() => companyWith(options)).toThrow(message);
  });

  test('changing them once they are in use is refused', () => {
    expect(() => setLogOptions(company, { events: 5 })).toThrow(/already in use/);
    expect(() => setLogOptions(company, {})).not.toThrow();
  });

  test('no routine events leaves the recorded ones', () => {
    const bare = companyWith({ events: 0 });
    expect(allRows(eventLog(bare)).every(({ eventID }) => rows.some((row) => row.eventID === eventID))).toBe(
      true,
    );
    expect(allRows(eventLog(bare)).length).toBeGreaterThan(100);
  });
});

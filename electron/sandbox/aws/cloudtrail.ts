import { digestPublicKeys } from '../events/digest-keys.ts';
import { lookupEvents } from '../events/lookup.ts';
import type { Trail } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import {
  allow,
  optionalSeconds,
  optionalText,
  pageOf,
  requiredText,
  seconds,
  type Call,
  type JsonInput,
  type JsonOperation,
} from './call.ts';

const MINUTE_MS = 60_000;
const PAGE = 100;

/** What a trail without selectors of its own logs. */
const USUAL_SELECTOR = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

/** CloudTrail's read operations (target CloudTrail_20131101). Configuration only: events come from the log writer. */
export const cloudtrailOperations: Record<string, JsonOperation> = {
  DescribeTrails(call, input) {
    allow(call, 'cloudtrail:DescribeTrails');
    const names = Array.isArray(input.trailNameList) ? input.trailNameList.map(String) : [];
    const shadows = input.includeShadowTrails !== false;
    const visible = trailsIn(call).filter((trail) => trail.homeRegion === call.region || shadows);
    const trails =
      names.length === 0
        ? visible
        : trailsIn(call).filter((trail) => names.some((name) => isNamed(call, trail, name)));
    return { trailList: trails.map(describe) };
  },

  GetTrail: (call, input) => ({ Trail: describe(permitted(call, 'GetTrail', requiredText(input, 'Name'))) }),

  ListTrails(call, input) {
    allow(call, 'cloudtrail:ListTrails');
    const trails = call.company.trails.filter(
      (trail) => trail.accountId === call.caller.accountId || trail.organization,
    );
    const { page, next } = pageOf(
      trails,
      PAGE,
      optionalText(input, 'NextToken'),
      `trails ${call.caller.accountId}`,
      badToken,
    );
    return {
      Trails: page.map((trail) => ({ TrailARN: trail.arn, Name: trail.name, HomeRegion: trail.homeRegion })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },

  GetTrailStatus(call, input) {
    const trail = permitted(call, 'GetTrailStatus', requiredText(input, 'Name'));
    const pause = trail.stopped.at(-1);
    const logging = pause === undefined || pause.to !== undefined;
    const started = pause?.to ?? trail.createdAt + 30_000;
    const delivered =
      (logging ? call.company.now : pause.from) - 4 * MINUTE_MS - (call.region.length % 3) * 20_000;
    const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
    return {
      IsLogging: logging,
      LatestDeliveryTime: seconds(delivered),
      StartLoggingTime: seconds(started),
      ...optionalSeconds('StopLoggingTime', pause?.from),
      ...(trail.logGroupArn === undefined
        ? {}
        : { LatestCloudWatchLogsDeliveryTime: seconds(delivered + 30_000) }),
      ...(trail.logFileValidation ? { LatestDigestDeliveryTime: seconds(delivered - 20 * MINUTE_MS) } : {}),
      LatestDeliveryAttemptTime: iso(delivered),
      LatestNotificationAttemptTime: '',
      LatestNotificationAttemptSucceeded: '',
      LatestDeliveryAttemptSucceeded: iso(delivered),
      TimeLoggingStarted: iso(started),
      TimeLoggingStopped: pause ? iso(pause.from) : '',
    };
  },

  GetEventSelectors(call, input) {
    const trail = permitted(call, 'GetEventSelectors', requiredText(input, 'TrailName'), true);
    return {
      TrailARN: trail.arn,
      ...(trail.advancedEventSelectors
        ? { AdvancedEventSelectors: trail.advancedEventSelectors }
        : { EventSelectors: trail.eventSelectors ?? [USUAL_SELECTOR] }),
    };
  },

  GetInsightSelectors(call, input) {
    const trail = permitted(call, 'GetInsightSelectors', requiredText(input, 'TrailName'), true);
    if (trail.insightTypes.length === 0)
      throw new AwsError('InsightNotEnabledException', `Trail ${trail.arn} does not have Insights enabled.`);
    return {
      TrailARN: trail.arn,
      InsightSelectors: trail.insightTypes.map((InsightType) => ({ InsightType })),
    };
  },

  ListTags(call, input) {
    const arns = Array.isArray(input.ResourceIdList) ? input.ResourceIdList.map(String) : [];
    const trails = arns.map((arn) => permitted(call, 'ListTags', arn, true));
    return {
      ResourceTagList: trails.map((trail) => ({
        ResourceId: trail.arn,
        TagsList: Object.entries(trail.tags).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },

  ListEventDataStores(call) {
    allow(call, 'cloudtrail:ListEventDataStores');
    return { EventDataStores: [] };
  },

  ListPublicKeys(call, input) {
    allow(call, 'cloudtrail:ListPublicKeys');
    const start = timeOf(input, 'StartTime');
    const end = timeOf(input, 'EndTime');
    if (start !== undefined && end !== undefined && start > end) {
      throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
    }
    const keys = digestPublicKeys(call.company, call.region, start, end);
    const { page, next } = pageOf(
      keys,
      PAGE,
      optionalText(input, 'NextToken'),
      `keys ${call.region} ${start ?? ''} ${end ?? ''}`,
      badToken,
    );
    return {
      PublicKeyList: page.map((key) => ({
        Value: key.der.toString('base64'),
        ValidityStartTime: seconds(key.validFrom),
        ValidityEndTime: seconds(key.validTo),
        Fingerprint: key.fingerprint,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },

  LookupEvents(call, input) {
    allow(call, 'cloudtrail:LookupEvents');
    return lookupEvents(call.company, call.caller.accountId, call.region, input);
  },
};

const badToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 'The NextToken is not valid or was used with other parameters.');

/** Timestamps come as seconds since the epoch. */
function timeOf(input: JsonInput, name: string): number | undefined {
  const value = input[name];
  return typeof value === 'number' ? value * 1000 : undefined;
}

/** Trails of the account, and of the organisation it is in, that log this Region. */
function trailsIn({ company, caller, region }: Call): Trail[] {
  return company.trails.filter(
    (trail) =>
      (trail.accountId === caller.accountId || trail.organization) &&
      (trail.multiRegion || trail.homeRegion === region),
  );
}

/** A plain name means the caller's own trail in this Region; an ARN names any trail that logs here. */
function isNamed(call: Call, trail: Trail, name: string): boolean {
  return (
    name === trail.arn ||
    (name === trail.name && trail.accountId === call.caller.accountId && trail.homeRegion === call.region)
  );
}

/** @throws AwsError TrailNotFoundException, CloudTrailARNInvalidException, AccessDeniedException */
function permitted(call: Call, operation: string, name: string, ownersOnly = false): Trail {
  if (name.startsWith('arn:') && !/^arn:aws:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+$/.test(name))
    throw new AwsError('CloudTrailARNInvalidException', `Trail ARN is not valid: ${name}`);
  allow(
    call,
    `cloudtrail:${operation}`,
    name.startsWith('arn:')
      ? name
      : `arn:aws:cloudtrail:${call.region}:${call.caller.accountId}:trail/${name}`,
  );
  const trail = trailsIn(call).find((candidate) => isNamed(call, candidate, name));
  if (!trail)
    throw new AwsError(
      'TrailNotFoundException',
      `Unknown trail: ${name} for the user: ${call.caller.accountId}`,
    );
  if (ownersOnly && trail.accountId !== call.caller.accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: cloudtrail:${operation} on resource: ${trail.arn} because no resource-based policy allows the cloudtrail:${operation} action`,
    );
  }
  return trail;
}

function describe(trail: Trail): Record<string, unknown> {
  const usual =
    trail.advancedEventSelectors === undefined &&
    JSON.stringify(trail.eventSelectors) ===
      JSON.stringify([
        {
          DataResources: [],
          ReadWriteType: 'All',
          IncludeManagementEvents: true,
          ExcludeManagementEventSources: [],
        },
      ]);
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    ...(trail.prefix === undefined ? {} : { S3KeyPrefix: trail.prefix }),
    ...(trail.snsTopicArn === undefined ? {} : { SnsTopicARN: trail.snsTopicArn }),
    IncludeGlobalServiceEvents: trail.includeGlobalServiceEvents,
    IsMultiRegionTrail: trail.multiRegion,
    HomeRegion: trail.homeRegion,
    TrailARN: trail.arn,
    LogFileValidationEnabled: trail.logFileValidation,
    ...(trail.logGroupArn === undefined ? {} : { CloudWatchLogsLogGroupArn: trail.logGroupArn }),
    ...(trail.logGroupRoleArn === undefined ? {} : { CloudWatchLogsRoleArn: trail.logGroupRoleArn }),
    ...(trail.kmsKeyArn === undefined ? {} : { KmsKeyId: trail.kmsKeyArn }),
    HasCustomEventSelectors: !usual,
    HasInsightSelectors: trail.insightTypes.length > 0,
    IsOrganizationTrail: trail.organization,
  };
}

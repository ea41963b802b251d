import { DAY } from '../company/time.ts';
import type { Company, Instant } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';

/** The request as it comes in JSON; times in seconds since the epoch. */
export interface LookupRequest {
  LookupAttributes?: unknown;
  StartTime?: unknown;
  EndTime?: unknown;
  EventCategory?: unknown;
  MaxResults?: unknown;
  NextToken?: unknown;
}

export type AttributeKey =
  | 'EventId'
  | 'EventName'
  | 'ReadOnly'
  | 'Username'
  | 'ResourceType'
  | 'ResourceName'
  | 'EventSource'
  | 'AccessKeyId';
export interface Attribute {
  key: AttributeKey;
  value: string;
}

const KEYS: readonly string[] = [
  'EventId',
  'EventName',
  'ReadOnly',
  'Username',
  'ResourceType',
  'ResourceName',
  'EventSource',
  'AccessKeyId',
] satisfies AttributeKey[];

/** CloudTrail keeps the event history for 90 days. */
const HISTORY = 90 * DAY;

export function readAttribute(value: unknown): Attribute | undefined {
  if (value === undefined || value === null) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value) || list.length > 1) {
    throw new AwsError(
      'InvalidLookupAttributesException',
      'You can specify only one lookup attribute per request.',
    );
  }
  if (list.length === 0) return undefined;
  const { AttributeKey: key, AttributeValue: text } = list[0] as {
    AttributeKey?: unknown;
    AttributeValue?: unknown;
  };
  if (
    typeof key !== 'string' ||
    !KEYS.includes(key) ||
    typeof text !== 'string' ||
    text.length === 0 ||
    text.length > 2000
  ) {
    throw new AwsError(
      'InvalidLookupAttributesException',
      'A lookup attribute is not valid: give a known AttributeKey and a non-empty AttributeValue.',
    );
  }
  return { key: key as AttributeKey, value: text };
}

export function readMax(value: unknown): number {
  const max = value ?? 50;
  if (typeof max === 'number' && Number.isInteger(max) && max >= 1 && max <= 50) return max;
  throw new AwsError('InvalidMaxResultsException', 'A max results value of 1 to 50 must be specified.');
}

export function readTimes(company: Company, request: LookupRequest): { from: Instant; to: Instant } {
  const oldest = company.now - HISTORY;
  const from = time(request.StartTime) ?? oldest;
  const to = time(request.EndTime) ?? company.now;
  if (from > to) throw new AwsError('InvalidTimeRangeException', 'StartTime must not be later than EndTime.');
  if (from < oldest) {
    throw new AwsError(
      'InvalidTimeRangeException',
      'The time range is outside of the 90 days for which events can be looked up.',
    );
  }
  return { from, to };
}

function time(value: unknown): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value * 1000;
  throw new AwsError(
    'InvalidTimeRangeException',
    'A time is not valid: give seconds since 1970-01-01T00:00Z.',
  );
}

export function readCategory(value: unknown): 'management' | 'insight' {
  if (value === undefined || value === null) return 'management';
  if (value === 'insight') return 'insight';
  throw new AwsError(
    'InvalidEventCategoryException',
    'The only event category that can be asked for is insight.',
  );
}

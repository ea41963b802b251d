/** A JSON object as parsed. */
export type JsonObject = { [name: string]: unknown };

/** A value as an object; an empty one when it is something else. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A value as text, or null when it is none or empty. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A record that can be read as an event: it says what happened, where and when. */
export interface CloudTrailRecord extends JsonObject {
  eventSource: string;
  eventName: string;
  eventTime: string;
}

/**
 * Parses one kept record: a CloudTrail event, or an element of a LookupEvents answer, whose `CloudTrailEvent` is the
 * event as a string. Null when it is neither.
 */
export function parseRecord(raw: Buffer): CloudTrailRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
  return asRecord(value);
}

/** The same for a value that is parsed already. */
export function asRecord(value: unknown): CloudTrailRecord | null {
  let record = asObject(value);
  if (typeof record.CloudTrailEvent === 'string' && record.eventSource === undefined) {
    try {
      record = asObject(JSON.parse(record.CloudTrailEvent));
    } catch {
      return null;
    }
  }
  const { eventSource, eventName, eventTime } = record;
  if (typeof eventSource !== 'string' || typeof eventName !== 'string' || typeof eventTime !== 'string') {
    return null;
  }
  return eventMillis(eventTime) === null ? null : (record as CloudTrailRecord);
}

const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** An eventTime in ms since 1970 UTC; null when it is not one. CloudTrail writes whole seconds, in UTC. */
export function eventMillis(text: string): number | null {
  const zoned = isSecondsUtc(text) || /T.*(Z|[+-]\d\d:?\d\d)$/.test(text);
  const ms = zoned ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** True for `2026-06-30T23:59:59Z`: such times can be compared as texts. */
export function isSecondsUtc(text: string): boolean {
  return text.length === 20 && SECONDS.test(text);
}

import { partitionOf } from '../../providers/aws/normalise/arn.ts';
import type { ChangeSubject, LogFormat, LoggedRecord } from '../format.ts';
import {
  asObject,
  asRecord,
  asText,
  eventMillis,
  isSecondsUtc,
  parseRecord,
  type CloudTrailRecord,
} from './parse-record.ts';
import { isRelevant, isRelevantBytes } from './relevance.ts';
import { RecordSplitter } from './split-records.ts';
import { toUsageEvents } from './usage-events.ts';

/** Operation whose answers are pages of events, and format of a saved one. */
export const LOOKUP = 'aws.cloudtrail.LookupEvents';

/** CloudTrail log files and answers of LookupEvents. CloudTrail user guide, "CloudTrail record contents". */
export const cloudtrailFormat: LogFormat = {
  id: 'cloudtrail',
  title: 'CloudTrail events',
  files: ['aws.s3.GetObject', 'cloudtrail.log'],
  pages: { [LOOKUP]: (body) => eventsOfPage(body).map((record) => (record ? logged(record) : null)) },
  inPages: { [LOOKUP]: (body) => listOfPage(body).map((event) => asObject(event).CloudTrailEvent ?? event) },
  split: (visit) => new RecordSplitter(visit),
  irrelevantTime(bytes, { sourceStart, sourceEnd, nameStart, nameEnd, timeStart, timeEnd }) {
    if (sourceStart === 0 || nameStart === 0 || timeStart === 0 || timeEnd - timeStart !== 20) return null;
    if (isRelevantBytes(bytes, sourceStart, sourceEnd, nameStart, nameEnd)) return null;
    const time = bytes.toString('latin1', timeStart, timeEnd);
    return isSecondsUtc(time) ? time : null;
  },
  read(raw) {
    const record = parseRecord(raw);
    return record ? logged(record) : null;
  },
};

/** The events of a page of LookupEvents, in its order; null where one cannot be read. */
export function eventsOfPage(body: Buffer): (CloudTrailRecord | null)[] {
  return listOfPage(body).map(asRecord);
}

function listOfPage(body: Buffer): unknown[] {
  const { Events } = asObject(JSON.parse(body.toString('utf8')));
  return Array.isArray(Events) ? Events : [];
}

function logged(record: CloudTrailRecord): LoggedRecord {
  const { eventSource, eventName, eventTime } = record;
  return {
    time: eventMillis(eventTime)!,
    relevant: isRelevant(eventSource, eventName),
    ofKeys: eventSource === 'kms.amazonaws.com',
    rows: (n) => toUsageEvents(record, n),
    change: (key) => changeOf(record, key),
  };
}

function changeOf(record: CloudTrailRecord, key: string | null): ChangeSubject | null {
  const params = typeof record.requestParameters === 'object' ? asObject(record.requestParameters) : null;
  const subject = key ?? subjectOf(record, params ?? {});
  // An alias that the log does not resolve names no key of ours.
  if (record.eventSource === 'kms.amazonaws.com' && !subject?.includes(':key/')) return null;
  return { subject, params };
}

/** What a change outside KMS is about: a trail or a bucket. */
function subjectOf(record: CloudTrailRecord, params: Record<string, unknown>): string | null {
  if (record.eventSource === 's3.amazonaws.com') return asText(params.bucketName);
  if (record.eventSource !== 'cloudtrail.amazonaws.com') return null;
  const answer = asObject(record.responseElements);
  const name = asText(answer.trailARN) ?? asText(params.name) ?? asText(params.trailName);
  if (name === null || name.startsWith('arn:')) return name;
  const account = asText(record.recipientAccountId) ?? asText(asObject(record.userIdentity).accountId) ?? '';
  const region = asText(record.awsRegion) ?? '';
  return `arn:${partitionOf(region)}:cloudtrail:${region}:${account}:trail/${name}`;
}

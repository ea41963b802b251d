import type { UsageEventRow } from '../../../db/derived/events.ts';
import { keysOf } from './keys-of-event.ts';
import { asObject, asText, eventMillis, type CloudTrailRecord, type JsonObject } from './parse-record.ts';
import { isChange } from './relevance.ts';

/**
 * The rows that one event gives: one per key it names (two for ReEncrypt), one without a key when it names none. A
 * pure function, used by ingest and by rebuild alike. `n` is the record's index in its file or page.
 */
export function toUsageEvents(record: CloudTrailRecord, n: number): UsageEventRow[] {
  const identity = asObject(record.userIdentity);
  const base = {
    n,
    time: eventMillis(record.eventTime)!,
    eventId: asText(record.eventID) ?? '',
    service: record.eventSource,
    name: record.eventName,
    account: asText(record.recipientAccountId) ?? asText(identity.accountId) ?? '',
    region: asText(record.awsRegion) ?? '',
    ...principalOf(identity, record),
    sourceIp: asText(record.sourceIPAddress) ?? '',
    userAgent: asText(record.userAgent) ?? '',
    error: asText(record.errorCode),
    readOnly: record.readOnly === true || record.readOnly === 'true',
    change: isChange(record.eventSource, record.eventName),
    requestId: asText(record.requestID),
  };
  const keys = record.eventSource === 'kms.amazonaws.com' ? keysOf(record, base.account, base.region) : [];
  if (keys.length === 0) return [{ ...base, k: 0, key: null }];
  return keys.map((key, k) => ({ ...base, k, key }));
}

type Who = Pick<UsageEventRow, 'principal' | 'actor' | 'actorType' | 'actorAccount' | 'invokedBy'>;

/**
 * Who acted. `principal` is what rights are given to: of an assumed role the role, so that its uses add up over
 * sessions; `actor` is the very caller. CloudTrail user guide, "CloudTrail userIdentity element".
 */
function principalOf(identity: JsonObject, record: CloudTrailRecord): Who {
  const session = asObject(asObject(identity.sessionContext).sessionIssuer);
  const type = asText(identity.type);
  const invokedBy = asText(identity.invokedBy);
  const arn = asText(identity.arn);
  const principalId = asText(identity.principalId);
  const account = asText(identity.accountId) ?? '';
  const service = record.eventType === 'AwsServiceEvent' ? record.eventSource : null;
  const user = asText(identity.userName);
  const actor = arn ?? principalId ?? invokedBy ?? user ?? service ?? account;
  const principal = asText(session.arn) ?? arn ?? foreign(type, principalId, account) ?? actor;
  return {
    principal,
    actor,
    actorType: type ?? (invokedBy || service ? 'AWSService' : ''),
    actorAccount: account,
    invokedBy,
  };
}

/** A caller of another account is known by its unique id only; the session name behind the colon varies. */
function foreign(type: string | null, principalId: string | null, account: string): string | null {
  if (type !== 'AWSAccount') return null;
  return principalId?.split(':')[0] ?? account;
}

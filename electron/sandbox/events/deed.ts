import type { Instant } from '../company/types.ts';
import type { Caller } from './caller.ts';
import { secondText } from './text.ts';

export interface EventResource {
  accountId: string;
  /** e.g. 'AWS::KMS::Key' */
  type: string;
  arn: string;
}

/** Something that happens again and again: all of an event but when, by which session, and its two ids. */
export interface Deed {
  eventSource: string;
  eventName: string;
  readOnly: boolean;
  caller: Caller;
  resources: EventResource[];
  /** S3 writes 16 capitals, everybody else a UUID. */
  requestIdKind: 'uuid' | 's3';
  /** Text between the time and the request id, by the moment from which it holds, oldest first; at least one. */
  middle: { from: Instant; text: string }[];
  /** Text after the event id; with `sharedTail`, up to the id that the copies of an event in two accounts share. */
  tail: string;
  sharedTail?: string;
}

export interface DeedFields {
  eventSource: string;
  eventName: string;
  region: string;
  /** The account that receives the event. */
  accountId: string;
  readOnly: boolean;
  caller: Caller;
  requestParameters: unknown;
  responseElements?: unknown;
  additionalEventData?: { from: Instant; value: unknown }[];
  errorCode?: string;
  errorMessage?: string;
  resources?: EventResource[];
  /** The event is delivered to two accounts, which both learn one shared id. */
  shared?: true;
  /** Host name the client called; gives tlsDetails. Calls by services have none. */
  host?: string;
}

/** CloudTrail record contents, version 1.11 (user guide, "CloudTrail record contents"): everything that does not vary. */
export function deedOf(fields: DeedFields): Deed {
  const { caller, resources = [] } = fields;
  const json = JSON.stringify;
  const error =
    fields.errorCode === undefined
      ? ''
      : `,"errorCode":${json(fields.errorCode)},"errorMessage":${json(fields.errorMessage ?? '')}`;
  const start =
    `","eventSource":${json(fields.eventSource)},"eventName":${json(fields.eventName)},"awsRegion":${json(fields.region)}` +
    `,"sourceIPAddress":${json(caller.sourceIp)},"userAgent":${json(caller.userAgent)}${error}` +
    `,"requestParameters":${json(fields.requestParameters ?? null)},"responseElements":${json(fields.responseElements ?? null)}`;
  const additional = fields.additionalEventData ?? [{ from: 0, value: undefined }];
  const tls =
    fields.host === undefined || caller.invokedBy !== undefined
      ? ''
      : `,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":${json(fields.host)}}`;
  const named = resources.map(({ accountId, type, arn }) => ({ accountId, type, ARN: arn }));
  const rest =
    `","readOnly":${fields.readOnly}${named.length > 0 ? `,"resources":${json(named)}` : ''},"eventType":"AwsApiCall","managementEvent":true` +
    `,"recipientAccountId":"${fields.accountId}"`;
  const end = `,"eventCategory":"Management"${tls}}`;
  return {
    eventSource: fields.eventSource,
    eventName: fields.eventName,
    readOnly: fields.readOnly,
    caller,
    resources,
    requestIdKind: fields.eventSource === 's3.amazonaws.com' ? 's3' : 'uuid',
    middle: additional.map(({ from, value }) => ({
      from,
      text: `${start}${value === undefined ? '' : `,"additionalEventData":${json(value)}`},"requestID":"`,
    })),
    ...(fields.shared
      ? { tail: `${rest},"sharedEventID":"`, sharedTail: `"${end}` }
      : { tail: `${rest}${end}` }),
  };
}

/** The ids of one happening of a deed. */
export interface EventIds {
  eventId: string;
  requestId: string;
  sharedId: string;
}

/** The record as one line of JSON. */
export function deedText(deed: Deed, at: Instant, ids: EventIds): string {
  let index = deed.middle.length - 1;
  while (index > 0 && deed.middle[index]!.from > at) index--;
  const text = `{"eventVersion":"1.11","userIdentity":${deed.caller.identity(at)},"eventTime":"${secondText(at)}${deed.middle[index]!.text}${ids.requestId}","eventID":"${ids.eventId}${deed.tail}`;
  return deed.sharedTail === undefined ? text : `${text}${ids.sharedId}${deed.sharedTail}`;
}

import type { Change, SandboxKey } from '../company/types.ts';
import type { Caller } from './caller.ts';
import { deedText, type EventResource } from './deed.ts';
import { useDeed, type CallerCache } from './key-use.ts';
import { mix, secondText, uuidOf } from './text.ts';

/** One event as both the log files and LookupEvents give it. */
export interface TrailEvent {
  /** Milliseconds, whole seconds. */
  at: number;
  eventId: string;
  eventName: string;
  eventSource: string;
  readOnly: boolean;
  username?: string;
  accessKeyId?: string;
  resources: EventResource[];
  /** The record as one line of JSON. */
  text(): string;
}

/** A recorded change of the company's history as its event. */
export function changeEvent(
  change: Change,
  accountId: string,
  callers: CallerCache,
  sharedEventId?: string,
): TrailEvent {
  const caller = callers.of(change.actor, accountId);
  const at = change.at - (change.at % 1000);
  const readOnly = /^(Describe|Get|List|Lookup|Decrypt)/.test(change.eventName);
  const denied = change.errorCode?.startsWith('AccessDenied') ?? false;
  // Refused calls name the key in the error message only.
  const resources: EventResource[] =
    change.keyArn === undefined || denied
      ? []
      : [{ accountId: change.keyArn.split(':')[4]!, type: 'AWS::KMS::Key', arn: change.keyArn }];
  return {
    ...eventOf(caller, at),
    at,
    eventId: change.eventId,
    eventName: change.eventName,
    eventSource: change.eventSource,
    readOnly,
    resources,
    text: () =>
      JSON.stringify(changeRecord(change, accountId, caller, at, readOnly, resources, sharedEventId)),
  };
}

function changeRecord(
  change: Change,
  accountId: string,
  caller: Caller,
  at: number,
  readOnly: boolean,
  resources: EventResource[],
  sharedEventID?: string,
): object {
  const byAws = change.eventType === 'AwsServiceEvent';
  return {
    eventVersion: '1.11',
    userIdentity: JSON.parse(caller.identity(at)) as unknown,
    eventTime: secondText(at),
    eventSource: change.eventSource,
    eventName: change.eventName,
    awsRegion: change.region,
    sourceIPAddress: caller.sourceIp,
    userAgent: caller.userAgent,
    ...(change.errorCode === undefined
      ? {}
      : { errorCode: change.errorCode, errorMessage: change.errorMessage ?? '' }),
    requestParameters: change.requestParameters,
    responseElements: change.responseElements,
    ...(change.additionalEventData ? { additionalEventData: change.additionalEventData } : {}),
    ...(byAws ? {} : { requestID: derivedId(change.eventId) }),
    eventID: change.eventId,
    readOnly,
    ...(resources.length > 0
      ? {
          resources: resources.map(({ accountId: owner, type, arn }) => ({
            accountId: owner,
            type,
            ARN: arn,
          })),
        }
      : {}),
    eventType: change.eventType,
    managementEvent: true,
    recipientAccountId: accountId,
    ...(sharedEventID === undefined ? {} : { sharedEventID }),
    ...(change.serviceEventDetails ? { serviceEventDetails: change.serviceEventDetails } : {}),
    eventCategory: 'Management',
    ...(byAws || caller.invokedBy !== undefined ? {} : { tlsDetails: tlsOf(change) }),
  };
}

const tlsOf = (change: Change): object => ({
  tlsVersion: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  clientProvidedHostHeader:
    change.eventSource === 'iam.amazonaws.com'
      ? change.eventSource
      : change.eventSource.replace('.', `.${change.region}.`),
});

const eventOf = (caller: Caller, at: number): Pick<TrailEvent, 'username' | 'accessKeyId'> => {
  const accessKeyId = caller.accessKeyId(at);
  return {
    ...(caller.username === undefined ? {} : { username: caller.username }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
};

/** The recorded last use of a key, with the ids that GetKeyLastUsage gives. */
export function lastUseEvent(key: SandboxKey, callers: CallerCache): TrailEvent | undefined {
  const last = key.lastUse;
  if (!last) return undefined;
  const use = key.uses.find((u) => u.operation === last.operation && u.actor === last.actor) ?? {
    operation: last.operation,
    actor: last.actor,
    weight: 1,
  };
  const deed = useDeed(key, use, callers);
  const at = last.at - (last.at % 1000);
  return {
    ...eventOf(deed.caller, at),
    at,
    eventId: last.eventId,
    eventName: last.operation,
    eventSource: deed.eventSource,
    readOnly: true,
    resources: deed.resources,
    text: () => deedText(deed, at, { eventId: last.eventId, requestId: last.requestId, sharedId: '' }),
  };
}

/** Another id for the same event, e.g. its request id. */
function derivedId(eventId: string): string {
  const hex = eventId.replaceAll('-', '');
  const word = (i: number): number => mix(Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16) ^ 0x5bd1e995);
  return uuidOf(word(0), word(1), word(2), word(3));
}

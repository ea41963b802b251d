import { callerArn } from '../company/key-birth.ts';
import { randomFor } from '../company/random.ts';
import type { Actor, Change, Company } from '../company/types.ts';
import { changeEvent, type TrailEvent } from './fixed-event.ts';
import type { CallerCache } from './key-use.ts';

/**
 * Changes that are not part of any key's story but belong into a real trail: events of other services that share their
 * name with key changes, one key used across the company's two accounts (logged in both, under one shared id), and
 * attempts across accounts that were refused (logged in the caller's account only).
 */
export function sideEvents(
  company: Company,
  accountId: string,
  region: string,
  callers: CallerCache,
): TrailEvent[] {
  const { from, to } = company.period;
  const [production, security] = company.accounts;
  const random = randomFor(company.seed, 'side-events', region);
  const moment = (): number => from + random.int(to - from - 3_600_000);
  const events: TrailEvent[] = [];
  const person = company.history.find(
    (change) => change.actor.kind === 'user' && change.actor.accountId === production.id,
  )?.actor;
  const tagged = ['lambda', 'sns', 'logs', 'ecr'];
  for (let i = 0; i < 16 && person; i++) {
    const service = random.pick(tagged);
    const change: Change = {
      at: moment(),
      accountId: production.id,
      region,
      eventSource: `${service}.amazonaws.com`,
      eventName: i % 4 === 3 ? 'UntagResource' : 'TagResource',
      eventType: 'AwsApiCall',
      actor: person,
      eventId: random.uuid(),
      requestParameters: {
        resource: `arn:aws:${service}:${region}:${production.id}:resource-${random.hex(6)}`,
        ...(i % 4 === 3 ? { tagKeys: ['Stage'] } : { tags: { Stage: 'production' } }),
      },
      responseElements: null,
    };
    if (accountId === production.id) events.push(changeEvent(change, accountId, callers));
  }
  const shared = company.keys.find(
    (key) => key.story === 'wildcard-closed-by-organization' && key.region === region,
  );
  const forwarder = company.roles.find((role) => role.accountId === security.id && role.kind === 'service');
  if (!forwarder) return events;
  const caller: Actor = {
    kind: 'role',
    accountId: security.id,
    arn: forwarder.arn,
    principalId: forwarder.id,
    sessionName: forwarder.name,
    sourceIp: '10.20.4.17',
    userAgent: 'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux lang/python#3.12.12',
  };
  const decrypt = (at: number, eventId: string, arn: string, more: Partial<Change> = {}): Change => ({
    at,
    accountId,
    region,
    eventSource: 'kms.amazonaws.com',
    eventName: 'Decrypt',
    eventType: 'AwsApiCall',
    actor: caller,
    eventId,
    keyArn: arn,
    requestParameters: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: arn },
    responseElements: null,
    ...more,
  });
  const lastAt = shared?.lastUse?.at ?? to;
  for (let i = 0; i < 12 && shared; i++) {
    const at = from + random.int(Math.max(lastAt - from - 1000, 1));
    const ids = { [production.id]: random.uuid(), [security.id]: random.uuid() };
    const sharedId = random.uuid();
    events.push(changeEvent(decrypt(at, ids[accountId]!, shared.arn), accountId, callers, sharedId));
  }
  const guarded = company.keys.find(
    (key) =>
      key.accountId === production.id &&
      key.region === region &&
      key.manager === 'CUSTOMER' &&
      key.deletedAt === undefined,
  );
  for (let i = 0; i < 4 && guarded; i++) {
    const change = decrypt(moment(), random.uuid(), guarded.arn, {
      requestParameters: null,
      errorCode: 'AccessDenied',
      errorMessage: `User: ${callerArn(caller)} is not authorized to perform: kms:Decrypt on resource: ${guarded.arn} because no resource-based policy allows the kms:Decrypt action`,
    });
    if (accountId === security.id) events.push(changeEvent(change, accountId, callers));
  }
  return events;
}

import { randomFor } from '../company/random.ts';
import { HOUR } from '../company/time.ts';
import type { Actor, Instant } from '../company/types.ts';
import { mix, secondText, upper16 } from './text.ts';

/**
 * A caller as CloudTrail identifies one ("CloudTrail userIdentity element", CloudTrail user guide), seen from the account
 * that receives the event: of a caller from elsewhere that account learns the principal id and account only.
 */
export interface Caller {
  actor: Actor;
  /** LookupEvents' Username: user name, role session name, or nothing for a service. */
  username?: string;
  /** The AWS service that makes the call for the actor, e.g. 's3.amazonaws.com'. */
  invokedBy?: string;
  sourceIp: string;
  userAgent: string;
  /** JSON text of userIdentity for an event at this moment. Temporary credentials change every six hours. */
  identity(at: Instant): string;
  accessKeyId(at: Instant): string | undefined;
}

const SESSION = 6 * HOUR;

/** `via`: the service endpoint the call comes through, e.g. 's3.us-east-1.amazonaws.com'. */
export function callerOf(actor: Actor, receivingAccount: string, via?: string): Caller {
  const service = via === undefined ? serviceName(actor.sourceIp) : serviceOfEndpoint(via);
  const base = {
    actor,
    ...(service === undefined ? {} : { invokedBy: service }),
    sourceIp: service ?? actor.sourceIp,
    userAgent: service ?? actor.userAgent,
  };
  const invoked = service === undefined ? '' : `,"invokedBy":${JSON.stringify(service)}`;
  const fixed = (identity: object, username?: string, accessKeyId?: string): Caller => {
    const text = JSON.stringify(identity).slice(0, -1) + `${invoked}}`;
    return {
      ...base,
      ...(username === undefined ? {} : { username }),
      identity: () => text,
      accessKeyId: () => accessKeyId,
    };
  };
  if (actor.kind === 'service') {
    const invokedBy = actor.invokedBy ?? 'AWS Internal';
    const identity =
      invokedBy === 'AWS Internal'
        ? { accountId: actor.accountId, invokedBy }
        : { type: 'AWSService', invokedBy };
    const text = JSON.stringify(identity);
    return {
      ...base,
      invokedBy,
      sourceIp: invokedBy,
      userAgent: invokedBy,
      identity: () => text,
      accessKeyId: () => undefined,
    };
  }
  const name = actor.arn?.split('/').at(-1) ?? actor.userName ?? 'root';
  const principalId = actor.principalId ?? actor.accountId;
  if (actor.accountId !== receivingAccount) {
    const shown = actor.kind === 'role' ? `${principalId}:${actor.sessionName ?? name}` : principalId;
    return fixed({ type: 'AWSAccount', principalId: shown, accountId: actor.accountId });
  }
  if (actor.kind === 'root') {
    const arn = `arn:aws:iam::${actor.accountId}:root`;
    return fixed({ type: 'Root', principalId: actor.accountId, arn, accountId: actor.accountId }, 'root');
  }
  if (actor.kind === 'user') {
    return fixed(
      {
        type: 'IAMUser',
        principalId,
        arn: actor.arn,
        accountId: actor.accountId,
        accessKeyId: actor.accessKeyId,
        userName: actor.userName ?? name,
      },
      actor.userName ?? name,
      actor.accessKeyId,
    );
  }
  return { ...base, ...session(actor, principalId, name, invoked) };
}

type SessionPart = Pick<Caller, 'username' | 'identity' | 'accessKeyId'>;

function session(actor: Actor, principalId: string, role: string, invoked: string): SessionPart {
  const username = actor.sessionName ?? role;
  const random = randomFor('session', actor.arn ?? role, username);
  const offset = random.int(SESSION);
  const salt = random.int(0x1_0000_0000);
  const head = JSON.stringify({
    type: 'AssumedRole',
    principalId: `${principalId}:${username}`,
    arn: `arn:aws:sts::${actor.accountId}:assumed-role/${role}/${username}`,
    accountId: actor.accountId,
  }).slice(0, -1);
  const issuer = JSON.stringify({
    type: 'Role',
    principalId,
    arn: actor.arn,
    accountId: actor.accountId,
    userName: role,
  });
  let known = NaN;
  let keyId = '';
  let text = '';
  const begin = (at: Instant): void => {
    const number = Math.floor((at - offset) / SESSION);
    if (number === known) return;
    known = number;
    keyId = `ASIA${upper16(mix(salt ^ number), mix(salt + number), mix(~salt ^ mix(number)))}`;
    const created = secondText(number * SESSION + offset);
    text = `${head},"accessKeyId":"${keyId}","sessionContext":{"sessionIssuer":${issuer},"attributes":{"creationDate":"${created}","mfaAuthenticated":"false"}}${invoked}}`;
  };
  return {
    username,
    identity(at) {
      begin(at);
      return text;
    },
    accessKeyId(at) {
      begin(at);
      return keyId;
    },
  };
}

/** 's3.us-east-1.amazonaws.com' → 's3.amazonaws.com', the form of invokedBy. */
const serviceOfEndpoint = (endpoint: string): string => `${endpoint.split('.')[0]!}.amazonaws.com`;

/** A source "address" that is a service's name, as service-linked roles have. */
const serviceName = (source: string): string | undefined =>
  source.endsWith('.amazonaws.com') ? source : undefined;

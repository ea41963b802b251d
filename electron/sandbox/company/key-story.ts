import { policyText } from './documents.ts';
import type { Frame } from './frame.ts';
import {
  awsInternal,
  callerArn,
  keyArn,
  keyIdOf,
  logBirth,
  tagList,
  type KeyBirth,
  type LogChange,
} from './key-birth.ts';
import { lastUseOf } from './last-use.ts';
import type { Random } from './random.ts';
import { DAY, HOUR, trailDate } from './time.ts';
import type {
  Actor,
  Change,
  Grant,
  Instant,
  KeyMaterial,
  KeyUse,
  PolicyDocument,
  SandboxKey,
} from './types.ts';

/**
 * Tells the life of one key in order of time. Each verb changes the key as KMS would and adds the change to the
 * company's history, so that what the API answers today and what the logs say cannot contradict each other.
 */
export interface KeyStory {
  readonly keyId: string;
  readonly arn: string;
  enableRotation(at: Instant, by: Actor, periodDays?: number): KeyStory;
  disableRotation(at: Instant, by: Actor): KeyStory;
  rotateOnDemand(at: Instant, by: Actor): KeyStory;
  importMaterial(at: Instant, by: Actor, validTo?: Instant): KeyStory;
  putPolicy(at: Instant, by: Actor, document: PolicyDocument): KeyStory;
  disable(at: Instant, by: Actor): KeyStory;
  enable(at: Instant, by: Actor): KeyStory;
  scheduleDeletion(at: Instant, by: Actor, windowDays: number): KeyStory;
  cancelDeletion(at: Instant, by: Actor): KeyStory;
  tag(at: Instant, by: Actor, tags: Record<string, string>): KeyStory;
  untag(at: Instant, by: Actor, names: string[]): KeyStory;
  alias(at: Instant, by: Actor, name: string): KeyStory;
  grant(
    at: Instant,
    by: Actor,
    grant: Omit<Grant, 'id' | 'createdAt' | 'endedAt' | 'issuingAccount'>,
  ): KeyStory;
  /** Ends the grant with this name: 'RetireGrant' by its grantee, or 'RevokeGrant' by an administrator. */
  endGrant(at: Instant, by: Actor, name: string, how: 'RetireGrant' | 'RevokeGrant'): KeyStory;
  /** A call that KMS refused: logged, without effect. */
  refused(at: Instant, by: Actor, eventName: string): KeyStory;
  use(weight: number, ...uses: KeyUse[]): KeyStory;
  /** The key as it is at asOf. */
  finish(): SandboxKey;
}

/** The story of a key that is made as `birth` says. Steps must be told in order of time. */
export function beginKey(frame: Frame, history: Change[], birth: KeyBirth): KeyStory {
  const random: Random = frame.random('key-life', birth.story, birth.region);
  const keyId = birth.keyId ?? keyIdOf(frame, birth.story, birth.multiRegion !== undefined);
  const arn = keyArn(birth.region, birth.accountId, keyId);
  const spec = birth.spec ?? 'SYMMETRIC_DEFAULT';
  const origin = birth.origin ?? 'AWS_KMS';
  const usage = birth.usage ?? 'ENCRYPT_DECRYPT';
  const rotates = spec === 'SYMMETRIC_DEFAULT' && origin === 'AWS_KMS';
  const hasMaterialIds = spec === 'SYMMETRIC_DEFAULT' && (origin === 'AWS_KMS' || origin === 'EXTERNAL');
  const internal = awsInternal(birth.accountId);
  let policy = birth.policy;
  let rotationFrom: Instant | undefined;
  let periodDays = 365;
  let clock = birth.createdAt;
  const grantRandom = frame.random('grants', birth.story, birth.region);

  const key: SandboxKey = {
    story: birth.story,
    keyId,
    arn,
    accountId: birth.accountId,
    region: birth.region,
    description: birth.description,
    manager: 'CUSTOMER',
    spec,
    usage,
    origin,
    state: birth.state ?? (origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled'),
    createdAt: birth.createdAt,
    createdBy: birth.by,
    materials: [],
    get policy() {
      return policyText(policy);
    },
    tags: { ...birth.tags },
    grants: [],
    aliases: [],
    uses: [],
    useWeight: 0,
    usedFrom: birth.createdAt,
    usedTo: frame.now,
    ...(birth.multiRegion ? { multiRegion: birth.multiRegion } : {}),
    ...(birth.customKeyStoreId === undefined ? {} : { customKeyStoreId: birth.customKeyStoreId }),
    ...(birth.cloudHsmClusterId === undefined ? {} : { cloudHsmClusterId: birth.cloudHsmClusterId }),
    ...(birth.xksKeyId === undefined ? {} : { xksKeyId: birth.xksKeyId }),
  };
  if (hasMaterialIds && origin === 'AWS_KMS')
    key.materials.push({ id: frame.random('material', keyId).hex(64), state: 'CURRENT' });

  const log: LogChange = (at, by, eventName, requestParameters, extra = {}) => {
    history.push({
      at,
      accountId: birth.accountId,
      region: birth.region,
      eventSource: 'kms.amazonaws.com',
      eventName,
      eventType: by.kind === 'service' && by.invokedBy === 'AWS Internal' ? 'AwsServiceEvent' : 'AwsApiCall',
      actor: by,
      eventId: random.uuid(),
      keyArn: arn,
      requestParameters,
      responseElements: { keyId: arn },
      ...extra,
    });
  };

  /** Replaces the current material; every KMS rotation, automatic or asked for, is a RotateKey event. */
  const rotate = (at: Instant, type: 'AUTOMATIC' | 'ON_DEMAND'): void => {
    const previous = key.materials.at(-1);
    if (previous) previous.state = 'NON_CURRENT';
    const next: KeyMaterial = { id: random.hex(64), state: 'CURRENT', rotatedAt: at, type };
    if (origin === 'EXTERNAL') next.importState = 'IMPORTED';
    key.materials.push(next);
    log(at, internal, 'RotateKey', null, {
      responseElements: null,
      serviceEventDetails: {
        keyId,
        keyOrigin: origin,
        rotationType: type,
        ...(previous ? { previousKeyMaterialId: previous.id } : {}),
        currentKeyMaterialId: next.id,
      },
    });
  };

  /** Lets time pass: automatic rotations fall due. KMS rotates within hours of the due time. */
  const pass = (at: Instant): void => {
    if (at < clock)
      throw new RangeError(
        `cannot tell the story ${birth.story}: ${new Date(at).toISOString()} is before the step told last`,
      );
    while (rotationFrom !== undefined && key.state === 'Enabled' && rotationFrom + periodDays * DAY <= at) {
      rotationFrom += periodDays * DAY;
      rotate(Math.min(rotationFrom + random.int(3 * HOUR), at), 'AUTOMATIC');
    }
    clock = at;
  };

  logBirth(birth, key, log);

  const findGrant = (name: string): Grant => {
    const grant = key.grants.find((g) => g.name === name && g.endedAt === undefined);
    if (!grant) throw new RangeError(`cannot end the grant ${name} of ${birth.story}: there is none`);
    return grant;
  };

  const told =
    (act: (at: Instant, by: Actor) => void) =>
    (at: Instant, by: Actor): KeyStory => {
      pass(at);
      act(at, by);
      return story;
    };

  const story: KeyStory = {
    keyId,
    arn,
    enableRotation(at, by, period) {
      if (!rotates)
        throw new RangeError(
          `cannot enable rotation in the story ${birth.story}: KMS does not support it for this key`,
        );
      pass(at);
      rotationFrom = at;
      periodDays = period ?? 365;
      log(at, by, 'EnableKeyRotation', { keyId, rotationPeriodInDays: periodDays });
      return story;
    },
    disableRotation: told((at, by) => {
      rotationFrom = undefined;
      log(at, by, 'DisableKeyRotation', { keyId });
    }),
    rotateOnDemand: told((at, by) => {
      log(at, by, 'RotateKeyOnDemand', { keyId });
      rotate(at + 40_000 + random.int(60_000), 'ON_DEMAND');
      clock = at + 120_000;
    }),
    importMaterial(at, by, validTo) {
      pass(at);
      const material: KeyMaterial = {
        id: random.hex(64),
        state: 'CURRENT',
        importState: 'IMPORTED',
        ...(validTo === undefined ? {} : { validTo }),
      };
      key.materials = [material];
      key.state = 'Enabled';
      log(
        at,
        by,
        'ImportKeyMaterial',
        {
          keyId,
          expirationModel: validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
          ...(validTo === undefined ? {} : { validTo: trailDate(validTo) }),
        },
        { responseElements: { keyId: arn, keyMaterialId: material.id } },
      );
      if (validTo !== undefined) {
        key.validTo = validTo;
        if (validTo <= frame.now) {
          pass(validTo);
          key.state = 'PendingImport';
          material.importState = 'PENDING_IMPORT';
          log(validTo, internal, 'DeleteExpiredKeyMaterial', null, {
            responseElements: null,
            serviceEventDetails: { keyId, keyMaterialId: material.id },
          });
          key.usedTo = validTo;
        }
      }
      return story;
    },
    putPolicy(at, by, document) {
      pass(at);
      policy = document;
      log(at, by, 'PutKeyPolicy', {
        keyId,
        policyName: 'default',
        policy: JSON.stringify(document),
        bypassPolicyLockoutSafetyCheck: false,
      });
      return story;
    },
    disable: told((at, by) => {
      key.state = 'Disabled';
      key.usedTo = at;
      log(at, by, 'DisableKey', { keyId });
    }),
    enable: told((at, by) => {
      key.state = 'Enabled';
      key.usedTo = frame.now;
      log(at, by, 'EnableKey', { keyId });
    }),
    scheduleDeletion(at, by, windowDays) {
      pass(at);
      const deletionAt = at + windowDays * DAY;
      key.state = 'PendingDeletion';
      key.usedTo = Math.min(key.usedTo, at);
      key.deletionAt = deletionAt;
      key.pendingWindowDays = windowDays;
      log(
        at,
        by,
        'ScheduleKeyDeletion',
        { keyId, pendingWindowInDays: windowDays },
        {
          responseElements: {
            keyId: arn,
            keyState: 'PendingDeletion',
            deletionDate: trailDate(deletionAt),
            pendingWindowInDays: windowDays,
          },
        },
      );
      return story;
    },
    cancelDeletion: told((at, by) => {
      // KMS leaves the key disabled.
      key.state = 'Disabled';
      delete key.deletionAt;
      delete key.pendingWindowDays;
      log(at, by, 'CancelKeyDeletion', { keyId });
    }),
    tag(at, by, tags) {
      pass(at);
      Object.assign(key.tags, tags);
      log(at, by, 'TagResource', { keyId, tags: tagList(tags) });
      return story;
    },
    untag(at, by, names) {
      pass(at);
      for (const name of names) delete key.tags[name];
      log(at, by, 'UntagResource', { keyId, tagKeys: names });
      return story;
    },
    alias(at, by, name) {
      pass(at);
      key.aliases.push(name);
      log(at, by, 'CreateAlias', { aliasName: name, targetKeyId: keyId });
      return story;
    },
    grant(at, by, grant) {
      pass(at);
      const id = grantRandom.hex(64);
      key.grants.push({ id, createdAt: at, issuingAccount: rootArn(by.accountId), ...grant });
      log(
        at,
        by,
        'CreateGrant',
        {
          keyId,
          granteePrincipal: grant.granteeServicePrincipal ?? grant.granteePrincipal,
          operations: grant.operations,
          ...(grant.retiringPrincipal === undefined ? {} : { retiringPrincipal: grant.retiringPrincipal }),
          ...(grant.name === undefined ? {} : { name: grant.name }),
          ...(grant.constraints === undefined ? {} : { constraints: lowerFirst(grant.constraints) }),
        },
        { responseElements: { keyId: arn, grantId: id } },
      );
      return story;
    },
    endGrant(at, by, name, how) {
      pass(at);
      const grant = findGrant(name);
      grant.endedAt = at;
      if (how === 'RevokeGrant') log(at, by, how, { keyId, grantId: grant.id });
      else log(at, by, how, null, { additionalEventData: { grantId: grant.id } });
      return story;
    },
    refused(at, by, eventName) {
      pass(at);
      log(at, by, eventName, null, {
        responseElements: null,
        errorCode: 'AccessDenied',
        errorMessage: `User: ${callerArn(by)} is not authorized to perform: kms:${eventName} on resource: ${arn} because no resource-based policy allows the kms:${eventName} action`,
      });
      return story;
    },
    use(weight, ...uses) {
      key.useWeight = weight;
      key.uses = uses;
      return story;
    },
    finish() {
      if (key.deletionAt !== undefined && key.deletionAt <= frame.now) {
        pass(key.deletionAt);
        key.deletedAt = key.deletionAt;
        log(key.deletionAt, internal, 'DeleteKey', null, {
          responseElements: null,
          serviceEventDetails: { keyId },
        });
      }
      pass(frame.now);
      if (rotates) {
        const enabled = rotationFrom !== undefined && key.state !== 'PendingDeletion';
        key.rotation = {
          enabled,
          periodDays,
          ...(enabled ? { nextAt: rotationFrom! + periodDays * DAY } : {}),
        };
      }
      const last = lastUseOf(frame, key);
      if (last) key.lastUse = last;
      return key;
    },
  };
  return story;
}

const rootArn = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

const lowerFirst = (object: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name[0]!.toLowerCase() + name.slice(1), value as unknown]),
  );

import type { SettingChange } from '../../../derive/derivation.ts';
import type { LogChange } from '../../../derive/log-facts.ts';
import { asObject, text, whole, type Json } from './wire.ts';

/** KMS events that set one setting of the key they name, with the value they set. */
const KEY_EVENTS: Record<string, { setting: string; value: string | null }> = {
  CreateKey: { setting: 'state', value: 'Enabled' },
  EnableKey: { setting: 'state', value: 'Enabled' },
  DisableKey: { setting: 'state', value: 'Disabled' },
  ScheduleKeyDeletion: { setting: 'state', value: 'PendingDeletion' },
  // KMS leaves a key disabled when its deletion is cancelled.
  CancelKeyDeletion: { setting: 'state', value: 'Disabled' },
  DeleteKey: { setting: 'state', value: 'Deleted' },
  PutKeyPolicy: { setting: 'policy', value: null },
  CreateGrant: { setting: 'grants', value: null },
  RevokeGrant: { setting: 'grants', value: null },
  RetireGrant: { setting: 'grants', value: null },
  RotateKey: { setting: 'material', value: 'AUTOMATIC' },
  RotateKeyOnDemand: { setting: 'material', value: 'ON_DEMAND' },
  ImportKeyMaterial: { setting: 'material', value: 'IMPORTED' },
  DeleteImportedKeyMaterial: { setting: 'material', value: 'DELETED' },
  DeleteExpiredKeyMaterial: { setting: 'material', value: 'EXPIRED' },
  TagResource: { setting: 'tags', value: null },
  UntagResource: { setting: 'tags', value: null },
  CreateAlias: { setting: 'alias', value: null },
  UpdateAlias: { setting: 'alias', value: null },
  DeleteAlias: { setting: 'alias', value: null },
  UpdateKeyDescription: { setting: 'description', value: null },
  ReplicateKey: { setting: 'replicas', value: null },
  UpdatePrimaryRegion: { setting: 'replicas', value: null },
};

const TRAIL_EVENTS: Record<string, { setting: string; value: string | null }> = {
  CreateTrail: { setting: 'trail', value: 'created' },
  DeleteTrail: { setting: 'logging', value: 'deleted' },
  StartLogging: { setting: 'logging', value: 'on' },
  StopLogging: { setting: 'logging', value: 'off' },
  UpdateTrail: { setting: 'trail', value: null },
  PutEventSelectors: { setting: 'selectors', value: null },
};

const BUCKET_EVENT =
  /^(Put|Delete)Bucket(Policy|Versioning|Encryption|Lifecycle|LifecycleConfiguration|Logging|Acl|PublicAccessBlock)$|^PutObjectLockConfiguration$|^DeleteBucket$/;
const RULE_EVENT = /^(PutRule|DeleteRule|DisableRule|EnableRule|PutTargets|RemoveTargets)$/;
const READ_ONLY = /^(Get|List|Describe|Generate|Simulate|Lookup)/;

/** The settings that a logged event changed. A refused request changed none. */
export function settingChanges(change: LogChange): SettingChange[] {
  if (change.error !== null) return [];
  const { event, eventSource, subject } = change;
  switch (eventSource) {
    case 'kms.amazonaws.com':
      return subject === null ? [] : keyChanges(change, subject);
    case 'cloudtrail.amazonaws.com': {
      const known = TRAIL_EVENTS[event];
      return known && subject !== null ? [{ subject, ...known }] : [];
    }
    case 's3.amazonaws.com':
      return BUCKET_EVENT.test(event) && subject !== null
        ? [{ subject: subject.replace(/^arn:[^:]*:s3:::/, ''), setting: 'bucket', value: null }]
        : [];
    case 'iam.amazonaws.com':
      return READ_ONLY.test(event) ? [] : [{ subject: change.account, setting: 'iam', value: null }];
    case 'events.amazonaws.com':
      return RULE_EVENT.test(event)
        ? [{ subject: `${change.account}/${change.region}`, setting: 'alerts', value: null }]
        : [];
    default:
      return [];
  }
}

function keyChanges(change: LogChange, subject: string): SettingChange[] {
  if (change.event === 'EnableKeyRotation') {
    const days = whole(asObject(change.params as Json).rotationPeriodInDays);
    return [
      { subject, setting: 'rotation', value: 'on' },
      { subject, setting: 'rotation-period', value: days === null ? null : String(days) },
    ];
  }
  if (change.event === 'DisableKeyRotation') return [{ subject, setting: 'rotation', value: 'off' }];
  const known = KEY_EVENTS[change.event];
  if (!known) return [];
  // A grant of a service to itself and back is told by what it was for, where the event says so.
  const value = known.value ?? text(asObject(change.params as Json).granteePrincipal);
  return [{ subject, setting: known.setting, value }];
}

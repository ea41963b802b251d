import type { JsonObject } from '../../../derive/answer.ts';
import { asObject, objects, text } from '../../aws/normalise/wire.ts';
import { durationDays, moved } from './duration.ts';

/** What a rotation policy sets. */
export interface RotationPolicy {
  rotates: boolean;
  /** Days from one version to the next; null when it rotates never, or its trigger cannot be read. */
  periodDays: number | null;
  /** The trigger that rotates, as written. */
  after: string | null;
  beforeExpiry: string | null;
  /** How long a new version is valid, as written. */
  expiryTime: string | null;
  /** Whether somebody is told before a version expires. */
  notifies: boolean;
}

/**
 * Reads a rotation policy as either plane writes it: the control plane writes types in lower case. A policy that only
 * notifies does not rotate. https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
 */
export function rotationPolicy(policy: JsonObject): RotationPolicy {
  const actions = objects(policy.lifetimeActions).map((each) => ({
    type: (text(asObject(each.action).type) ?? '').toLowerCase(),
    after: text(asObject(each.trigger).timeAfterCreate),
    before: text(asObject(each.trigger).timeBeforeExpiry),
  }));
  const rotate = actions.find(({ type }) => type === 'rotate');
  const expiryTime = text(asObject(policy.attributes).expiryTime);
  const lifetime = durationDays(expiryTime);
  const before = durationDays(rotate?.before ?? null);
  return {
    rotates: rotate !== undefined,
    periodDays: !rotate
      ? null
      : rotate.after !== null
        ? durationDays(rotate.after)
        : lifetime !== null && before !== null
          ? lifetime - before
          : null,
    after: rotate?.after ?? null,
    beforeExpiry: rotate?.before ?? null,
    expiryTime,
    notifies: actions.some(({ type }) => type === 'notify'),
  };
}

/** When the newest version is rotated, from its creation or its expiry; null when that cannot be said. */
export function nextRotation(
  policy: RotationPolicy,
  created: string | null,
  expires: string | null,
): string | null {
  if (policy.after !== null && created !== null) return moved(created, policy.after);
  if (policy.beforeExpiry !== null && expires !== null) return moved(expires, policy.beforeExpiry, -1);
  return null;
}

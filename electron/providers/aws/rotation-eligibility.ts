import type { KeyMetadata } from '@aws-sdk/client-kms';

/** Which rotation calls a key can answer. */
export interface RotationCalls {
  status: boolean;
  history: boolean;
}

/**
 * Which rotation calls to make for a key. AWS managed keys rotate by AWS's own schedule and may deny the call to
 * everybody; asymmetric, HMAC and custom-store keys have no rotation: not asking is not a gap, the key's type says it.
 * A key that could not be described is asked: its answer may still be had.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 *
 * @param awsManaged known from an alias of the form alias/aws/…, for keys that could not be described
 */
export function rotationCalls(metadata: KeyMetadata | null, awsManaged: boolean): RotationCalls {
  const manager = metadata?.KeyManager ?? (awsManaged ? 'AWS' : 'CUSTOMER');
  if (manager === 'AWS') return { status: false, history: false };
  if (!metadata) return { status: true, history: true };
  const symmetric = metadata.KeySpec === 'SYMMETRIC_DEFAULT';
  const ours = metadata.Origin === 'AWS_KMS';
  // Imported material can be rotated on demand: its history is asked, an automatic schedule it cannot have.
  const imported = metadata.Origin === 'EXTERNAL';
  return { status: symmetric && ours, history: symmetric && (ours || imported) };
}

import { CRYPTOGRAPHIC, covers, isEmpty, KEY_ACTIONS, kmsSet, overlaps, without } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import { both } from './action-set.ts';
import type { Condition } from './condition.ts';

/**
 * Some condition keys exist only in requests of certain KMS operations (KMS developer guide, "AWS KMS condition
 * keys", column "API operations"). For the others the key is absent, which decides the condition: `kms:*` with
 * `Bool kms:GrantIsForAWSResource true` allows three actions, not forty.
 */
const symmetric = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
];

const PRESENT_FOR: readonly (readonly [test: RegExp, actions: ActionSet])[] = [
  [/^kms:grantisforawsresource$/, kmsSet(['CreateGrant', 'ListGrants', 'RevokeGrant'])],
  [/^kms:(grantoperations|granteeprincipal|retiringprincipal|grantconstrainttype)$/, kmsSet(['CreateGrant'])],
  [/^kms:encryptioncontext(keys$|:)/, kmsSet([...symmetric, 'CreateGrant'])],
  [/^kms:encryptionalgorithm$/, kmsSet(['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'])],
  [/^kms:(signingalgorithm|messagetype)$/, kmsSet(['Sign', 'Verify'])],
  [/^kms:macalgorithm$/, kmsSet(['GenerateMac', 'VerifyMac'])],
  [/^kms:keyagreementalgorithm$/, kmsSet(['DeriveSharedSecret'])],
  [/^kms:datakeypairspec$/, kmsSet(['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'])],
  [/^kms:reencryptonsamekey$/, kmsSet(['ReEncryptFrom', 'ReEncryptTo'])],
  [/^kms:schedulekeydeletionpendingwindowindays$/, kmsSet(['ScheduleKeyDeletion'])],
  [/^kms:rotationperiodindays$/, kmsSet(['EnableKeyRotation'])],
  [/^kms:bypasspolicylockoutsafetycheck$/, kmsSet(['PutKeyPolicy', 'ReplicateKey'])],
  [/^kms:(expirationmodel|validto)$/, kmsSet(['ImportKeyMaterial'])],
  [/^kms:wrapping(algorithm|keyspec)$/, kmsSet(['GetParametersForImport'])],
  [/^kms:primaryregion$/, kmsSet(['UpdatePrimaryRegion'])],
  [/^kms:replicaregion$/, kmsSet(['ReplicateKey'])],
  [
    /^kms:recipientattestation:/,
    kmsSet(['Decrypt', 'DeriveSharedSecret', 'GenerateDataKey', 'GenerateDataKeyPair']),
  ],
  [
    /^kms:requestalias$/,
    { a: CRYPTOGRAPHIC.a, u: CRYPTOGRAPHIC.u | kmsSet(['DescribeKey', 'GetPublicKey']).u },
  ],
  [/^aws:(requesttag\/|tagkeys$)/, kmsSet(['TagResource', 'UntagResource', 'ReplicateKey'])],
];

export interface Variant {
  set: ActionSet;
  conditions: readonly Condition[];
}

/** Splits a statement by whether its condition keys exist for its actions. Most statements stay whole. */
export function variantsOf(set: ActionSet, conditions: readonly Condition[]): Variant[] {
  let variants: Variant[] = [{ set, conditions: [] }];
  for (const condition of conditions) {
    const present = PRESENT_FOR.find(([test]) => test.test(condition.keyLower))?.[1];
    variants = variants.flatMap((variant) => {
      const whole = { set: variant.set, conditions: [...variant.conditions, condition] };
      if (present === undefined || covers(present, variant.set)) return [whole];
      // Actions outside KMS (role assumption) have their own request keys: leave their conditions alone.
      const kms = both(variant.set, KEY_ACTIONS);
      const outside = without(kms, present);
      const absent = {
        ...variant,
        set: outside,
        conditions: [...variant.conditions, { ...condition, absent: true }],
      };
      if (!overlaps(variant.set, present) && isEmpty(without(variant.set, KEY_ACTIONS))) return [absent];
      return [{ ...whole, set: without(variant.set, outside) }, absent];
    });
  }
  return variants.filter((variant) => !isEmpty(variant.set));
}

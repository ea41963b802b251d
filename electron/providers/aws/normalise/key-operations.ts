import type { KeyOperation } from '../../../derive/derivation.ts';

const providerManaged = (key: { manager: string | null }): string | null =>
  key.manager === 'provider' ? 'AWS managed key: AWS sets this, not the customer' : null;

/** The questions put to every key of an inventory, in the order of the completeness table. */
export const KEY_OPERATIONS: readonly KeyOperation[] = [
  {
    op: 'aws.kms.DescribeKey',
    action: 'DescribeKey',
    tells: 'described',
    permission: 'kms:DescribeKey',
    effect: 'what this key is (state, algorithm, origin, manager) is not known; tests of it are undetermined',
    notPut: () => null,
  },
  {
    op: 'aws.kms.GetKeyRotationStatus',
    action: 'GetKeyRotationStatus',
    tells: 'rotation setting',
    permission: 'kms:GetKeyRotationStatus',
    effect: 'whether this key rotates automatically is not known; tests of rotation are undetermined',
    notPut: (key) =>
      providerManaged(key) ??
      (key.rotation_support === 'manual' ? 'automatic rotation does not exist for this kind of key' : null),
  },
  {
    op: 'aws.kms.ListKeyRotations',
    action: 'ListKeyRotations',
    tells: 'past rotations',
    permission: 'kms:ListKeyRotations',
    effect: 'when this key was last rotated is not known; tests of its age are undetermined',
    notPut: (key) =>
      providerManaged(key) ??
      // Imported material of a symmetric key can be rotated on demand: its history is asked.
      (key.rotation_support === 'manual' &&
      !(key.material_holder === 'imported' && key.algorithm === 'SYMMETRIC_DEFAULT')
        ? 'KMS keeps no rotations for this kind of key'
        : null),
  },
  {
    op: 'aws.kms.GetKeyPolicy',
    action: 'GetKeyPolicy',
    tells: 'key policy',
    permission: 'kms:GetKeyPolicy',
    effect: 'who may administer and use this key is not known; tests of access are undetermined',
    notPut: providerManaged,
  },
  {
    op: 'aws.kms.ListGrants',
    action: 'ListGrants',
    tells: 'grants',
    permission: 'kms:ListGrants',
    effect: 'rights given by grants on this key are not known; tests of grants are undetermined',
    notPut: providerManaged,
  },
  {
    op: 'aws.kms.ListResourceTags',
    action: 'ListResourceTags',
    tells: 'tags',
    permission: 'kms:ListResourceTags',
    effect: 'owner, system and ticket tags of this key are not known; tests that read them are undetermined',
    notPut: providerManaged,
  },
  {
    op: 'aws.kms.GetKeyLastUsage',
    action: 'GetKeyLastUsage',
    tells: 'last use',
    permission: 'kms:GetKeyLastUsage',
    effect: "this key's last use is known from logs only",
    notPut: providerManaged,
  },
];

import type { AskedKey, KeyOperation } from '../../../derive/derivation.ts';

/** Certificate-backed keys are renewed with their certificate: a rotation policy does not exist for them. */
const noPolicy = (key: AskedKey): string | null =>
  key.rotation_support === 'manual' ? 'a key that backs a certificate is renewed with it' : null;

/** The questions put to every key of an inventory, in the order of the completeness table. */
export const KEY_OPERATIONS: readonly KeyOperation[] = [
  {
    op: 'azure.vaults.GetVaultKey',
    action: 'GetVaultKey',
    tells: 'described by the control plane',
    permission: 'Microsoft.KeyVault/vaults/keys/read (action)',
    effect: 'what the control plane knows of this key (type, dates, rotation policy) is not known',
    notPut: () => null,
  },
  {
    op: 'azure.keys.GetKey',
    action: 'GetKey',
    tells: 'described by its vault',
    permission: 'Microsoft.KeyVault/vaults/keys/read (data action)',
    effect:
      'permitted operations, release policy and protection of this key are known from the control plane at best',
    notPut: () => null,
  },
  {
    op: 'azure.keys.GetKeyRotationPolicy',
    action: 'GetKeyRotationPolicy',
    tells: 'rotation policy',
    permission: 'Microsoft.KeyVault/vaults/keyrotationpolicies/read (data action)',
    effect: 'whether this key rotates automatically is not known; tests of rotation are undetermined',
    notPut: noPolicy,
  },
  {
    op: 'azure.keys.GetKeyVersions',
    action: 'GetKeyVersions',
    tells: 'versions',
    permission: 'Microsoft.KeyVault/vaults/keys/read (data action)',
    effect: 'when this key was last rotated is not known; tests of its age are undetermined',
    notPut: () => null,
  },
];

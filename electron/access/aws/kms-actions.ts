import type { RightClass, UseKind } from '../types.ts';

/** `view` reads settings; `account` is not about one key and therefore never part of an access path. */
export type ActionClass = RightClass | 'view' | 'account';

export interface KmsAction {
  /** As in IAM: without the `kms:` prefix. */
  name: string;
  class: ActionClass;
  use?: UseKind;
  /** Whether KMS honours it for a caller from another account ("Cross-account use" in the permissions reference). */
  crossAccount: boolean;
  /** The page the classification follows. */
  reference: string;
}

const DEVELOPER_GUIDE = 'https://docs.aws.amazon.com/kms/latest/developerguide';
/** KMS developer guide, "AWS KMS permissions". */
const PERMISSIONS = `${DEVELOPER_GUIDE}/kms-api-permissions-reference.html`;
const API = 'https://docs.aws.amazon.com/kms/latest/APIReference';

/** ReEncrypt is one operation with two permissions, one for each side. */
const PAGE: Readonly<Record<string, string>> = { ReEncryptFrom: 'ReEncrypt', ReEncryptTo: 'ReEncrypt' };

function actions(cls: ActionClass, crossAccount: boolean, ...names: string[]): KmsAction[] {
  return names.map((name) => ({
    name,
    class: cls,
    crossAccount,
    // SynchronizeMultiRegionKey is a permission-only entry of the table: it has no API page.
    reference: name === 'SynchronizeMultiRegionKey' ? PERMISSIONS : `${API}/API_${PAGE[name] ?? name}.html`,
  }));
}

function uses(use: UseKind, ...names: string[]): KmsAction[] {
  return actions('use', true, ...names).map((action) => ({ ...action, use }));
}

/**
 * Every KMS permission and the right it gives.
 *
 * Creating, revoking and retiring grants is the `grant` class: the console gives key *users* CreateGrant, ListGrants
 * and RevokeGrant for AWS services, which must not turn every key user into an administrator.
 */
export const KMS_ACTIONS: readonly KmsAction[] = [
  ...actions(
    'administer',
    false,
    'PutKeyPolicy',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
    'EnableKey',
    'DisableKey',
    'EnableKeyRotation',
    'DisableKeyRotation',
    'RotateKeyOnDemand',
    'UpdateKeyDescription',
    'TagResource',
    'UntagResource',
    'CreateAlias',
    'UpdateAlias',
    'DeleteAlias',
    'GetParametersForImport',
    'ImportKeyMaterial',
    'DeleteImportedKeyMaterial',
    'ReplicateKey',
    'UpdatePrimaryRegion',
    'SynchronizeMultiRegionKey',
  ),
  ...actions('grant', true, 'CreateGrant', 'RevokeGrant', 'RetireGrant'),
  ...uses('encrypt', 'Encrypt', 'ReEncryptTo'),
  ...uses('decrypt', 'Decrypt', 'ReEncryptFrom'),
  ...uses(
    'data-key',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
  ),
  ...uses('sign', 'Sign'),
  ...uses('verify', 'Verify'),
  ...uses('mac', 'GenerateMac', 'VerifyMac'),
  ...uses('derive', 'DeriveSharedSecret', 'Encapsulate', 'Decapsulate'),
  ...actions('view', true, 'DescribeKey', 'GetKeyRotationStatus', 'GetPublicKey', 'ListGrants'),
  ...actions(
    'view',
    false,
    'GetKeyPolicy',
    'ListKeyPolicies',
    'ListResourceTags',
    'ListKeyRotations',
    'GetKeyLastUsage',
  ),
  ...actions(
    'account',
    false,
    'CreateKey',
    'ListKeys',
    'ListAliases',
    'ListRetirableGrants',
    'GenerateRandom',
    'CreateCustomKeyStore',
    'DeleteCustomKeyStore',
    'DescribeCustomKeyStores',
    'UpdateCustomKeyStore',
    'ConnectCustomKeyStore',
    'DisconnectCustomKeyStore',
  ),
];

const BY_NAME = new Map(KMS_ACTIONS.map((action) => [action.name.toLowerCase(), action]));

/** Finds an action by its name, with or without `kms:`, in any case. */
export function kmsAction(name: string): KmsAction | undefined {
  const lower = name.toLowerCase();
  return BY_NAME.get(lower.startsWith('kms:') ? lower.slice(4) : lower);
}

/** The operations that encrypt, decrypt, sign and so on: those that grant constraints can bind. */
export const CRYPTOGRAPHIC_ACTIONS: readonly string[] = KMS_ACTIONS.filter((a) => a.class === 'use').map(
  (a) => a.name,
);

/**
 * The use actions that a key of this usage and spec can serve; undefined when unknown, so that nothing is left out.
 * KMS developer guide, "Key type reference".
 */
export function usableActions(keyUsage?: string, keySpec?: string): readonly string[] | undefined {
  const symmetric = keySpec === 'SYMMETRIC_DEFAULT';
  switch (keyUsage) {
    case 'ENCRYPT_DECRYPT': {
      const basic = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'];
      // Without a spec the key may be symmetric: keep the data key operations.
      return symmetric || keySpec === undefined
        ? [...basic, ...KMS_ACTIONS.filter((a) => a.use === 'data-key').map((a) => a.name)]
        : basic;
    }
    case 'SIGN_VERIFY':
      return ['Sign', 'Verify'];
    case 'GENERATE_VERIFY_MAC':
      return ['GenerateMac', 'VerifyMac'];
    case 'KEY_AGREEMENT':
      return ['DeriveSharedSecret'];
    case 'ENCAPSULATE_DECAPSULATE':
      return ['Encapsulate', 'Decapsulate'];
    case undefined:
    default:
      return undefined;
  }
}

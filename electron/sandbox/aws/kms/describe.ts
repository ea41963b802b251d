import type { KeyMaterial, KeySpec, SandboxKey } from '../../company/types.ts';
import { optionalSeconds, seconds } from '../call.ts';

const RSA_SIGNING = ['PKCS1_V1_5', 'PSS'].flatMap((padding) =>
  ['256', '384', '512'].map((bits) => `RSASSA_${padding}_SHA_${bits}`),
);
const SIGNING: Partial<Record<KeySpec, string[]>> = {
  RSA_2048: RSA_SIGNING,
  RSA_3072: RSA_SIGNING,
  RSA_4096: RSA_SIGNING,
  ECC_NIST_P256: ['ECDSA_SHA_256'],
  ECC_NIST_P384: ['ECDSA_SHA_384'],
  ECC_SECG_P256K1: ['ECDSA_SHA_256'],
};

/** KeyMetadata (KMS API, "KeyMetadata"): a member that does not apply to the key is absent. */
export function keyMetadata(key: SandboxKey): Record<string, unknown> {
  const symmetric = key.spec === 'SYMMETRIC_DEFAULT';
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: seconds(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...optionalSeconds('DeletionDate', key.deletionAt),
    ...(key.state === 'PendingImport' ? {} : optionalSeconds('ValidTo', key.validTo)),
    Origin: key.origin,
    ...(key.customKeyStoreId === undefined ? {} : { CustomKeyStoreId: key.customKeyStoreId }),
    ...(key.cloudHsmClusterId === undefined ? {} : { CloudHsmClusterId: key.cloudHsmClusterId }),
    ...(key.origin === 'EXTERNAL' && key.state !== 'PendingImport'
      ? {
          ExpirationModel:
            key.validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
        }
      : {}),
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(key.usage === 'ENCRYPT_DECRYPT'
      ? {
          EncryptionAlgorithms: symmetric
            ? ['SYMMETRIC_DEFAULT']
            : ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
        }
      : {}),
    ...(key.usage === 'SIGN_VERIFY' ? { SigningAlgorithms: SIGNING[key.spec] ?? [] } : {}),
    ...(key.usage === 'GENERATE_VERIFY_MAC'
      ? { MacAlgorithms: [`HMAC_SHA_${key.spec.slice('HMAC_'.length)}`] }
      : {}),
    MultiRegion: key.multiRegion !== undefined,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: key.multiRegion.type,
            PrimaryKey: { Arn: key.multiRegion.primaryArn, Region: key.multiRegion.primaryRegion },
            ReplicaKeys: key.multiRegion.replicas.map(({ arn, region }) => ({ Arn: arn, Region: region })),
          },
        }
      : {}),
    ...(key.xksKeyId === undefined ? {} : { XksKeyConfiguration: { Id: key.xksKeyId } }),
    ...currentMaterial(key),
  };
}

function currentMaterial(key: SandboxKey): { CurrentKeyMaterialId?: string } {
  const current = key.materials.findLast((material) => material.state === 'CURRENT');
  return current ? { CurrentKeyMaterialId: current.id } : {};
}

/** RotationsListEntry. Members about import exist for imported material only. */
export function rotationEntry(key: SandboxKey, material: KeyMaterial): Record<string, unknown> {
  const external = key.origin === 'EXTERNAL';
  return {
    KeyId: key.arn,
    KeyMaterialId: material.id,
    ...(material.description === undefined ? {} : { KeyMaterialDescription: material.description }),
    ...(external
      ? {
          ImportState: material.importState ?? 'IMPORTED',
          ExpirationModel:
            material.validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
        }
      : {}),
    KeyMaterialState: material.state,
    ...optionalSeconds('ValidTo', material.validTo),
    ...optionalSeconds('RotationDate', material.rotatedAt),
    ...(material.type === undefined ? {} : { RotationType: material.type }),
  };
}

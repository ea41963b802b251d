import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { randomFor } from '../company/random.ts';
import type { TransitKey } from './types.ts';

const SYMMETRIC = new Set(['aes128-gcm96', 'aes256-gcm96', 'chacha20-poly1305']);

/** `data` of GET <mount>/keys/<name>. OpenBao gives no version dates for hmac keys. */
export function keyAnswer(
  key: TransitKey,
  product: 'vault' | 'openbao',
  seed: string,
): Record<string, unknown> {
  const symmetric = SYMMETRIC.has(key.type);
  const rsa = key.type.startsWith('rsa');
  const hidden = key.type === 'hmac' && product === 'openbao';
  const seconds = (at: number): number => Math.floor(at / 1000);
  const versions = key.versions.map((at, i) => [
    String(i + 1),
    symmetric || key.type === 'hmac'
      ? seconds(at)
      : {
          certificate_chain: '',
          creation_time: new Date(at).toISOString(),
          name: NAMES[key.type] ?? key.type,
          public_key: publicKey(key, i + 1, seed),
        },
  ]);
  return {
    allow_plaintext_backup: key.allowPlaintextBackup,
    auto_rotate_period: key.autoRotatePeriod,
    deletion_allowed: key.deletionAllowed,
    derived: key.derived,
    ...(key.derived
      ? { convergent_encryption: true, convergent_encryption_version: -1, kdf: 'hkdf_sha256' }
      : {}),
    exportable: key.exportable,
    imported_key: key.imported,
    ...(key.imported ? { imported_key_allow_rotation: false } : {}),
    ...(hidden ? {} : { keys: Object.fromEntries(versions) as Record<string, unknown> }),
    latest_version: key.versions.length,
    min_available_version: 0,
    min_decryption_version: key.minDecryptionVersion,
    min_encryption_version: key.minEncryptionVersion,
    name: key.name,
    ...(product === 'openbao' ? { soft_deleted: false } : {}),
    supports_decryption: symmetric || rsa,
    supports_derivation: symmetric || key.type === 'ed25519',
    supports_encryption: symmetric || rsa,
    supports_signing: !symmetric && key.type !== 'hmac',
    type: key.type,
  };
}

const NAMES: Partial<Record<TransitKey['type'], string>> = { 'ecdsa-p256': 'P-256', 'ecdsa-p384': 'P-384' };
const RSA_BITS: Partial<Record<TransitKey['type'], number>> = { 'rsa-2048': 2048, 'rsa-4096': 4096 };

/** A public key of the right shape. The RSA modulus is random digits: nobody holds its other half. */
function publicKey(key: TransitKey, version: number, seed: string): string {
  const random = randomFor(seed, 'vault-public', key.namespace, key.mount, key.name, version);
  const pem = (jwk: Record<string, string>): string =>
    createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  if (key.type === 'ed25519') {
    const pkcs8 = Buffer.from(`302e020100300506032b657004220420${random.hex(64)}`, 'hex');
    const { x } = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
      format: 'jwk',
    });
    return Buffer.from(x!, 'base64url').toString('base64');
  }
  const bits = RSA_BITS[key.type];
  if (bits !== undefined) {
    const modulus = Buffer.from(`c${random.hex(bits / 4 - 2)}1`, 'hex');
    return pem({ kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' });
  }
  const p256 = key.type === 'ecdsa-p256';
  const ecdh = createECDH(p256 ? 'prime256v1' : 'secp384r1');
  const length = p256 ? 32 : 48;
  ecdh.setPrivateKey(Buffer.from(`01${random.hex(length * 2 - 2)}`, 'hex'));
  const point = ecdh.getPublicKey();
  const part = (n: number): string =>
    point.subarray(1 + n * length, 1 + (n + 1) * length).toString('base64url');
  return pem({ kty: 'EC', crv: p256 ? 'P-256' : 'P-384', x: part(0), y: part(1) });
}

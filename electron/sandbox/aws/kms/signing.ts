import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SandboxKey } from '../../company/types.ts';
import { AwsError } from '../../server/aws-error.ts';
import { signDigest } from '../../server/sign-digest.ts';
import { requiredText, type JsonOperation } from '../call.ts';
import { findKey, permit } from './find-key.ts';

/** Private halves of the sample company's signing keys, made when first asked for; they end with the process. */
const PAIRS = new WeakMap<SandboxKey, { publicKey: KeyObject; privateKey: KeyObject }>();

const BITS: Partial<Record<SandboxKey['spec'], number>> = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 };
const CURVES: Partial<Record<SandboxKey['spec'], string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_SECG_P256K1: 'secp256k1',
};

/** Sign and GetPublicKey with real keys (AWS KMS API reference); errors as there. */
export const kmsSigning: Record<string, JsonOperation> = {
  GetPublicKey(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), true);
    permit(call, 'GetPublicKey', key);
    const { publicKey } = pairOf(key);
    return {
      KeyId: key.arn,
      PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      KeySpec: key.spec,
      CustomerMasterKeySpec: key.spec,
      KeyUsage: key.usage,
      SigningAlgorithms: algorithmsOf(key),
    };
  },

  Sign(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), true);
    permit(call, 'Sign', key);
    if (key.usage !== 'SIGN_VERIFY')
      throw new AwsError(
        'InvalidKeyUsageException',
        `${key.arn} key usage is ${key.usage} which is not valid for Sign.`,
      );
    const algorithm = requiredText(input, 'SigningAlgorithm');
    if (!algorithmsOf(key).includes(algorithm))
      throw new AwsError(
        'InvalidKeyUsageException',
        `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
      );
    const hash = `sha${algorithm.slice(-3)}`;
    const message = Buffer.from(requiredText(input, 'Message'), 'base64');
    const digest = input['MessageType'] === 'DIGEST' ? message : createHash(hash).update(message).digest();
    if (digest.length !== Number(algorithm.slice(-3)) / 8)
      throw new AwsError('ValidationException', `Digest is invalid length for algorithm ${algorithm}.`);
    return {
      KeyId: key.arn,
      SigningAlgorithm: algorithm,
      Signature: signDigest(pairOf(key).privateKey, digest, 'der').toString('base64'),
    };
  },
};

function algorithmsOf(key: SandboxKey): string[] {
  if (BITS[key.spec]) return ['256', '384', '512'].map((bits) => `RSASSA_PKCS1_V1_5_SHA_${bits}`);
  return [key.spec === 'ECC_NIST_P384' ? 'ECDSA_SHA_384' : 'ECDSA_SHA_256'];
}

function pairOf(key: SandboxKey): { publicKey: KeyObject; privateKey: KeyObject } {
  const known = PAIRS.get(key);
  if (known) return known;
  const [bits, curve] = [BITS[key.spec], CURVES[key.spec]];
  if (!bits && !curve)
    throw new AwsError(
      'UnsupportedOperationException',
      `${key.arn} has no public key: its spec is ${key.spec}.`,
    );
  const pair = bits
    ? generateKeyPairSync('rsa', { modulusLength: bits })
    : generateKeyPairSync('ec', { namedCurve: curve! });
  PAIRS.set(key, pair);
  return pair;
}

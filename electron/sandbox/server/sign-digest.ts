import { constants, createECDH, privateEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import { integer, sequence } from '../../seal/der/write.ts';

/*
 * Signatures over a digest that somebody else made, as key services give them: Node's own functions hash what they
 * sign. For the sample environment only: this ECDSA takes no care of timing.
 */

const CURVES: Record<string, { order: bigint; bytes: number }> = {
  prime256v1: {
    order: BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    bytes: 32,
  },
  secp384r1: {
    order: BigInt(
      '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    bytes: 48,
  },
};

/** DigestInfo headers (RFC 8017 §9.2). */
const DIGEST_INFO: Record<number, string> = {
  32: '3031300d060960864801650304020105000420',
  48: '3041300d060960864801650304020205000430',
  64: '3051300d060960864801650304020305000440',
};

/** RSASSA-PKCS1-v1_5, or ECDSA as r and s (see `form`). */
export function signDigest(key: KeyObject, digest: Uint8Array, form: 'der' | 'raw'): Buffer {
  if (key.asymmetricKeyType === 'rsa') {
    const info = Buffer.concat([Buffer.from(DIGEST_INFO[digest.length]!, 'hex'), digest]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  }
  const { order, bytes } = CURVES[key.asymmetricKeyDetails?.namedCurve ?? '']!;
  const secret = BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url').toString('hex')}`);
  const z = BigInt(`0x${Buffer.from(digest.subarray(0, bytes)).toString('hex')}`);
  for (;;) {
    const nonce = (BigInt(`0x${randomBytes(bytes).toString('hex')}`) % (order - 1n)) + 1n;
    const curve = createECDH(key.asymmetricKeyDetails!.namedCurve!);
    curve.setPrivateKey(toBytes(nonce, bytes));
    const r =
      BigInt(
        `0x${curve
          .getPublicKey()
          .subarray(1, 1 + bytes)
          .toString('hex')}`,
      ) % order;
    const s = (inverse(nonce, order) * ((z + r * secret) % order)) % order;
    if (r === 0n || s === 0n) continue;
    const [first, second] = [toBytes(r, bytes), toBytes(s, bytes)];
    return form === 'raw'
      ? Buffer.concat([first, second])
      : Buffer.from(sequence(integer(first), integer(second)));
  }
}

const toBytes = (value: bigint, bytes: number): Buffer =>
  Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');

/** By Fermat: the order is prime. */
function inverse(value: bigint, order: bigint): bigint {
  let [base, exponent, result] = [value % order, order - 2n, 1n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

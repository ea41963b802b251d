import { constants, verify, type KeyObject } from 'node:crypto';
import { digestByOid, type DigestAlgorithm } from './digest.ts';
import { OID } from './oids.ts';
import { integerHex, oidOf, type Asn } from './der/read.ts';

/**
 * Why a signature value does not hold, as a sentence; null when it verifies.
 *
 * @param algorithm the AlgorithmIdentifier that stands beside the value.
 * @param digest the hash stated elsewhere, for the algorithm identifier that names none (rsaEncryption in CMS).
 */
export function signatureProblem(
  signed: Uint8Array,
  algorithm: Asn,
  digest: DigestAlgorithm | null,
  key: KeyObject,
  signature: Uint8Array,
): string | null {
  const scheme = signatureScheme(algorithm, digest);
  if (scheme === null || scheme.keyType !== key.asymmetricKeyType)
    return 'the signature algorithm is not accepted or does not fit the key';
  const weakness = keyWeakness(key);
  if (weakness) return weakness;
  const options =
    scheme.pssSalt === null
      ? { key }
      : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.pssSalt };
  return verify(scheme.digest, signed, options, signature)
    ? null
    : 'the signature value does not verify: what was signed has been altered';
}

/** Foreign keys (a timestamp authority's) may be RSA 2048; anything shorter proves nothing. */
function keyWeakness(key: KeyObject): string | null {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits !== undefined && bits < 2048 ? `the signer's RSA key has only ${bits} bits` : null;
}

interface Scheme {
  readonly keyType: 'rsa' | 'ec';
  readonly digest: DigestAlgorithm;
  readonly pssSalt: number | null;
}

const FIXED: Record<string, Scheme> = {
  [OID.sha256WithRsa]: { keyType: 'rsa', digest: 'sha256', pssSalt: null },
  [OID.sha384WithRsa]: { keyType: 'rsa', digest: 'sha384', pssSalt: null },
  [OID.sha512WithRsa]: { keyType: 'rsa', digest: 'sha512', pssSalt: null },
  [OID.ecdsaWithSha256]: { keyType: 'ec', digest: 'sha256', pssSalt: null },
  [OID.ecdsaWithSha384]: { keyType: 'ec', digest: 'sha384', pssSalt: null },
  [OID.ecdsaWithSha512]: { keyType: 'ec', digest: 'sha512', pssSalt: null },
};

function signatureScheme(algorithm: Asn, digest: DigestAlgorithm | null): Scheme | null {
  const oid = oidOf(algorithm.members[0], 'a signature');
  if (oid === OID.rsa) return digest ? { keyType: 'rsa', digest, pssSalt: null } : null;
  if (oid === OID.rsaPss) return pssScheme(algorithm.members[1]);
  return FIXED[oid] ?? null;
}

/** RSASSA-PSS-params (RFC 4055 §3.1): [0] hash and [2] salt length must be given, their defaults being SHA-1's. */
function pssScheme(parameters: Asn | undefined): Scheme | null {
  const part = (tag: number): Asn | undefined =>
    parameters?.members.find((node) => node.tag === tag)?.members[0];
  const digest = part(0xa0) ? digestByOid(oidOf(part(0xa0)?.members[0], 'a signature')) : null;
  const salt = part(0xa2);
  if (digest === null || !salt) return null;
  return { keyType: 'rsa', digest, pssSalt: Number.parseInt(integerHex(salt, 'a signature'), 16) };
}

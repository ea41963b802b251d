import { hash } from 'node:crypto';
import { SealError } from './error.ts';
import { OID } from './oids.ts';
import { objectIdentifier, sequence } from './der/write.ts';

/** Hash algorithms a timestamp or a foreign signature may use; we sign with the first two only. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** A hash value and how it was made. */
export interface Imprint {
  readonly algorithm: DigestAlgorithm;
  readonly digest: Uint8Array;
}

const BYTES: Record<DigestAlgorithm, number> = { sha256: 32, sha384: 48, sha512: 64 };
const BY_OID = new Map<string, DigestAlgorithm>([
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

/** Hashes bytes held in memory. */
export function imprintOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Imprint {
  return { algorithm, digest: hash(algorithm, bytes, 'buffer') };
}

/** @throws SealError MALFORMED when the digest's length does not fit its algorithm. */
export function checkImprint(imprint: Imprint): void {
  if (imprint.digest.length !== BYTES[imprint.algorithm]) {
    throw new SealError(
      'MALFORMED',
      `cannot use a ${imprint.algorithm} digest of ${imprint.digest.length} bytes: it has ${BYTES[imprint.algorithm]}. Pass the raw digest`,
    );
  }
}

/** The algorithm of an identifier, or null when we do not accept it (SHA-1, MD5, SHA-3 ...). */
export const digestByOid = (oid: string): DigestAlgorithm | null => BY_OID.get(oid) ?? null;

/** AlgorithmIdentifier without parameters (RFC 5754 §2: absent is the form to write). */
export const digestIdentifier = (algorithm: DigestAlgorithm): Uint8Array =>
  sequence(objectIdentifier(OID[algorithm]));

import { createPublicKey, sign as signWith, verify, type KeyObject } from 'node:crypto';
import { SealError } from './error.ts';
import { OID } from './oids.ts';
import { nullValue, objectIdentifier, sequence } from './der/write.ts';
import { readCertificate } from './certificate.ts';

/** A key that can sign, wherever it lives: a file, a token, a cloud service. */
export interface SigningKey {
  readonly kind: 'rsa' | 'ec';
  /** The hash `sign` applies: SHA-384 for P-384, SHA-256 otherwise. */
  readonly digest: 'sha256' | 'sha384';
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Where the key lives, for people: "PKCS#12 file", "AWS KMS alias/...". Never a secret. */
  readonly description: string;
  /** Hashes and signs the given bytes: RSA PKCS#1 v1.5, or ECDSA as a DER SEQUENCE of r and s. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A signing key with its certificates, DER, the signer's own first and then the path towards its root. */
export interface Signer extends SigningKey {
  readonly certificates: readonly Uint8Array[];
}

/**
 * What a public key may sign with.
 *
 * @throws SealError KEY_UNSUITABLE for RSA under 3072 bits and for anything but RSA, P-256 and P-384.
 */
export function keyProfile(publicKey: KeyObject): Pick<SigningKey, 'kind' | 'digest'> {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === 'rsa') {
    if ((modulusLength ?? 0) >= 3072) return { kind: 'rsa', digest: 'sha256' };
    throw unsuitable(`it is RSA with ${modulusLength} bits`);
  }
  if (publicKey.asymmetricKeyType === 'ec') {
    if (namedCurve === 'prime256v1') return { kind: 'ec', digest: 'sha256' };
    if (namedCurve === 'secp384r1') return { kind: 'ec', digest: 'sha384' };
    throw unsuitable(`its curve is ${namedCurve}`);
  }
  throw unsuitable(`its type is ${publicKey.asymmetricKeyType}`);
}

function unsuitable(reason: string): SealError {
  return new SealError(
    'KEY_UNSUITABLE',
    `cannot sign with this key: ${reason}. Use RSA of at least 3072 bits, P-256 or P-384`,
  );
}

/** A signing key whose private half is in this process. */
export function localSigningKey(privateKey: KeyObject, description: string): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const profile = keyProfile(publicKey);
  return {
    ...profile,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    description,
    sign: async (bytes) => signWith(profile.digest, bytes, privateKey),
  };
}

/**
 * Joins a key with its certificates.
 *
 * @throws SealError CERTIFICATE_MISSING when none is given, CERTIFICATE_UNSUITABLE when the first is for another key
 * or forbids signing.
 */
export function withCertificates(key: SigningKey, certificates: readonly Uint8Array[]): Signer {
  const [own] = certificates;
  if (own === undefined) {
    throw new SealError(
      'CERTIFICATE_MISSING',
      'cannot sign: the key has no certificate. Request one with a CSR',
    );
  }
  const certificate = readCertificate(own);
  const certified = certificate.x509.publicKey.export({ type: 'spki', format: 'der' });
  if (Buffer.compare(certified, key.publicKey) !== 0) {
    throw new SealError(
      'CERTIFICATE_UNSUITABLE',
      `cannot sign: the certificate of "${certificate.subject}" belongs to another key. Give the certificate issued for this key`,
    );
  }
  const usage = certificate.keyUsage;
  if (usage !== null && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    throw new SealError(
      'CERTIFICATE_UNSUITABLE',
      `cannot sign: the certificate of "${certificate.subject}" does not allow signatures. Use one with key usage digitalSignature or nonRepudiation`,
    );
  }
  return { ...key, sign: (bytes) => key.sign(bytes), certificates };
}

/** The signer's own certificate. @throws SealError CERTIFICATE_MISSING */
export function ownCertificate(signer: Signer): Uint8Array {
  const [own] = signer.certificates;
  if (own === undefined)
    throw new SealError('CERTIFICATE_MISSING', 'cannot sign: the signer has no certificate');
  return own;
}

/** @throws SealError CERTIFICATE_EXPIRED or CERTIFICATE_NOT_YET_VALID when the signer's certificate does not cover a moment. */
export function assertValidAt(signer: Signer, at: Date): void {
  const certificate = readCertificate(ownCertificate(signer));
  if (at > certificate.notAfter) {
    throw new SealError(
      'CERTIFICATE_EXPIRED',
      `cannot sign: the certificate of "${certificate.subject}" expired on ${certificate.notAfter.toISOString()}. Renew it`,
    );
  }
  if (at < certificate.notBefore) {
    throw new SealError(
      'CERTIFICATE_NOT_YET_VALID',
      `cannot sign: the certificate of "${certificate.subject}" is valid only from ${certificate.notBefore.toISOString()}. Check this machine's clock`,
    );
  }
}

/** AlgorithmIdentifier of the signatures a key makes (RFC 4055 §5: NULL for RSA; RFC 5758 §3.2: absent for ECDSA). */
export function signatureIdentifier(key: Pick<SigningKey, 'kind' | 'digest'>): Uint8Array {
  if (key.kind === 'rsa') {
    return sequence(
      objectIdentifier(key.digest === 'sha384' ? OID.sha384WithRsa : OID.sha256WithRsa),
      nullValue(),
    );
  }
  return sequence(objectIdentifier(key.digest === 'sha384' ? OID.ecdsaWithSha384 : OID.ecdsaWithSha256));
}

/**
 * Signs, and checks the result against the public key before anyone relies on it: a token or cloud key with the wrong
 * padding or signature format is found here and not by the auditor.
 *
 * @throws SealError SIGNING_FAILED
 */
export async function signChecked(key: SigningKey, bytes: Uint8Array): Promise<Uint8Array> {
  let signature: Uint8Array;
  try {
    signature = await key.sign(bytes);
  } catch (cause) {
    if (cause instanceof SealError) throw cause;
    throw new SealError(
      'SIGNING_FAILED',
      `cannot sign with ${key.description}: the key refused. Check access to it`,
      {
        cause,
      },
    );
  }
  const publicKey = createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' });
  if (verify(key.digest, bytes, publicKey, signature)) return signature;
  throw new SealError(
    'SIGNING_FAILED',
    `cannot sign with ${key.description}: its signature does not match its public key. Use PKCS#1 v1.5 or ECDSA with ${key.digest}`,
  );
}

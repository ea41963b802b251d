import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { isIssuedBy } from '../chain.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { SealError } from '../error.ts';
import { assertValidAt, localSigningKey, withCertificates, type Signer } from '../signer.ts';
import { readPkcs12 } from './pkcs12-file.ts';

/**
 * Opens a PKCS#12 file (.p12, .pfx) as a signer. The passphrase is used and forgotten.
 *
 * @param at the moment at which the certificate must be valid, default now.
 * @throws SealError PASSPHRASE_WRONG, LEGACY_ENCRYPTION, PRIVATE_KEY_MISSING, CERTIFICATE_MISSING,
 * CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_UNSUITABLE, KEY_UNSUITABLE, UNSUPPORTED or MALFORMED.
 */
export async function openPkcs12(
  bytes: Uint8Array,
  passphrase: string,
  at: Date = new Date(),
): Promise<Signer> {
  const bags = await readPkcs12(bytes, passphrase);
  const [pkcs8] = bags.privateKeys;
  if (pkcs8 === undefined) {
    throw new SealError(
      'PRIVATE_KEY_MISSING',
      'cannot sign with the PKCS#12 file: it holds no private key. Export it with its key',
    );
  }
  if (bags.privateKeys.length > 1) {
    throw new SealError(
      'UNSUPPORTED',
      `cannot sign with the PKCS#12 file: it holds ${bags.privateKeys.length} private keys. Export one key`,
    );
  }
  const key = localSigningKey(privateKeyOf(pkcs8), 'PKCS#12 file');
  const certificates = bags.certificates.map(readCertificate);
  const own = certificates.find((certificate) => sameKey(certificate, key.publicKey));
  if (own === undefined) {
    throw new SealError(
      'CERTIFICATE_MISSING',
      'cannot sign with the PKCS#12 file: it holds no certificate for its key. Export it with its certificate',
    );
  }
  const signer = withCertificates(key, pathOf(own, certificates));
  assertValidAt(signer, at);
  return signer;
}

function privateKeyOf(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new SealError(
      'KEY_UNSUITABLE',
      'cannot sign with the PKCS#12 file: its key cannot be used. Use RSA of at least 3072 bits, P-256 or P-384',
      { cause },
    );
  }
}

function sameKey(certificate: Certificate, publicKey: Uint8Array): boolean {
  const spki = createPublicKey(certificate.x509.publicKey.export({ type: 'spki', format: 'pem' }));
  return Buffer.compare(spki.export({ type: 'spki', format: 'der' }), publicKey) === 0;
}

/** The signer's certificate, then each issuer found in the file; unrelated certificates are left out. */
function pathOf(own: Certificate, certificates: readonly Certificate[]): Uint8Array[] {
  const path = [own];
  for (;;) {
    const last = path[path.length - 1] as Certificate;
    const issuer = certificates.find((candidate) => isIssuedBy(last, candidate) && !path.includes(candidate));
    if (issuer === undefined) return path.map((certificate) => certificate.der);
    path.push(issuer);
  }
}

import { X509Certificate } from 'node:crypto';
import { SealError } from './error.ts';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * Certificates from a file of a trust list: PEM (one or many, other text around them is allowed) or one DER.
 * The order is kept and repeats are dropped.
 *
 * @throws SealError MALFORMED when there is no certificate in it or one is damaged.
 */
export function readCertificates(bytes: Uint8Array | string, name = 'the certificate file'): Uint8Array[] {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  const blocks = [...text.matchAll(PEM)].filter(([, label]) =>
    /^(X509 |TRUSTED )?CERTIFICATE$/.test(label ?? ''),
  );
  const encoded: (Uint8Array | string)[] = blocks.map(([block]) => block);
  if (encoded.length === 0 && typeof bytes !== 'string' && bytes[0] === 0x30) encoded.push(bytes);
  if (encoded.length === 0) {
    throw new SealError(
      'MALFORMED',
      `cannot read ${name}: there is no certificate in it. Give PEM or DER certificates`,
    );
  }
  const byFingerprint = new Map<string, Uint8Array>();
  for (const block of encoded) {
    try {
      const certificate = new X509Certificate(block);
      byFingerprint.set(certificate.fingerprint256, new Uint8Array(certificate.raw));
    } catch (cause) {
      throw new SealError(
        'MALFORMED',
        `cannot read ${name}: a certificate in it is damaged. Export it again`,
        { cause },
      );
    }
  }
  return [...byFingerprint.values()];
}

/** PEM text of one certificate, as openssl writes it. */
export function certificatePem(der: Uint8Array): string {
  return pem('CERTIFICATE', der);
}

/** PEM with lines of 64 characters (RFC 7468). */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

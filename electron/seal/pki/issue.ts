import { hash, randomBytes } from 'node:crypto';
import { OID } from '../oids.ts';
import { signatureIdentifier, signChecked, type SigningKey } from '../signer.ts';
import { parseAsn } from '../der/read.ts';
import {
  bitString,
  boolean,
  contextPrimitive,
  context,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  x509Time,
} from '../der/write.ts';

/** What a certificate is for; each has the key usages that openssl, pdfsig and the EU's DSS expect. */
export type CertificateProfile = 'ca' | 'signer' | 'timestamp' | 'ocsp';

/** A certificate to be made (RFC 5280 §4.1). */
export interface CertificateRequest {
  readonly profile: CertificateProfile;
  /** Names as DER. */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly issuerPublicKey: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Unsigned big-endian; random unless given. */
  readonly serial?: Uint8Array;
  readonly crlUrl?: string;
  readonly ocspUrl?: string;
  readonly issuerUrl?: string;
}

/** A serial number of 127 random bits, positive and never short (CA/Browser Forum wants 64 or more). */
export function freshSerial(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** Signs a certificate with the issuer's key. */
export async function issueCertificate(
  issuerKey: SigningKey,
  request: CertificateRequest,
): Promise<Uint8Array> {
  const algorithm = signatureIdentifier(issuerKey);
  const tbs = sequence(
    context(0, integer(2)),
    integer(request.serial ?? freshSerial()),
    algorithm,
    request.issuer,
    sequence(x509Time(request.notBefore), x509Time(request.notAfter)),
    request.subject,
    request.publicKey,
    context(3, sequence(...extensions(request))),
  );
  return sequence(tbs, algorithm, bitString(await signChecked(issuerKey, tbs)));
}

export const extension = (oid: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));

/** SHA-1 of the public key's bits: the customary key identifier (RFC 5280 §4.2.1.2), not a protection. */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const bits = parseAsn(publicKey, 'a public key').members[1]?.value.subarray(1) ?? new Uint8Array();
  return hash('sha1', bits, 'buffer');
}

/** digitalSignature 0x80, nonRepudiation 0x40, keyCertSign 0x04, cRLSign 0x02 (RFC 5280 §4.2.1.3). */
const PROFILES: Record<
  CertificateProfile,
  { usage: number; unused: number; purpose: string | null; critical: boolean }
> = {
  ca: { usage: 0x06, unused: 1, purpose: null, critical: false },
  signer: { usage: 0xc0, unused: 6, purpose: OID.emailProtection, critical: false },
  // RFC 3161 §2.3: time-stamping alone, and critical.
  timestamp: { usage: 0x80, unused: 7, purpose: OID.timeStamping, critical: true },
  ocsp: { usage: 0x80, unused: 7, purpose: OID.ocspSigning, critical: false },
};

/** The extension values a certificate or a CSR of a profile asks for. */
export function profileExtensions(profile: CertificateProfile): Uint8Array[] {
  const { usage, unused, purpose, critical } = PROFILES[profile];
  const ca = profile === 'ca';
  return [
    extension(OID.basicConstraints, true, ca ? sequence(boolean(true)) : sequence()),
    extension(OID.keyUsage, true, bitString(Uint8Array.of(usage), unused)),
    ...(purpose === null
      ? []
      : [extension(OID.extendedKeyUsage, critical, sequence(objectIdentifier(purpose)))]),
    ...(profile === 'ocsp' ? [extension(OID.ocspNoCheck, false, Uint8Array.of(0x05, 0))] : []),
  ];
}

function extensions(request: CertificateRequest): Uint8Array[] {
  const url = (value: string): Uint8Array => contextPrimitive(6, Buffer.from(value, 'latin1'));
  const access = [
    ...(request.ocspUrl ? [sequence(objectIdentifier(OID.ocspAccess), url(request.ocspUrl))] : []),
    ...(request.issuerUrl ? [sequence(objectIdentifier(OID.caIssuersAccess), url(request.issuerUrl))] : []),
  ];
  return [
    ...profileExtensions(request.profile),
    extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(request.publicKey))),
    extension(
      OID.authorityKeyIdentifier,
      false,
      sequence(contextPrimitive(0, keyIdentifier(request.issuerPublicKey))),
    ),
    ...(request.crlUrl
      ? [
          extension(
            OID.crlDistributionPoints,
            false,
            sequence(sequence(context(0, context(0, url(request.crlUrl))))),
          ),
        ]
      : []),
    ...(access.length > 0 ? [extension(OID.authorityInfoAccess, false, sequence(...access))] : []),
  ];
}

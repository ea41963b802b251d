import { hash } from 'node:crypto';
import { readCertificate } from '../certificate.ts';
import { digestIdentifier } from '../digest.ts';
import { OID } from '../oids.ts';
import { ownCertificate, signatureIdentifier, signChecked, type Signer } from '../signer.ts';
import { parseAsn } from '../der/read.ts';
import {
  concat,
  context,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  sorted,
  tlv,
} from '../der/write.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

/** Attribute ::= SEQUENCE { type, SET OF value } (RFC 5652 §5.3). */
export const attribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  sequence(objectIdentifier(type), setOf(...values));

/**
 * ESS signing-certificate-v2 (RFC 5035 §3): binds the signature to one certificate, by SHA-256 (the default, thus not
 * written) and by issuer and serial.
 */
export function signingCertificateV2(certificate: Uint8Array): Uint8Array {
  const { issuerName, serial: hex } = readCertificate(certificate);
  const issuer = sequence(context(4, issuerName));
  const serial = integer(Buffer.from(hex, 'hex'));
  const essCertId = sequence(octetString(hash('sha256', certificate, 'buffer')), sequence(issuer, serial));
  return attribute(OID.signingCertificateV2, sequence(sequence(essCertId)));
}

/** What one new signature covers. */
export interface NewSignature {
  readonly contentType: string;
  /** The content's digest, made with the signer's algorithm. */
  readonly digest: Uint8Array;
  /** Put inside (a timestamp token), or null for a detached signature. */
  readonly content: Uint8Array | null;
  /** Beyond content-type, message-digest and signing-certificate-v2. */
  readonly extraAttributes?: readonly Uint8Array[];
  /** Certificates to put inside; default all of the signer's. */
  readonly certificates?: readonly Uint8Array[];
}

/** Makes a CMS SignedData with one signer (RFC 5652), signed attributes in DER order. */
export async function signCms(signer: Signer, what: NewSignature): Promise<Uint8Array> {
  const own = ownCertificate(signer);
  const { issuerName, serial } = readCertificate(own);
  const attributes = sorted([
    attribute(OID.contentType, objectIdentifier(what.contentType)),
    attribute(OID.messageDigest, octetString(what.digest)),
    signingCertificateV2(own),
    ...(what.extraAttributes ?? []),
  ]);
  const signature = await signChecked(signer, tlv(0x31, ...attributes));
  const signerInfo = sequence(
    integer(1),
    sequence(issuerName, integer(Buffer.from(serial, 'hex'))),
    digestIdentifier(signer.digest),
    tlv(0xa0, ...attributes),
    signatureIdentifier(signer),
    octetString(signature),
  );
  const encapsulated =
    what.content === null
      ? sequence(objectIdentifier(what.contentType))
      : sequence(objectIdentifier(what.contentType), context(0, octetString(what.content)));
  return contentInfo({
    // RFC 5652 §5.1: 3 when the content type is not id-data, else 1.
    version: integer(what.contentType === OID.data ? 1 : 3),
    digestAlgorithms: setOf(digestIdentifier(signer.digest)),
    encapsulated,
    certificates: what.certificates ?? signer.certificates,
    revocations: [],
    signers: [signerInfo],
  });
}

interface Parts {
  readonly version: Uint8Array;
  readonly digestAlgorithms: Uint8Array;
  readonly encapsulated: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  readonly revocations: readonly Uint8Array[];
  readonly signers: readonly Uint8Array[];
}

function contentInfo(parts: Parts): Uint8Array {
  const signedData = sequence(
    parts.version,
    parts.digestAlgorithms,
    parts.encapsulated,
    ...(parts.certificates.length > 0 ? [tlv(0xa0, ...sorted(parts.certificates))] : []),
    ...(parts.revocations.length > 0 ? [tlv(0xa1, ...sorted(parts.revocations))] : []),
    setOf(...parts.signers),
  );
  return sequence(objectIdentifier(OID.signedData), context(0, signedData));
}

/** Writes a SignedData again with more in its unsigned parts; whatever is signed keeps its bytes. */
export function extendCms(
  signedData: SignedData,
  more: {
    readonly unsignedAttributes?: readonly Uint8Array[];
    readonly certificates?: readonly Uint8Array[];
    readonly revocations?: readonly Uint8Array[];
  },
): Uint8Array {
  return contentInfo({
    ...signedData,
    // RFC 5652 §5.1: other revocation information formats need version 5.
    version: more.revocations?.some((choice) => choice[0] === 0xa1) ? integer(5) : signedData.version,
    certificates: distinct([...signedData.certificates, ...(more.certificates ?? [])]),
    revocations: distinct([...signedData.revocations, ...(more.revocations ?? [])]),
    signers: signedData.signers.map((info) => withUnsigned(info, more.unsignedAttributes ?? [])),
  });
}

function withUnsigned(info: SignerInfo, more: readonly Uint8Array[]): Uint8Array {
  const attributes = distinct([...info.unsignedAttributes, ...more]);
  return sequence(...info.head, ...(attributes.length > 0 ? [tlv(0xa1, ...sorted(attributes))] : []));
}

function distinct(encodings: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(encodings.map((der) => [Buffer.from(der).toString('base64'), der])).values()];
}

/** An OCSP response as RevocationInfoChoice: other [1] { id-ri-ocsp-response, response } (RFC 5940 §2.1). */
export function ocspChoice(response: Uint8Array): Uint8Array {
  return tlv(
    0xa1,
    concat(objectIdentifier(OID.ocspResponseRevocation), parseAsn(response, 'an OCSP response').der),
  );
}

import { hash } from 'node:crypto';
import { readCertificate, type Certificate } from '../certificate.ts';
import { digestByOid, type DigestAlgorithm, type Imprint } from '../digest.ts';
import { OID } from '../oids.ts';
import { type Asn, equalBytes, integerHex, octetsOf, oidOf } from '../der/read.ts';
import { signatureProblem } from '../signature-scheme.ts';
import { checkInside, formProblems } from './form.ts';
import { otherParties } from './inside.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

/** What one signer's part of a CMS signature proves, before any question of trust or time. */
export interface SignerCheck {
  /** The certificate the signature names, when it is inside or was given. */
  readonly certificate: Certificate | null;
  readonly digestAlgorithm: DigestAlgorithm | null;
  /** The message-digest attribute is the content's digest. */
  readonly digestMatches: boolean;
  /** The signature over the signed attributes verifies with the certificate's key. */
  readonly signatureMatches: boolean;
  /** ESS signing-certificate (v1 or v2) names exactly that certificate. */
  readonly certificateBound: boolean;
  /** Fingerprints of certificates inside whose own signature cannot be checked: their issuer is not at hand. */
  readonly uncheckedCertificates: readonly string[];
  readonly problems: readonly string[];
}

/** The content a signature is checked against: the bytes, or its digest by algorithm (null: not at hand). */
export type ContentDigest = (algorithm: DigestAlgorithm) => Uint8Array | null;

/** For content in memory, or for a digest that was made while streaming. */
export function contentDigest(content: Uint8Array | Imprint): ContentDigest {
  if (content instanceof Uint8Array) return (algorithm) => hash(algorithm, content, 'buffer');
  return (algorithm) => (algorithm === content.algorithm ? content.digest : null);
}

/**
 * Checks one signer: content digest, certificate binding, signature value, and the parts that no signature covers.
 * A bad signature gives a result.
 *
 * @param known certificates at hand besides those inside, trusted or not.
 * @param parties certificates that have a part in it besides the signer's and those of its tokens.
 * @throws SealError MALFORMED
 */
export function checkSigner(
  signedData: SignedData,
  info: SignerInfo,
  content: ContentDigest,
  known: readonly Uint8Array[] = [],
  parties: readonly Uint8Array[] = [],
): SignerCheck {
  const problems: string[] = [];
  const digestAlgorithm = digestByOid(info.digestOid);
  if (digestAlgorithm === null) problems.push(`the digest algorithm ${info.digestOid} is not accepted`);
  const digestMatches = checkDigest(signedData, info, digestAlgorithm, content, problems);
  const certificate = findCertificate(info, [...signedData.certificates, ...known], problems);
  const certificateBound = certificate !== null && checkBinding(info, certificate, problems);
  const signatureMatches =
    certificate !== null && checkSignature(info, certificate, digestAlgorithm, problems);
  problems.push(...formProblems(signedData, info));
  const others = otherParties(signedData, info, known);
  const inside = certificate
    ? checkInside(
        [certificate, ...others.certificates, ...parties.map(readCertificate)],
        signedData.certificates,
        known,
      )
    : { problems: [], unchecked: [] };
  problems.push(...others.problems, ...inside.problems);
  return {
    certificate,
    digestAlgorithm,
    digestMatches,
    signatureMatches,
    certificateBound,
    uncheckedCertificates: inside.unchecked,
    problems,
  };
}

function only(values: readonly Asn[] | undefined): Asn | null {
  return values?.length === 1 ? (values[0] as Asn) : null;
}

function checkDigest(
  signedData: SignedData,
  info: SignerInfo,
  algorithm: DigestAlgorithm | null,
  content: ContentDigest,
  problems: string[],
): boolean {
  if (info.signedAttributes === null) return fail(problems, 'there are no signed attributes');
  const contentType = only(info.signed.get(OID.contentType));
  if (!contentType || oidOf(contentType, 'a signature') !== signedData.contentType) {
    return fail(problems, 'the signed content type differs from the actual one');
  }
  const claimed = only(info.signed.get(OID.messageDigest));
  if (!claimed) return fail(problems, 'the signed message digest is missing');
  if (algorithm === null) return false;
  const actual = content(algorithm);
  if (actual === null) return fail(problems, `the content's ${algorithm} digest is not at hand`);
  if (equalBytes(octetsOf(claimed, 'a signature'), actual)) return true;
  return fail(problems, 'the content is not what was signed: its digest differs');
}

function fail(problems: string[], problem: string): false {
  problems.push(problem);
  return false;
}

function findCertificate(
  info: SignerInfo,
  pool: readonly Uint8Array[],
  problems: string[],
): Certificate | null {
  for (const der of pool) {
    const certificate = readCertificate(der);
    const { sid } = info;
    const named =
      sid.kind === 'subjectKeyId'
        ? certificate.subjectKeyId === sid.keyId
        : certificate.serial === sid.serial && equalBytes(certificate.issuerName, sid.issuer);
    if (named) return certificate;
  }
  problems.push('the certificate that the signature names is not inside');
  return null;
}

/** RFC 5035 §3 and RFC 2634 §5.4: the first certificate identifier is the signer's. SHA-1 appears in v1 only. */
function checkBinding(info: SignerInfo, certificate: Certificate, problems: string[]): boolean {
  const v2 = only(info.signed.get(OID.signingCertificateV2));
  const v1 = only(info.signed.get(OID.signingCertificate));
  const attribute = v2 ?? v1;
  const identifier = attribute?.members[0]?.members[0];
  if (!identifier)
    return fail(problems, 'the signature is not bound to a certificate (no ESS signing-certificate)');
  const parts = [...identifier.members];
  let algorithm: string | null = v2 ? 'sha256' : 'sha1';
  if (v2 && parts[0]?.tag === 0x30) algorithm = digestByOid(oidOf(parts.shift()?.members[0], 'a signature'));
  if (algorithm === null)
    return fail(problems, 'the certificate is bound with a digest that is not accepted');
  const bound = equalBytes(octetsOf(parts[0], 'a signature'), hash(algorithm, certificate.der, 'buffer'));
  const serial = parts[1]?.members[1];
  if (bound && (!serial || integerHex(serial, 'a signature') === certificate.serial)) return true;
  return fail(problems, 'the signature is bound to another certificate (ESS signing-certificate differs)');
}

function checkSignature(
  info: SignerInfo,
  certificate: Certificate,
  digest: DigestAlgorithm | null,
  problems: string[],
): boolean {
  if (info.signedAttributes === null) return false;
  const problem = signatureProblem(
    info.signedAttributes,
    info.signatureAlgorithm,
    digest,
    certificate.x509.publicKey,
    info.signature,
  );
  return problem === null ? true : fail(problems, problem);
}

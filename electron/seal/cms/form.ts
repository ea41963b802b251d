import { isIssuedBy } from '../chain.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { OID } from '../oids.ts';
import { equalBytes, oidOf, parseAsn, type Asn } from '../der/read.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

/**
 * The parts of a CMS structure that no signature covers. They are held to what RFC 5652 says of them, so that a
 * changed byte in them does not go unnoticed.
 */
export function formProblems(signedData: SignedData, info: SignerInfo): string[] {
  const problems: string[] = [];
  const digests = parseAsn(signedData.digestAlgorithms, 'a signature').members;
  // §5.1: the set lists the signers' digest algorithms; with one signer it is that one.
  if (
    digests.length !== 1 ||
    digests.some((one) => !isPlain(one) || oidOf(one.members[0], 'a signature') !== info.digestOid)
  ) {
    problems.push("the list of digest algorithms is not the signer's");
  }
  if (!isPlain(info.digestAlgorithm) || !isWellFormed(info.signatureAlgorithm)) {
    problems.push('an algorithm has unexpected parameters');
  }
  const version = parseAsn(signedData.version, 'a signature').value;
  if (!equalBytes(version, Uint8Array.of(expectedVersion(signedData, info))))
    problems.push('the version is not the one its content asks for');
  const signerVersion = info.sid.kind === 'subjectKeyId' ? 3 : 1;
  if (!equalBytes(info.version, Uint8Array.of(signerVersion)))
    problems.push("the signer's version is not the one its name asks for");
  const unsigned = [...info.unsigned].filter(
    ([type]) => type !== OID.signatureTimestamp && type !== OID.archiveTimestamp,
  );
  if (unsigned.length > 0)
    problems.push(`it has the unsigned attribute ${unsigned[0]?.[0]}, which is not checked here`);
  return problems;
}

/** §5.1: 5 with other revocation formats, 3 for a type other than data or a signer named by key, else 1. */
function expectedVersion(signedData: SignedData, info: SignerInfo): number {
  if (signedData.revocations.some((choice) => choice[0] === 0xa1)) return 5;
  return signedData.contentType !== OID.data || info.sid.kind === 'subjectKeyId' ? 3 : 1;
}

const isNull = (node: Asn): boolean => node.tag === 0x05 && node.der.length === 2;

/** SEQUENCE { OID, NULL or nothing }. */
const isPlain = (algorithm: Asn): boolean =>
  algorithm.tag === 0x30 && algorithm.members.slice(1).every(isNull) && algorithm.members.length <= 2;

const isWellFormed = (algorithm: Asn): boolean =>
  isPlain(algorithm) ||
  (algorithm.members.length === 2 && oidOf(algorithm.members[0], 'a signature') === OID.rsaPss);

/** What is known of the certificates inside a signature beyond the signer's own, which the signature itself binds. */
export interface InsideCertificates {
  /** Sentences: a certificate that has no part in the signer's path, is altered, or is there twice. */
  readonly problems: readonly string[];
  /** Fingerprints of those whose own signature cannot be checked because their issuer is not at hand. */
  readonly unchecked: readonly string[];
}

/**
 * Checks that every certificate inside is on a path of somebody who has a part in the signature, and that its own
 * signature holds.
 *
 * @param parties the signer; the authorities of its tokens; whoever signed the revocation data inside.
 */
export function checkInside(
  parties: readonly Certificate[],
  inside: readonly Uint8Array[],
  known: readonly Uint8Array[],
): InsideCertificates {
  const embedded = inside.map(readCertificate);
  const pool = [...embedded, ...known.map(readCertificate)];
  const reached = issuersAbove(parties, pool);
  const unverified = embedded.filter(
    (certificate) => !pool.some((issuer) => isIssuedBy(certificate, issuer)),
  );
  const twice = embedded.length !== new Set(embedded.map((certificate) => certificate.fingerprint)).size;
  return {
    problems: [
      ...embedded
        .filter((certificate) => !reached.has(certificate.fingerprint))
        .map((certificate) => `the certificate of "${certificate.subject}" inside it has no part in it`),
      ...unverified.flatMap((certificate) => contradiction(certificate, pool)),
      ...(twice ? ['a certificate is inside it twice'] : []),
    ],
    unchecked: unverified.map((certificate) => certificate.fingerprint),
  };
}

/** Fingerprints of certificates and of all that may have issued them, directly or not. */
function issuersAbove(parties: readonly Certificate[], pool: readonly Certificate[]): Set<string> {
  const reached = new Set(parties.map((certificate) => certificate.fingerprint));
  const queue = [...parties];
  for (let subject = queue.pop(); subject; subject = queue.pop()) {
    for (const candidate of pool) {
      if (reached.has(candidate.fingerprint) || !isIssuedBy(subject, candidate)) continue;
      reached.add(candidate.fingerprint);
      queue.push(candidate);
    }
  }
  return reached;
}

/** Why a certificate whose signature verifies with nothing at hand cannot be what its CA issued. */
function contradiction(certificate: Certificate, pool: readonly Certificate[]): string[] {
  if (pool.some((other) => equalBytes(certificate.issuerName, other.subjectName))) {
    return [`the certificate of "${certificate.subject}" inside it does not verify with its issuer's key`];
  }
  // A cross-certificate has the name and key of a known root too, but a number of its own.
  const twin = pool.some(
    (other) =>
      other.fingerprint !== certificate.fingerprint &&
      other.serial === certificate.serial &&
      equalBytes(certificate.subjectName, other.subjectName),
  );
  return twin
    ? [`the certificate of "${certificate.subject}" inside it differs from the known one of its number`]
    : [];
}

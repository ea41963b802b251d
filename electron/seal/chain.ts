import { readCertificate, type Certificate } from './certificate.ts';
import { equalBytes } from './der/read.ts';

/** A path from a certificate towards a trusted one, and what is wrong with it. */
export interface Chain {
  /** `trusted`: ends at a given trusted certificate. `self-asserted`: it does not; who signed is only claimed. */
  readonly trust: 'trusted' | 'self-asserted';
  /** From the certificate itself towards its root, as far as it could be followed. */
  readonly path: readonly Certificate[];
  /** Sentences: expired at the moment asked for, not a CA, unknown critical extension ... Empty when sound. */
  readonly problems: readonly string[];
}

const LONGEST_PATH = 8;
const MOST_STEPS = 200;

/**
 * Finds and checks the path of a certificate (RFC 5280 §6, without name constraints: those make a path unusable).
 *
 * A certificate that is itself in the trusted list is trusted as it stands, which is how a self-signed signer is pinned.
 *
 * @param at the moment at which every certificate of the path must be valid.
 */
export function buildChain(
  leaf: Certificate,
  others: readonly Uint8Array[],
  trusted: readonly Uint8Array[],
  at: Date,
): Chain {
  const anchors = new Set(trusted.map((der) => readCertificate(der).fingerprint));
  const pool = unique([...trusted, ...others].map(readCertificate));
  let steps = 0;

  function walk(path: readonly Certificate[]): readonly Certificate[] | null {
    const last = path[path.length - 1] as Certificate;
    if (anchors.has(last.fingerprint)) return path;
    if (path.length >= LONGEST_PATH || ++steps > MOST_STEPS) return null;
    for (const issuer of issuersOf(last, pool)) {
      if (path.some((seen) => seen.fingerprint === issuer.fingerprint)) continue;
      const found = walk([...path, issuer]);
      if (found) return found;
    }
    return null;
  }

  const found = walk([leaf]);
  const path = found ?? longestPath(leaf, pool);
  return { trust: found ? 'trusted' : 'self-asserted', path, problems: problemsOf(path, at) };
}

function unique(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint, certificate])).values()];
}

function issuersOf(certificate: Certificate, pool: readonly Certificate[]): Certificate[] {
  return pool.filter((candidate) => isIssuedBy(certificate, candidate));
}

/** Whether names match and the signature over `certificate` is the candidate's. */
export function isIssuedBy(certificate: Certificate, candidate: Certificate): boolean {
  if (!equalBytes(certificate.issuerName, candidate.subjectName)) return false;
  try {
    return certificate.x509.verify(candidate.x509.publicKey);
  } catch {
    return false; // a key of another type than the signature
  }
}

const isSelfIssued = (certificate: Certificate): boolean =>
  equalBytes(certificate.subjectName, certificate.issuerName);

function longestPath(leaf: Certificate, pool: readonly Certificate[]): Certificate[] {
  const path = [leaf];
  for (let last = leaf; path.length < LONGEST_PATH && !isSelfIssued(last);) {
    const issuer = issuersOf(last, pool).find((candidate) => !path.includes(candidate));
    if (!issuer) break;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

function problemsOf(path: readonly Certificate[], at: Date): string[] {
  return path.flatMap((certificate, index) => [
    ...validityProblems(certificate, at),
    ...certificate.unknownCritical.map(
      (oid) =>
        `the certificate of "${certificate.subject}" has the critical extension ${oid}, which is not checked here`,
    ),
    ...(index === 0 ? [] : issuerProblems(certificate, path.slice(1, index))),
  ]);
}

/** Why a certificate is not valid at a moment: at most one sentence. */
export function validityProblems(certificate: Certificate, at: Date): string[] {
  if (at > certificate.notAfter) {
    return [
      `the certificate of "${certificate.subject}" had expired (${certificate.notAfter.toISOString()}) at ${at.toISOString()}`,
    ];
  }
  if (at < certificate.notBefore) {
    return [
      `the certificate of "${certificate.subject}" was not yet valid (${certificate.notBefore.toISOString()}) at ${at.toISOString()}`,
    ];
  }
  return [];
}

function issuerProblems(issuer: Certificate, between: readonly Certificate[]): string[] {
  const problems: string[] = [];
  if (!issuer.ca) problems.push(`"${issuer.subject}" issued a certificate but is not a CA`);
  if (issuer.keyUsage !== null && !issuer.keyUsage.has('keyCertSign')) {
    problems.push(`"${issuer.subject}" may not sign certificates`);
  }
  const casBelow = between.filter((certificate) => !isSelfIssued(certificate)).length;
  if (issuer.pathLength !== null && casBelow > issuer.pathLength) {
    problems.push(`"${issuer.subject}" allows ${issuer.pathLength} CAs below it and there are ${casBelow}`);
  }
  return problems;
}

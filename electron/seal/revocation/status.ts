import type { Certificate } from '../certificate.ts';
import { SealError } from '../error.ts';
import { parseCrl, type Revoked } from './crl.ts';
import { parseOcsp } from './ocsp.ts';

/** What an issuer says of one of its certificates, from revocation data at hand. */
export interface RevocationStatus {
  /** `not-needed`: roots, and certificates that say of themselves that they are never revoked (RFC 9608). */
  readonly status: 'good' | 'revoked' | 'unknown' | 'not-needed';
  readonly revoked: Revoked | null;
  /** The moment the issuer speaks of (thisUpdate); null when it is silent. */
  readonly asOf: Date | null;
  /** When the issuer promised to speak again (nextUpdate); null when it did not say. */
  readonly until: Date | null;
  readonly source: 'CRL' | 'OCSP' | null;
  /** Why data that seemed to be about it does not count. */
  readonly problems: readonly string[];
}

/** Revocation data at hand, DER. */
export interface RevocationData {
  readonly crls: readonly Uint8Array[];
  /** OCSPResponse structures. */
  readonly ocsps: readonly Uint8Array[];
}

interface Statement {
  readonly source: 'CRL' | 'OCSP';
  readonly asOf: Date;
  readonly until: Date | null;
  readonly revoked: Revoked | null;
}

/** Nobody said anything that counts. */
export const silent = (
  status: 'unknown' | 'not-needed',
  problems: readonly string[] = [],
): RevocationStatus => ({ status, revoked: null, asOf: null, until: null, source: null, problems });

/**
 * The newest statement that counts: signed by the issuer or whom it appointed, and made after the certificate began to
 * exist. Data that cannot be read or are about others are passed over.
 */
export function revocationStatus(
  certificate: Certificate,
  issuer: Certificate,
  data: RevocationData,
): RevocationStatus {
  if (certificate.neverRevoked || certificate.fingerprint === issuer.fingerprint) return silent('not-needed');
  const problems: string[] = [];
  const statements = [
    ...data.ocsps.flatMap((der) => ocspStatement(der, certificate, issuer, problems)),
    ...data.crls.flatMap((der) => crlStatement(der, certificate, issuer, problems)),
  ].filter((statement) => {
    const early = statement.asOf < certificate.notBefore;
    if (early)
      problems.push(`the ${statement.source} is older than the certificate of "${certificate.subject}"`);
    return !early;
  });
  // A revocation once stated stands, whatever another source says (a hold may end, but did hold).
  const revoked = statements.find((statement) => statement.revoked !== null);
  const newest = statements.sort((a, b) => b.asOf.getTime() - a.asOf.getTime())[0];
  const told = revoked ?? newest;
  if (!told) return silent('unknown', problems);
  return {
    status: told.revoked ? 'revoked' : 'good',
    revoked: told.revoked,
    asOf: told.asOf,
    until: told.until,
    source: told.source,
    problems,
  };
}

function ocspStatement(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
  problems: string[],
): Statement[] {
  return readable(() => {
    const response = parseOcsp(der);
    const answer = response.answerOn(certificate, issuer);
    if (!answer || answer.status === 'unknown') return [];
    const signed = response.signedFor(issuer);
    if ('problem' in signed) {
      problems.push(`the OCSP response on "${certificate.subject}": ${signed.problem}`);
      return [];
    }
    return [{ source: 'OCSP', asOf: answer.thisUpdate, until: answer.nextUpdate, revoked: answer.revoked }];
  });
}

function crlStatement(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
  problems: string[],
): Statement[] {
  return readable(() => {
    const crl = parseCrl(der);
    if (Buffer.compare(crl.issuerName, issuer.subjectName) !== 0) return [];
    const problem = crl.problemWith(issuer);
    if (problem !== null) {
      problems.push(`the CRL of "${issuer.subject}": ${problem}`);
      return [];
    }
    if (crl.unknownCritical.length > 0) {
      problems.push(`the CRL of "${issuer.subject}" is limited in a way that is not read here`);
      return [];
    }
    return [
      {
        source: 'CRL',
        asOf: crl.thisUpdate,
        until: crl.nextUpdate,
        revoked: crl.entryOf(certificate.serial),
      },
    ];
  });
}

function readable(read: () => Statement[]): Statement[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof SealError) return [];
    throw error;
  }
}

import { hash } from 'node:crypto';
import { isIssuedBy } from '../chain.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { parseSignedData } from '../cms/signed-data.ts';
import { SealError } from '../error.ts';
import { equalBytes } from '../der/read.ts';
import { retrieve, type RetrievalOptions } from './fetch.ts';
import { encodeOcspRequest, parseOcsp } from './ocsp.ts';
import { parseCrl } from './crl.ts';
import { revocationStatus, type RevocationData } from './status.ts';

/** What a later reader needs to check certificates without asking anyone (DER). */
export interface ValidationData extends RevocationData {
  readonly certificates: readonly Uint8Array[];
}

/** Validation data with what became of the gathering. */
export interface Gathered {
  readonly data: ValidationData;
  /** Sentences: what could not be had. Empty when everything for level LT is there. */
  readonly lacking: readonly string[];
  /** Hosts that were asked, in order. */
  readonly hosts: readonly string[];
}

export interface GatherOptions extends RetrievalOptions {
  /** Certificates at hand, DER: the signer's, those inside tokens, roots. */
  readonly known: readonly Uint8Array[];
  /** Paths end at these (DER), and at self-signed certificates. */
  readonly trusted?: readonly Uint8Array[];
  /** What to ask for first; default OCSP. */
  readonly prefer?: 'CRL' | 'OCSP';
}

const LONGEST_PATH = 8;
/** Clocks of authorities and of this machine may differ by that much. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Gathers, for each certificate, its path (authority information access) and what the issuers say of it (OCSP, else
 * CRL): the validation data of level LT (EN 319 122-1 §6.3, EN 319 142-1 §6.3). Data of the wrong issuer, older than the
 * certificate or past their own end do not count.
 *
 * A service that cannot be reached is named in `lacking`: the level stays lower, and nothing is thrown.
 */
export async function gatherValidationData(
  leaves: readonly Certificate[],
  options: GatherOptions,
): Promise<Gathered> {
  const pool = new Map<string, Uint8Array>();
  for (const der of [...options.known, ...(options.trusted ?? [])]) pool.set(fingerprint(der), der);
  const anchors = new Set((options.trusted ?? []).map(fingerprint));
  const certificates = new Map<string, Uint8Array>();
  const crls = new Map<string, Uint8Array>();
  const ocsps = new Map<string, Uint8Array>();
  const lacking: string[] = [];
  const hosts = new Set<string>();
  const done = new Set<string>();

  async function ask(url: string, request?: Uint8Array): Promise<Uint8Array> {
    if (URL.canParse(url)) hosts.add(new URL(url).host);
    return retrieve(url, options, request);
  }

  async function issuerOf(certificate: Certificate): Promise<Certificate | null> {
    const known = [...pool.values()].map(readCertificate).find((one) => isIssuedBy(certificate, one));
    if (known) return known;
    for (const url of certificate.issuerUrls) {
      try {
        for (const der of certificatesIn(await ask(url))) pool.set(fingerprint(der), der);
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        lacking.push(error.message);
      }
      const found = [...pool.values()].map(readCertificate).find((one) => isIssuedBy(certificate, one));
      if (found) return found;
    }
    return null;
  }

  async function cover(certificate: Certificate, depth: number): Promise<void> {
    if (done.has(certificate.fingerprint) || depth > LONGEST_PATH) return;
    done.add(certificate.fingerprint);
    certificates.set(certificate.fingerprint, certificate.der);
    const selfSigned = equalBytes(certificate.subjectName, certificate.issuerName);
    if (anchors.has(certificate.fingerprint) || selfSigned) return;
    const issuer = await issuerOf(certificate);
    if (!issuer) {
      lacking.push(`the certificate that issued "${certificate.subject}" is not at hand`);
      return;
    }
    const responder = await revocationFor(certificate, issuer);
    if (responder) await cover(responder, depth + 1);
    await cover(issuer, depth + 1);
  }

  /** Adds what the issuer says; returns a responder whose own certificate may be revoked too. */
  async function revocationFor(certificate: Certificate, issuer: Certificate): Promise<Certificate | null> {
    if (certificate.neverRevoked) return null;
    const held = { crls: [...crls.values()], ocsps: [...ocsps.values()] };
    if (revocationStatus(certificate, issuer, held).status === 'good') return null;
    const failures: string[] = [];
    const services = [
      ...certificate.ocspUrls.map((url) => ['OCSP', url] as const),
      ...certificate.crlUrls.map((url) => ['CRL', url] as const),
    ];
    if (options.prefer === 'CRL') services.reverse();
    for (const [kind, url] of services) {
      try {
        const der = await ask(url, kind === 'OCSP' ? encodeOcspRequest(certificate, issuer) : undefined);
        const one = { crls: kind === 'CRL' ? [der] : [], ocsps: kind === 'OCSP' ? [der] : [] };
        const problem = currentProblem(certificate, issuer, kind, der, one);
        if (problem !== null) {
          failures.push(`${new URL(url).host}: ${problem}`);
          continue;
        }
        if (kind === 'CRL') {
          crls.set(fingerprint(der), der);
          return null;
        }
        ocsps.set(fingerprint(der), der);
        const signed = parseOcsp(der).signedFor(issuer);
        const responder = 'responder' in signed ? signed.responder : null;
        return responder && responder.fingerprint !== issuer.fingerprint && !responder.ocspNoCheck
          ? responder
          : null;
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        failures.push(error.message);
      }
    }
    lacking.push(
      failures.length > 0
        ? `nothing tells whether the certificate of "${certificate.subject}" was revoked: ${failures.join('; ')}`
        : `the certificate of "${certificate.subject}" names no revocation service`,
    );
    return null;
  }

  for (const leaf of leaves) await cover(leaf, 0);
  return {
    data: {
      certificates: [...certificates.values()],
      crls: [...crls.values()],
      ocsps: [...ocsps.values()],
    },
    lacking: [...new Set(lacking)],
    hosts: [...hosts],
  };
}

/** Why an answer just received is of no use now, or null. A revoked certificate is an answer of its own. */
function currentProblem(
  certificate: Certificate,
  issuer: Certificate,
  kind: 'CRL' | 'OCSP',
  der: Uint8Array,
  one: RevocationData,
): string | null {
  const { status, problems, revoked } = revocationStatus(certificate, issuer, one);
  if (status === 'revoked')
    return `the certificate of "${certificate.subject}" was revoked on ${revoked!.at.toISOString()}`;
  if (status === 'unknown') return problems.join('; ') || 'its answer is not about this certificate';
  const until =
    kind === 'CRL'
      ? parseCrl(der).nextUpdate
      : (parseOcsp(der).answerOn(certificate, issuer)?.nextUpdate ?? null);
  return until !== null && until.getTime() + CLOCK_SKEW_MS < Date.now()
    ? `its answer ended on ${until.toISOString()}`
    : null;
}

const fingerprint = (der: Uint8Array): string => hash('sha256', der, 'hex');

/** An issuer as authorities serve it (RFC 5280 §4.2.2.1): one DER certificate, or a "certs-only" CMS. */
function certificatesIn(bytes: Uint8Array): readonly Uint8Array[] {
  try {
    return [readCertificate(bytes).der];
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return parseSignedData(bytes, 'the issuer certificate').certificates;
  }
}

import { hash } from 'node:crypto';
import { isIssuedBy } from '../chain.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { keyIdentifier } from '../pki/issue.ts';
import { OID } from '../oids.ts';
import { signatureProblem } from '../signature-scheme.ts';
import {
  equalBytes,
  integerHex,
  isDer,
  isTag,
  malformed,
  octetsOf,
  oidOf,
  parseAsn,
  timeOf,
  type Asn,
} from '../der/read.ts';
import { integer, nullValue, objectIdentifier, octetString, sequence } from '../der/write.ts';
import type { Revoked } from './crl.ts';

const WHAT = 'an OCSP response';

/**
 * CertID (RFC 6960 §4.1.1). SHA-1 is what every responder understands (RFC 5019 §2.1.1); it names a certificate here
 * and protects nothing.
 */
export function certificateId(certificate: Certificate, issuer: Certificate): Uint8Array {
  const key = issuer.x509.publicKey.export({ type: 'spki', format: 'der' });
  return sequence(
    sequence(objectIdentifier(OID.sha1), nullValue()),
    octetString(hash('sha1', issuer.subjectName, 'buffer')),
    octetString(keyIdentifier(key)),
    integer(Buffer.from(certificate.serial, 'hex')),
  );
}

/** OCSPRequest for one certificate (RFC 6960 §4.1.1), without a nonce: responders answer from what they made before. */
export const encodeOcspRequest = (certificate: Certificate, issuer: Certificate): Uint8Array =>
  sequence(sequence(sequence(sequence(certificateId(certificate, issuer)))));

/** What a response says of one certificate. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revoked: Revoked | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
}

/** A basic OCSP response (RFC 6960 §4.2.1), read but not yet checked. */
export interface Ocsp {
  readonly der: Uint8Array;
  readonly producedAt: Date;
  /** Certificates inside, DER. */
  readonly certificates: readonly Uint8Array[];
  /** What it says of a certificate, or null when it is about others. */
  answerOn(certificate: Certificate, issuer: Certificate): OcspAnswer | null;
  /** The certificate that signed it: the issuer, or one the issuer appointed (§4.2.2.2); else the reason. */
  signedFor(issuer: Certificate): { responder: Certificate } | { problem: string };
}

/** @throws SealError MALFORMED, also for a response that is an error (tryLater, unauthorized …). */
export function parseOcsp(der: Uint8Array): Ocsp {
  const whole = parseAsn(der, WHAT);
  const [status, bytes] = whole.members;
  if (!isDer(whole) || !isTag(status, 0x0a)) throw malformed(WHAT, 'it is no OCSP response');
  if (status.value[0] !== 0) throw malformed(WHAT, `the responder refused (status ${status.value[0]})`);
  const [type, basicOctets] = bytes?.members[0]?.members ?? [];
  if (oidOf(type, WHAT) !== OID.ocspBasic) throw malformed(WHAT, 'it is not a basic response');
  const basic = parseAsn(octetsOf(basicOctets, WHAT), WHAT);
  const [data, algorithm, value, wrapped] = basic.members;
  if (!isDer(basic) || !data || !algorithm || !isTag(value, 0x03)) throw malformed(WHAT, 'a part is missing');
  const parts = isTag(data.members[0], 0xa0) ? data.members.slice(1) : data.members;
  const [, producedAt, responses] = parts;
  const certificates = (wrapped?.members[0]?.members ?? []).map((node) => node.der);
  return {
    der,
    producedAt: timeOf(producedAt, WHAT),
    certificates,
    answerOn(certificate, issuer) {
      const single = responses?.members.find((one) => isAbout(one.members[0], certificate, issuer));
      return single ? answerOf(single) : null;
    },
    signedFor(issuer) {
      if (value.value[0] !== 0) return { problem: 'its signature has odd bits' };
      const candidates = [issuer, ...certificates.map(readCertificate)];
      const responder = candidates.find(
        (one) =>
          signatureProblem(data.der, algorithm, null, one.x509.publicKey, value.value.subarray(1)) === null,
      );
      if (!responder) return { problem: 'its signature does not verify' };
      if (responder.fingerprint === issuer.fingerprint) return { responder };
      if (!isIssuedBy(responder, issuer) || !responder.extendedKeyUsage?.purposes.includes(OID.ocspSigning))
        return { problem: `"${responder.subject}" was not appointed by "${issuer.subject}" to answer` };
      return { responder };
    },
  };
}

function isAbout(id: Asn | undefined, certificate: Certificate, issuer: Certificate): boolean {
  const [algorithm, nameHash, keyHash, serial] = id?.members ?? [];
  const name = HASHES[oidOf(algorithm?.members[0], WHAT)];
  if (name === undefined || integerHex(serial, WHAT) !== certificate.serial) return false;
  const key = issuer.x509.publicKey.export({ type: 'spki', format: 'der' });
  const bits = parseAsn(key, 'a public key').members[1]?.value.subarray(1) ?? new Uint8Array();
  return (
    equalBytes(octetsOf(nameHash, WHAT), hash(name, issuer.subjectName, 'buffer')) &&
    equalBytes(octetsOf(keyHash, WHAT), hash(name, bits, 'buffer'))
  );
}

const HASHES: Record<string, string> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

function answerOf(single: Asn): OcspAnswer {
  const [, status, thisUpdate, ...rest] = single.members;
  const next = rest.find((node) => node.tag === 0xa0);
  const dates = {
    thisUpdate: timeOf(thisUpdate, WHAT),
    nextUpdate: next ? timeOf(next.members[0], WHAT) : null,
  };
  if (status?.tag === 0x80) return { status: 'good', revoked: null, ...dates };
  if (status?.tag !== 0xa1) return { status: 'unknown', revoked: null, ...dates };
  const [at, reason] = status.members;
  return {
    status: 'revoked',
    revoked: { at: timeOf(at, WHAT), reason: reason?.members[0]?.value[0] ?? null, invalidSince: null },
    ...dates,
  };
}

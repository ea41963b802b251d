import { readCertificate, type Certificate } from '../certificate.ts';
import { signatureProblem } from '../signature-scheme.ts';
import {
  equalBytes,
  integerHex,
  isDer,
  isTag,
  malformed,
  oidOf,
  parseAsn,
  timeOf,
  type Asn,
} from '../der/read.ts';
import { OID } from '../oids.ts';

/** A certificate's entry in a revocation list. */
export interface Revoked {
  readonly at: Date;
  /** CRLReason (RFC 5280 §5.3.1); null when none is stated. */
  readonly reason: number | null;
  /** Since when the key is believed to be lost (RFC 5280 §5.3.2); null when nothing is said. */
  readonly invalidSince: Date | null;
}

/** A certificate revocation list (RFC 5280 §5), read but not yet checked. */
export interface Crl {
  readonly der: Uint8Array;
  /** Name as DER, for comparison. */
  readonly issuerName: Uint8Array;
  readonly thisUpdate: Date;
  /** When the next list is due at the latest; null when the list does not say. */
  readonly nextUpdate: Date | null;
  /** Critical extensions that are not processed here (a delta list, a list for some reasons or certificates only). */
  readonly unknownCritical: readonly string[];
  /** Entry of a serial number (lower-case hex), or null. */
  entryOf(serial: string): Revoked | null;
  /** Why the list is not the issuer's, or null. */
  problemWith(issuer: Certificate): string | null;
}

const WHAT = 'a revocation list';

/** @throws SealError MALFORMED */
export function parseCrl(der: Uint8Array): Crl {
  const whole = parseAsn(der, WHAT);
  const [tbs, algorithm, value] = whole.members;
  if (!isDer(whole) || !tbs || !algorithm || !isTag(value, 0x03) || whole.members.length !== 3)
    throw malformed(WHAT, 'it is no CRL');
  const parts = [...tbs.members];
  if (isTag(parts[0], 0x02)) parts.shift();
  const [inner, issuer, thisUpdate, ...rest] = parts;
  if (!inner || !issuer || issuer.tag !== 0x30) throw malformed(WHAT, 'it names no issuer');
  const nextUpdate = isTag(rest[0], 0x17) || isTag(rest[0], 0x18) ? rest.shift() : undefined;
  const entries = isTag(rest[0], 0x30) ? rest.shift() : undefined;
  const extensions = isTag(rest[0], 0xa0) ? (rest[0].members[0]?.members ?? []) : [];
  let bySerial: Map<string, Asn> | null = null;
  return {
    der,
    issuerName: issuer.der,
    thisUpdate: timeOf(thisUpdate, WHAT),
    nextUpdate: nextUpdate ? timeOf(nextUpdate, WHAT) : null,
    unknownCritical: extensions.filter(isCritical).map((extension) => oidOf(extension.members[0], WHAT)),
    entryOf(serial) {
      // Lists have up to a million entries: an index is made only when one is asked for.
      bySerial ??= new Map((entries?.members ?? []).map((one) => [integerHex(one.members[0], WHAT), one]));
      const entry = bySerial.get(serial);
      return entry ? revokedOf(entry) : null;
    },
    problemWith(certificate) {
      if (!equalBytes(issuer.der, certificate.subjectName)) return 'the revocation list is of another issuer';
      if (certificate.keyUsage !== null && !certificate.keyUsage.has('cRLSign'))
        return `"${certificate.subject}" may not sign revocation lists`;
      // What stands beside the signed part is signed by nothing: it must repeat it exactly (§5.1.1.2).
      if (!equalBytes(inner.der, algorithm.der) || value.value[0] !== 0)
        return 'the revocation list states two algorithms';
      return signatureProblem(tbs.der, algorithm, null, certificate.x509.publicKey, value.value.subarray(1));
    },
  };
}

const isCritical = ({ members }: Asn): boolean => isTag(members[1], 0x01) && members[1].value[0] !== 0;

function revokedOf(entry: Asn): Revoked {
  const extension = (oid: string): Asn | null => {
    const found = entry.members[2]?.members.find(({ members }) => oidOf(members[0], WHAT) === oid);
    return found ? parseAsn(found.members.at(-1)?.value ?? new Uint8Array(), WHAT) : null;
  };
  const invalidSince = extension(OID.invalidityDate);
  return {
    at: timeOf(entry.members[1], WHAT),
    reason: extension(OID.crlReason)?.value[0] ?? null,
    invalidSince: invalidSince ? timeOf(invalidSince, WHAT) : null,
  };
}

/** Whether a list's name and signature are those of one of the certificates. */
export const crlIssuer = (crl: Crl, pool: readonly Uint8Array[]): Certificate | null =>
  pool.map(readCertificate).find((candidate) => crl.problemWith(candidate) === null) ?? null;

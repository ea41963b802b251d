import { X509Certificate } from 'node:crypto';
import { SealError } from './error.ts';
import { OID } from './oids.ts';
import {
  type Asn,
  integerHex,
  isDer,
  isTag,
  malformed,
  oidOf,
  octetsOf,
  parseAsn,
  timeOf,
} from './der/read.ts';

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** What sealing and verification need to know of one X.509 certificate (RFC 5280). */
export interface Certificate {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  /** For people, most specific part first: "CN=..., O=...". */
  readonly subject: string;
  readonly issuer: string;
  /** Names as DER, for comparison. */
  readonly subjectName: Uint8Array;
  readonly issuerName: Uint8Array;
  /** Lower-case hex. */
  readonly serial: string;
  /** Lower-case hex SHA-256 of the DER. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Null when the certificate does not restrict use. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  readonly extendedKeyUsage: { readonly critical: boolean; readonly purposes: readonly string[] } | null;
  readonly ca: boolean;
  /** Most CA certificates that may follow below this one; null when unlimited. */
  readonly pathLength: number | null;
  readonly subjectKeyId: string | null;
  readonly crlUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  /** True when the OCSP responder's certificate needs no revocation check of its own (RFC 6960 §4.2.2.2.1). */
  readonly ocspNoCheck: boolean;
  /** It says of itself that it is never revoked: RFC 9608, or valid for so short (EN 319 412-1 §5.2). */
  readonly neverRevoked: boolean;
  /** Critical extensions that this software does not process: their presence forbids trust (RFC 5280 §4.2). */
  readonly unknownCritical: readonly string[];
}

const PROCESSED = new Set<string>([
  OID.keyUsage,
  OID.basicConstraints,
  OID.extendedKeyUsage,
  OID.certificatePolicies,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.crlDistributionPoints,
  OID.qcStatements,
]);

interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Reading costs half a millisecond, and verification asks for the same bytes over and over. */
const READ = new WeakMap<Uint8Array, Certificate>();

/** @throws SealError MALFORMED when the bytes are no certificate. */
export function readCertificate(der: Uint8Array): Certificate {
  const known = READ.get(der);
  if (known) return known;
  const certificate = parseCertificate(der);
  READ.set(der, certificate);
  return certificate;
}

function parseCertificate(der: Uint8Array): Certificate {
  const what = 'a certificate';
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
    void x509.publicKey; // is parsed on first use, and throws when it cannot be
  } catch (cause) {
    throw new SealError(
      'MALFORMED',
      'cannot read a certificate: it is not X.509. Give a PEM or DER certificate',
      {
        cause,
      },
    );
  }
  const whole = parseAsn(der, what);
  if (!isDer(whole)) throw malformed(what, 'it is not DER');
  const tbs = whole.members[0]?.members ?? [];
  const at = isTag(tbs[0], 0xa0) ? 1 : 0;
  const [serial, , issuer, validity, subject] = tbs.slice(at);
  if (!issuer || !subject || !validity)
    throw new SealError('MALFORMED', 'cannot read a certificate: a part is missing');
  const extensions = readExtensions(tbs.find((part) => part.tag === 0xa3));
  const eku = extensions.get(OID.extendedKeyUsage);
  const basic = parsed(extensions, OID.basicConstraints);
  const ca = isTag(basic?.members[0], 0x01) && basic.members[0].value[0] !== 0;
  const pathLength = basic?.members.find((part) => part.tag === 0x02);
  const subjectKey = parsed(extensions, OID.subjectKeyIdentifier);
  const access = accessUrls(parsed(extensions, OID.authorityInfoAccess));
  return {
    der,
    x509,
    subject: nameText(subject),
    issuer: nameText(issuer),
    subjectName: subject.der,
    issuerName: issuer.der,
    serial: integerHex(serial, what),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: timeOf(validity.members[0], what),
    notAfter: timeOf(validity.members[1], what),
    keyUsage: keyUsages(parsed(extensions, OID.keyUsage)),
    extendedKeyUsage: eku
      ? {
          critical: eku.critical,
          purposes: parseAsn(eku.value, what).members.map((purpose) => oidOf(purpose, what)),
        }
      : null,
    ca,
    pathLength: ca && pathLength ? Number.parseInt(integerHex(pathLength, what), 16) : null,
    subjectKeyId: subjectKey ? Buffer.from(octetsOf(subjectKey, what)).toString('hex') : null,
    crlUrls: crlUrls(parsed(extensions, OID.crlDistributionPoints)),
    ocspUrls: access.filter(([method]) => method === OID.ocspAccess).map(([, url]) => url),
    issuerUrls: access.filter(([method]) => method === OID.caIssuersAccess).map(([, url]) => url),
    ocspNoCheck: extensions.has(OID.ocspNoCheck),
    neverRevoked: extensions.has(OID.noRevocationAvailable) || extensions.has(OID.shortTermAssured),
    unknownCritical: [...extensions]
      .filter(([oid, { critical }]) => critical && !PROCESSED.has(oid))
      .map(([oid]) => oid),
  };
}

function readExtensions(wrapper: Asn | undefined): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const { members } of wrapper?.members[0]?.members ?? []) {
    const critical = isTag(members[1], 0x01) && members[1].value[0] !== 0;
    extensions.set(oidOf(members[0], 'a certificate'), {
      critical,
      value: octetsOf(members.at(-1), 'a certificate'),
    });
  }
  return extensions;
}

function parsed(extensions: Map<string, Extension>, oid: string): Asn | null {
  const extension = extensions.get(oid);
  return extension ? parseAsn(extension.value, 'a certificate extension') : null;
}

function keyUsages(bits: Asn | null): Set<KeyUsage> | null {
  if (bits === null) return null;
  const first = bits.value[1] ?? 0;
  return new Set(KEY_USAGES.filter((_, index) => (first & (0x80 >> index)) !== 0));
}

const text = (node: Asn): string => Buffer.from(node.value).toString('latin1');

/** Web addresses among the full names of the distribution points (RFC 5280 §4.2.1.13). */
function crlUrls(points: Asn | null): string[] {
  const names = (points?.members ?? []).flatMap((point) =>
    point.members
      .filter((part) => part.tag === 0xa0)
      .flatMap((name) => name.members.filter((part) => part.tag === 0xa0)),
  );
  return names.flatMap((full) => full.members.filter((name) => name.tag === 0x86).map(text));
}

function accessUrls(access: Asn | null): [method: string, url: string][] {
  return (access?.members ?? []).flatMap(({ members }) =>
    isTag(members[1], 0x86)
      ? [[oidOf(members[0], 'a certificate'), text(members[1])] as [string, string]]
      : [],
  );
}

const ATTRIBUTE_NAMES: Record<string, string> = {
  [OID.commonName]: 'CN',
  [OID.country]: 'C',
  [OID.organization]: 'O',
  [OID.organizationalUnit]: 'OU',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** A distinguished name in RFC 4514 order (most specific first), for display only. */
export function nameText(name: Asn): string {
  return name.members
    .flatMap((rdn) => rdn.members)
    .map(({ members: [type, value] }) => {
      const oid = oidOf(type, 'a name');
      return `${ATTRIBUTE_NAMES[oid] ?? oid}=${value ? stringValue(value).replace(/[,\\]/g, '\\$&') : ''}`;
    })
    .reverse()
    .join(', ');
}

function stringValue(node: Asn): string {
  const bytes = Buffer.from(node.value);
  if (node.tag === 0x1e && bytes.length % 2 === 0) return bytes.swap16().toString('utf16le');
  return bytes.toString(node.tag === 0x0c ? 'utf8' : 'latin1');
}

/** The common name if there is one, else the whole name. */
export const displayName = (certificate: Certificate): string =>
  /(?:^|, )CN=((?:\\.|[^,\\])*)/.exec(certificate.subject)?.[1]?.replace(/\\(.)/g, '$1') ??
  certificate.subject;

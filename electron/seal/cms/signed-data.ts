import { OID } from '../oids.ts';
import {
  type Asn,
  expectTag,
  integerHex,
  isDer,
  malformed,
  member,
  octetsOf,
  oidOf,
  parseAsn,
} from '../der/read.ts';
import { concat } from '../der/write.ts';

/** One signer's part of a CMS signature (RFC 5652 §5.3), its pieces as the bytes they came in. */
export interface SignerInfo {
  readonly der: Uint8Array;
  readonly version: Uint8Array;
  readonly digestAlgorithm: Asn;
  readonly sid:
    | { readonly kind: 'issuerAndSerial'; readonly issuer: Uint8Array; readonly serial: string }
    | { readonly kind: 'subjectKeyId'; readonly keyId: string };
  readonly digestOid: string;
  /** The signed attributes as a SET OF: what the signature is over. Null when there are none. */
  readonly signedAttributes: Uint8Array | null;
  /** Attribute values by type: the TLVs of the SET. */
  readonly signed: ReadonlyMap<string, readonly Asn[]>;
  readonly unsigned: ReadonlyMap<string, readonly Asn[]>;
  /** The unsigned attributes as TLVs, in order. */
  readonly unsignedAttributes: readonly Uint8Array[];
  readonly signatureAlgorithm: Asn;
  readonly signature: Uint8Array;
  /** Everything before the unsigned attributes, to write the structure again around other ones. */
  readonly head: readonly Uint8Array[];
}

/** A CMS SignedData (RFC 5652 §5.1), its pieces as the bytes they came in. */
export interface SignedData {
  readonly version: Uint8Array;
  readonly digestAlgorithms: Uint8Array;
  readonly encapsulated: Uint8Array;
  readonly contentType: string;
  /** Null for a detached signature. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Uint8Array[];
  /** RevocationInfoChoices: CRLs as they are, OCSP responses in [1] (RFC 5940). */
  readonly revocations: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

/** @throws SealError MALFORMED */
export function parseSignedData(
  der: Uint8Array,
  what = 'a CMS signature',
  options: { trailing?: 'forbidden' | 'zeros' } = {},
): SignedData {
  const contentInfo = expectTag(parseAsn(der, what, options), 0x30, what);
  if (!isDer(contentInfo)) throw malformed(what, 'it is not DER');
  if (oidOf(contentInfo.members[0], what) !== OID.signedData || contentInfo.members.length !== 2) {
    throw malformed(what, 'it is not CMS SignedData');
  }
  const inner = member(contentInfo, 1, 0xa0, what);
  const parts = [...member(inner, 0, 0x30, what).members];
  const version = expectTag(parts.shift(), 0x02, what);
  const digestAlgorithms = expectTag(parts.shift(), 0x31, what);
  const encapsulated = expectTag(parts.shift(), 0x30, what);
  const certificates = parts[0]?.tag === 0xa0 ? parts.shift() : undefined;
  const revocations = parts[0]?.tag === 0xa1 ? parts.shift() : undefined;
  const signers = expectTag(parts.shift(), 0x31, what);
  if (parts.length > 0 || inner.members.length !== 1) throw malformed(what, 'it has unexpected parts');
  const content = encapsulated.members[1] ? expectTag(encapsulated.members[1], 0xa0, what) : null;
  return {
    version: version.der,
    digestAlgorithms: digestAlgorithms.der,
    encapsulated: encapsulated.der,
    contentType: oidOf(encapsulated.members[0], what),
    content: content ? octetsOf(content.members[0], what) : null,
    certificates: (certificates?.members ?? []).map((node) => expectTag(node, 0x30, what).der),
    revocations: (revocations?.members ?? []).map((node) => node.der),
    signers: signers.members.map((node) => parseSignerInfo(expectTag(node, 0x30, what), what)),
  };
}

function parseSignerInfo(node: Asn, what: string): SignerInfo {
  const parts = [...node.members];
  const version = expectTag(parts.shift(), 0x02, what);
  const sid = parts.shift();
  if (sid?.tag !== 0x30 && sid?.tag !== 0x80) throw malformed(what, 'it does not name its signer');
  const digest = expectTag(parts.shift(), 0x30, what);
  const signedSet = parts[0]?.tag === 0xa0 ? parts.shift() : undefined;
  const algorithm = expectTag(parts.shift(), 0x30, what);
  const signature = expectTag(parts.shift(), 0x04, what);
  const unsignedSet = parts[0]?.tag === 0xa1 ? parts.shift() : undefined;
  if (parts.length > 0) throw malformed(what, 'a signer has unexpected parts');
  return {
    der: node.der,
    version: version.value,
    digestAlgorithm: digest,
    sid:
      sid.tag === 0x80
        ? { kind: 'subjectKeyId', keyId: Buffer.from(sid.value).toString('hex') }
        : {
            kind: 'issuerAndSerial',
            issuer: member(sid, 0, 0x30, what).der,
            serial: integerHex(sid.members[1], what),
          },
    digestOid: oidOf(digest.members[0], what),
    // RFC 5652 §5.4: the signature is over the attributes with the SET OF tag in place of [0].
    signedAttributes: signedSet ? concat(Uint8Array.of(0x31), signedSet.der.subarray(1)) : null,
    signed: attributeMap(signedSet, what),
    unsigned: attributeMap(unsignedSet, what),
    unsignedAttributes: (unsignedSet?.members ?? []).map((attribute) => attribute.der),
    signatureAlgorithm: algorithm,
    signature: octetsOf(signature, what),
    head: [version, sid, digest, ...(signedSet ? [signedSet] : []), algorithm, signature].map(
      (part) => part.der,
    ),
  };
}

function attributeMap(set: Asn | undefined, what: string): Map<string, readonly Asn[]> {
  const map = new Map<string, readonly Asn[]>();
  for (const attribute of set?.members ?? []) {
    const type = oidOf(expectTag(attribute, 0x30, what).members[0], what);
    if (attribute.members.length !== 2) throw malformed(what, 'an attribute has unexpected parts');
    const values = member(attribute, 1, 0x31, what).members;
    map.set(type, [...(map.get(type) ?? []), ...values]);
  }
  return map;
}

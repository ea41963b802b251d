import { OID } from '../oids.ts';
import { type Asn, integerHex, isTag, malformed, member, octetsOf, oidOf, parseAsn } from '../der/read.ts';
import { concat } from '../der/write.ts';

/** One signer's part of a CMS signature (RFC 5652 §5.3), its pieces as the bytes they came in. */
export interface SignerInfo {
  readonly der: Uint8Array;
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
  const contentInfo = parseAsn(der, what, options);
  if (oidOf(contentInfo.members[0], what) !== OID.signedData)
    throw malformed(what, 'it is not CMS SignedData');
  const [version, digestAlgorithms, encapsulated, ...rest] =
    member(contentInfo, 1, 0xa0, what).members[0]?.members ?? [];
  if (!version || !digestAlgorithms || !encapsulated) throw malformed(what, 'a part is missing');
  const signers = rest.at(-1);
  if (!isTag(signers, 0x31)) throw malformed(what, 'the signers are missing');
  const content = encapsulated.members[1];
  return {
    version: version.der,
    digestAlgorithms: digestAlgorithms.der,
    encapsulated: encapsulated.der,
    contentType: oidOf(encapsulated.members[0], what),
    content: content ? octetsOf(content.members[0], what) : null,
    certificates: membersOf(rest, 0xa0)
      .filter((node) => node.tag === 0x30)
      .map((node) => node.der),
    revocations: membersOf(rest, 0xa1).map((node) => node.der),
    signers: signers.members.map((node) => parseSignerInfo(node, what)),
  };
}

const membersOf = (nodes: readonly Asn[], tag: number): readonly Asn[] =>
  nodes.find((node) => node.tag === tag)?.members ?? [];

function parseSignerInfo(node: Asn, what: string): SignerInfo {
  const [version, sid, digest, ...rest] = node.members;
  if (!version || !sid || !digest) throw malformed(what, 'a signer part is missing');
  const signedSet = isTag(rest[0], 0xa0) ? rest.shift() : undefined;
  const [algorithm, signature, unsignedSet] = rest;
  if (!algorithm || !signature || rest.length > 3 || (unsignedSet && unsignedSet.tag !== 0xa1)) {
    throw malformed(what, 'a signer part has an unexpected form');
  }
  return {
    der: node.der,
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
    const type = oidOf(attribute.members[0], what);
    const values = member(attribute, 1, 0x31, what).members;
    map.set(type, [...(map.get(type) ?? []), ...values]);
  }
  return map;
}

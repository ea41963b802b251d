import { fromBER, type AsnType, type BaseBlock } from 'asn1js';
import { SealError } from '../error.ts';
import { tlv } from './write.ts';

/**
 * A read-only view of one ASN.1 value: its identifier, its very bytes, and its members.
 *
 * asn1js does the parsing (BER as well as DER, since foreign CMS may be BER); this view keeps to the original bytes
 * so that what is hashed is what was sent.
 */
export interface Asn {
  /** Identifier octet for low tag numbers: 0x30 SEQUENCE, 0xa0 [0] constructed, 0x80 [0] primitive ... */
  readonly tag: number;
  /** The whole TLV as it stood in the input. */
  readonly der: Uint8Array;
  /** Content octets of a primitive value; empty for a constructed one. */
  readonly value: Uint8Array;
  readonly members: readonly Asn[];
}

const CLASS_BITS = { 1: 0x00, 2: 0x40, 3: 0x80, 4: 0xc0 } as Record<number, number>;

function view(block: AsnType): Asn {
  const base = block as unknown as BaseBlock;
  const constructed = base.idBlock.isConstructed;
  const valueBlock = base.valueBlock as unknown as { value?: AsnType[] };
  return {
    tag: (CLASS_BITS[base.idBlock.tagClass] ?? 0) | (constructed ? 0x20 : 0) | base.idBlock.tagNumber,
    der: base.valueBeforeDecodeView,
    get value() {
      return constructed ? new Uint8Array() : contentOf(base.valueBeforeDecodeView);
    },
    get members() {
      return constructed && Array.isArray(valueBlock.value) ? valueBlock.value.map(view) : [];
    },
  };
}

function contentOf(der: Uint8Array): Uint8Array {
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

/**
 * Parses exactly one value.
 *
 * @throws SealError MALFORMED when the bytes are no ASN.1 value or more bytes follow it (unless allowed).
 */
export function parseAsn(
  bytes: Uint8Array,
  what: string,
  options: { trailing?: 'forbidden' | 'zeros' } = {},
): Asn {
  const { offset, result } = parse(bytes, what);
  if (offset === -1) throw malformed(what, 'it is not an ASN.1 structure');
  const rest = bytes.subarray(offset);
  if (rest.length > 0 && !(options.trailing === 'zeros' && rest.every((byte) => byte === 0))) {
    throw malformed(what, `${rest.length} bytes follow its end`);
  }
  return view(result);
}

function parse(bytes: Uint8Array, what: string): ReturnType<typeof fromBER> {
  try {
    return fromBER(bytes);
  } catch (cause) {
    throw malformed(what, 'it is not an ASN.1 structure', cause); // asn1js throws on impossible times
  }
}

export function malformed(what: string, reason: string, cause?: unknown): SealError {
  return new SealError(
    'MALFORMED',
    `cannot read ${what}: ${reason}. The file is damaged or is something else`,
    { cause },
  );
}

/** The member at an index, of the expected tag. */
export function member(parent: Asn, index: number, tag: number, what: string): Asn {
  const found = parent.members[index];
  if (found?.tag !== tag) throw malformed(what, `member ${index} has an unexpected type`);
  return found;
}

/** The node itself when it has the tag. */
export function expectTag(node: Asn | undefined, tag: number, what: string): Asn {
  if (node?.tag !== tag) throw malformed(what, 'a part is missing or has an unexpected type');
  return node;
}

/**
 * Whether lengths are definite, in their shortest form and add up, all the way down: in DER there is one way to write
 * a value, so that a changed byte is a changed value.
 */
export function isDer(node: Asn): boolean {
  const { der } = node;
  const first = der[1] ?? 0x80;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || octets > 4) return false;
  let length = first;
  if (octets > 0) {
    length = Buffer.from(der.subarray(2, 2 + octets)).readUIntBE(0, octets);
    if (der[2] === 0 || length < 0x80) return false;
  }
  if (2 + octets + length !== der.length) return false;
  if ((node.tag & 0x20) === 0) return true;
  return node.members.every(isDer) && node.members.reduce((sum, one) => sum + one.der.length, 0) === length;
}

/** The value with definite lengths and unsplit octet strings: what it says is the same, its bytes may not be. */
export function toDer(node: Asn): Uint8Array {
  if ((node.tag & 0x20) === 0) return tlv(node.tag, node.value);
  if (node.tag === 0x24) return tlv(0x04, octetsOf(node, 'an octet string'));
  return tlv(node.tag, ...node.members.map(toDer));
}

export const isTag = (node: Asn | undefined, tag: number): node is Asn => node?.tag === tag;

/** Dotted form of an OBJECT IDENTIFIER. */
export function oidOf(node: Asn | undefined, what: string): string {
  if (!isTag(node, 0x06) || node.value.length === 0) throw malformed(what, 'an object identifier is missing');
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of node.value) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const head = arcs[0] ?? 0;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...arcs.slice(1)].join('.');
}

/** Unsigned value of an INTEGER as lower-case hex without a sign octet. */
export function integerHex(node: Asn | undefined, what: string): string {
  if (!isTag(node, 0x02)) throw malformed(what, 'an integer is missing');
  return Buffer.from(node.value)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');
}

/** Value of an OCTET STRING, also when BER splits it into pieces. */
export function octetsOf(node: Asn | undefined, what: string): Uint8Array {
  if (node?.tag === 0x04) return node.value;
  if (node?.tag === 0x24) return Buffer.concat(node.members.map((part) => octetsOf(part, what)));
  throw malformed(what, 'an octet string is missing');
}

const TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{1,9}))?Z$/;

/** UTCTime or GeneralizedTime in UTC. */
export function timeOf(node: Asn | undefined, what: string): Date {
  if (!isTag(node, 0x17) && !isTag(node, 0x18)) throw malformed(what, 'a time is missing');
  const parts = TIME.exec(Buffer.from(node.value).toString('latin1'));
  const yearDigits = node.tag === 0x17 ? 2 : 4;
  if (parts?.[1]?.length !== yearDigits) throw malformed(what, 'a time is not in UTC');
  const short = Number(parts[1]);
  const year = yearDigits === 4 ? short : short >= 50 ? 1900 + short : 2000 + short;
  const ms = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  const [month, day, hour, minute, second] = parts.slice(2, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day || hour > 23 || minute > 59) {
    throw malformed(what, 'a time does not exist');
  }
  return time;
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * DER writing (ITU-T X.690 §8 and §10), bytes in and bytes out.
 *
 * Everything is a complete TLV as bytes, so a certificate or token that comes from elsewhere is embedded exactly as
 * it is and never re-encoded.
 */

const ENCODER = new TextEncoder();

/** Joins byte strings. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One TLV: identifier octet, definite length in the shortest form, content. */
export function tlv(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.of(tag, ...lengthOctets(length)), ...content);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

export const sequence = (...members: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...members);

/** SET OF: DER wants the encodings in ascending order (X.690 §11.6). */
export const setOf = (...members: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...sorted(members));

/** The encodings in the order DER wants inside a SET OF. */
export const sorted = (members: readonly Uint8Array[]): Uint8Array[] =>
  [...members].sort((a, b) => Buffer.compare(a, b));

export const octetString = (value: Uint8Array): Uint8Array => tlv(0x04, value);
export const bitString = (value: Uint8Array, unusedBits = 0): Uint8Array =>
  tlv(0x03, Uint8Array.of(unusedBits), value);
export const boolean = (value: boolean): Uint8Array => tlv(0x01, Uint8Array.of(value ? 0xff : 0));
export const nullValue = (): Uint8Array => Uint8Array.of(0x05, 0);
export const utf8String = (value: string): Uint8Array => tlv(0x0c, ENCODER.encode(value));
export const printableString = (value: string): Uint8Array => tlv(0x13, ENCODER.encode(value));
export const ia5String = (value: string): Uint8Array => tlv(0x16, ENCODER.encode(value));
export const enumerated = (value: number): Uint8Array => tlv(0x0a, Uint8Array.of(value));

/** INTEGER from a small number, or from unsigned big-endian bytes. */
export function integer(value: number | bigint | Uint8Array): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : unsignedBytes(BigInt(value));
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  const pad = trimmed.length === 0 || (trimmed[0] ?? 0) >= 0x80;
  return tlv(0x02, pad ? Uint8Array.of(0) : new Uint8Array(), trimmed);
}

function unsignedBytes(value: bigint): Uint8Array {
  if (value < 0n) throw new RangeError('negative integers are not used in sealing');
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export function objectIdentifier(dotted: string): Uint8Array {
  const arcs = dotted.split('.').map(Number);
  const [first = 0, second = 0, ...rest] = arcs;
  return tlv(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const out = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    out.unshift(0x80 | (left % 128));
  return out;
}

/** [n] with constructed content: EXPLICIT, or IMPLICIT over members given without their outer tag. */
export const context = (tag: number, ...members: readonly Uint8Array[]): Uint8Array =>
  tlv(0xa0 | tag, ...members);
/** [n] IMPLICIT over a primitive type. */
export const contextPrimitive = (tag: number, content: Uint8Array): Uint8Array => tlv(0x80 | tag, content);

const compact = (time: Date): string => time.toISOString().replace(/[-:T]|\.\d+Z$/g, '');

/** GeneralizedTime in UTC, to the second (RFC 5280 §4.1.2.5.2). */
export const generalizedTime = (time: Date): Uint8Array => tlv(0x18, ENCODER.encode(`${compact(time)}Z`));

/** Time as X.509 and CMS want it: UTCTime through 2049, GeneralizedTime afterwards (RFC 5280 §4.1.2.5). */
export const x509Time = (time: Date): Uint8Array =>
  time.getUTCFullYear() < 2050
    ? tlv(0x17, ENCODER.encode(`${compact(time).slice(2)}Z`))
    : generalizedTime(time);

import { createHash } from 'node:crypto';

/** A UUID made from a name (RFC 9562 §5.5, version 5): the same name always has the same one. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Namespace of the names in a pack. */
const NAMESPACE = Buffer.from('5d0f1a3e8c2b4e7f9a60b1c2d3e4f506', 'hex');

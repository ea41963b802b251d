import { sha256 } from '../ledger/hash.ts';

/**
 * A number for a text that is the same whenever and in whatever order it is met: the first 53 bits of SHA-256. Among
 * a million texts, two share a number with a chance of about 1 in 18,000; writing refuses to go on when that happens.
 */
export function textId(...parts: readonly string[]): number {
  const hash = sha256(parts.join('\u0000'));
  return hash.readUInt32BE(0) * 0x200000 + (hash.readUInt32BE(4) >>> 11);
}

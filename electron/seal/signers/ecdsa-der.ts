import { integer, sequence } from '../der/write.ts';

/** An ECDSA signature as r and s side by side (IEEE P1363, what tokens and Azure give) in the DER of RFC 3279 §2.2.3. */
export function ecdsaDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}

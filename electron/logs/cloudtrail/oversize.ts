import { createHash } from 'node:crypto';
import { INCOMPLETE } from './scan-record.ts';

const LEAF = Buffer.from([0]);

/** RFC 6962 leaf hash of what is rejected at once. */
export function leafOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(bytes).digest();
}

/** Steps over a record of any size, hashing it in passing. */
export interface Oversize {
  skip(bytes: Buffer, at: number, end: number): number;
  leaf(): Buffer;
}

export function newOversize(): Oversize {
  const hash = createHash('sha256').update(LEAF);
  let [depth, inString, escaped] = [0, false, false];
  return {
    skip(bytes, from, end) {
      for (let at = from; at < end; at += 1) {
        const byte = bytes[at];
        if (escaped) escaped = false;
        else if (inString) {
          if (byte === 0x5c) escaped = true;
          else if (byte === 0x22) inString = false;
        } else if (byte === 0x22) inString = true;
        else if (byte === 0x7b || byte === 0x5b) depth += 1;
        else if (byte === 0x7d || byte === 0x5d) {
          depth -= 1;
          if (depth === 0) {
            hash.update(bytes.subarray(from, at + 1));
            return at + 1;
          }
        }
      }
      hash.update(bytes.subarray(from, end));
      return INCOMPLETE;
    },
    leaf: () => hash.digest(),
  };
}

import { hash } from 'node:crypto';

/*
 * RFC 6962 hashes of very many small things. Both functions write a prefix byte in front of the data, hash in place and
 * put the byte back: copying every record, and every pair of hashes, would cost as much as hashing them.
 */

/** Leaf hashes one after the other, growing. */
export class LeafList {
  #bytes = Buffer.allocUnsafe(32 * 1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds the leaf hash of `bytes[start, end)`: SHA-256(0x00 ‖ data). */
  pushHashOf(bytes: Buffer, start: number, end: number): void {
    const at = this.#room();
    if (start === 0) {
      digestInto(Buffer.concat([ZERO, bytes.subarray(0, end)]), this.#bytes, at);
    } else {
      const before = bytes[start - 1]!;
      bytes[start - 1] = 0;
      digestInto(bytes.subarray(start - 1, end), this.#bytes, at);
      bytes[start - 1] = before;
    }
  }

  push(leaf: Buffer): void {
    leaf.copy(this.#bytes, this.#room());
  }

  /** The hashes so far, in a buffer of their own; the list begins anew. */
  take(): Buffer {
    const leaves = Buffer.from(this.#bytes.subarray(0, this.#count * 32));
    this.#count = 0;
    return leaves;
  }

  #room(): number {
    const at = this.#count * 32;
    if (at === this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#count += 1;
    return at;
  }
}

const ZERO = Buffer.from([0]);
/** One letter a byte, as Node's `binary` has it; a string of 32 letters costs a third of a buffer of 32 bytes. */
const LETTERS = 'binary';

/** Writes SHA-256 of `data` at `at`. */
function digestInto(data: Uint8Array, target: Buffer, at: number): void {
  target.write(hash('sha256', data, LETTERS), at, 'latin1');
}

/**
 * Root over leaf hashes (32 bytes each): the tree of db/ledger/merkle.ts, level by level. A node without a sibling moves
 * up unchanged, which is RFC 6962's split at the largest power of two.
 */
export function rootOfLeaves(leaves: Uint8Array): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer');
  const level = Buffer.allocUnsafe(leaves.length + 1);
  level.set(leaves, 1);
  for (let count = leaves.length / 32; count > 1;) {
    const pairs = count >> 1;
    for (let i = 0; i < pairs; i += 1) {
      const at = i * 64;
      const before = level[at]!;
      level[at] = 1;
      const node = hash('sha256', level.subarray(at, at + 65), LETTERS);
      level[at] = before;
      level.write(node, 1 + i * 32, 'latin1');
    }
    if (count % 2 === 1) level.copy(level, 1 + pairs * 32, 1 + (count - 1) * 32, 1 + count * 32);
    count = pairs + (count % 2);
  }
  return Buffer.from(level.subarray(1, 33));
}

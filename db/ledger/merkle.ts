import { sha256 } from './hash.ts';

/*
 * Merkle trees as RFC 6962 §2.1 (and RFC 9162 §2.1) defines them: leaf = SHA-256(0x00 ‖ data), node =
 * SHA-256(0x01 ‖ left ‖ right), split at the largest power of two smaller than the number of leaves.
 */

const NODE = Buffer.from([1]);
const LEAF = Buffer.from([0]);

/** Leaf hash of one record or line. */
export function leafHash(data: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, data]));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]));
}

/**
 * Builds a tree head leaf by leaf with memory of log2(n) hashes, so that a file of any length can be rooted while it
 * streams past.
 */
export class MerkleBuilder {
  #size = 0;
  /** Roots of complete subtrees, largest first; their sizes are the set bits of `#size`. */
  readonly #peaks: Buffer[] = [];

  /** Number of leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds one leaf, given its leaf hash (32 bytes). */
  add(leaf: Uint8Array): void {
    let node: Buffer = Buffer.from(leaf);
    for (let bit = this.#size; bit & 1; bit = Math.floor(bit / 2)) {
      node = nodeHash(this.#peaks.pop()!, node);
    }
    this.#peaks.push(node);
    this.#size += 1;
  }

  /** Root over all leaves so far; SHA-256 of nothing for an empty tree (RFC 6962 §2.1). */
  root(): Buffer {
    if (this.#peaks.length === 0) return sha256('');
    return this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Root over leaf hashes (32 bytes each). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Buffer {
  const builder = new MerkleBuilder();
  for (const leaf of leaves) builder.add(leaf);
  return builder.root();
}

/**
 * Audit path of leaf `index` (RFC 6962 §2.1.1), siblings from the leaf upwards.
 *
 * @throws RangeError when there is no such leaf.
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`no leaf ${index} in a tree of ${leaves.length}`);
  }
  const path: Buffer[] = [];
  let [from, to] = [0, leaves.length];
  const siblings: [number, number][] = [];
  while (to - from > 1) {
    const split = from + largestPowerOfTwoBelow(to - from);
    if (index < split) {
      siblings.push([split, to]);
      to = split;
    } else {
      siblings.push([from, split]);
      from = split;
    }
  }
  for (const [a, b] of siblings.reverse()) path.push(merkleRoot(leaves.slice(a, b)));
  return path;
}

/** True when `path` proves that `leaf` is at `index` in the tree of `size` leaves with `root` (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false;
  let [node, position, last]: [Buffer, number, number] = [Buffer.from(leaf), index, size - 1];
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      node = nodeHash(sibling, node);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node.equals(root);
}

function largestPowerOfTwoBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

import { sha256 } from './hash.ts';

/*
 * Merkle trees as RFC 6962 §2.1 (and RFC 9162 §2.1) defines them: leaf = SHA-256(0x00 ‖ data), node =
 * SHA-256(0x01 ‖ left ‖ right), split at the largest power of two smaller than the number of leaves.
 */

/* Room in which prefix and data are put together: a buffer for each of a million hashes costs more than the hashes. */
const pairRoom = Buffer.alloc(65, 1);
const leafRoom = Buffer.alloc(64 * 1024);

/** Leaf hash of one record or line. */
export function leafHash(data: Uint8Array): Buffer {
  if (data.length >= leafRoom.length) return sha256(Buffer.concat([Buffer.alloc(1), data]));
  leafRoom.set(data, 1);
  return sha256(leafRoom.subarray(0, data.length + 1));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pairRoom.set(left, 1);
  pairRoom.set(right, 33);
  return sha256(pairRoom);
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

/**
 * Proves many leaves at once: the roots of the largest subtrees that hold none of them, left to right. Empty when all
 * leaves are kept, so a log file of nothing but key events costs nothing to prove. `kept` is ascending. Leaves are read
 * once, in order.
 *
 * @throws RangeError when there are not exactly `size` leaves.
 */
export function setProof(size: number, leaves: Iterable<Uint8Array>, kept: readonly number[]): Buffer[] {
  const nodes: Buffer[] = [];
  const iterator = leaves[Symbol.iterator]();
  const next = () => {
    const leaf = iterator.next();
    if (leaf.done) throw new RangeError(`the tree has fewer than ${size} leaves`);
    return leaf.value;
  };
  walkSet<void>(size, kept, {
    skip: (from, to) => {
      const builder = new MerkleBuilder();
      for (let i = from; i < to; i += 1) builder.add(next());
      nodes.push(builder.root());
    },
    leaf: () => void next(),
    // The root is known: only what is left out needs hashing.
    join: () => undefined,
    none: () => undefined,
  });
  if (!iterator.next().done) throw new RangeError(`the tree has more than ${size} leaves`);
  return nodes;
}

/**
 * Root that `size` leaves have when those at `kept` (ascending) hash to `hashes` and `nodes` are the proof. The proof
 * holds when this equals the recorded root.
 *
 * @throws RangeError when the proof has too few or too many nodes, a node is no hash, or an index is out of place.
 */
export function rootFromSetProof(
  size: number,
  kept: readonly number[],
  hashes: readonly Uint8Array[],
  nodes: readonly Uint8Array[],
): Buffer {
  const inPlace = (index: number, i: number) =>
    Number.isInteger(index) && index >= 0 && index < size && (i === 0 || index > kept[i - 1]!);
  if (!kept.every(inPlace) || hashes.length !== kept.length) {
    throw new RangeError('the proof names leaves that are not in the tree, or not in order');
  }
  if (nodes.some((node) => node.length !== 32)) throw new RangeError('a node of the proof is not a hash');
  let [used, next] = [0, 0];
  const root = walkSet<Uint8Array>(size, kept, {
    skip: () => {
      if (used >= nodes.length) throw new RangeError('the proof has too few nodes');
      return nodes[used++]!;
    },
    leaf: () => hashes[next++]!,
    join: nodeHash,
    none: () => sha256(''),
  });
  if (used !== nodes.length) throw new RangeError('the proof has nodes to spare');
  return Buffer.from(root);
}

/** What a walk over a tree makes of its parts. */
interface SetVisitor<T> {
  /** The leaves [from, to), none of which is kept. */
  skip(from: number, to: number): T;
  /** One kept leaf; called in ascending order. */
  leaf(index: number): T;
  join(left: T, right: T): T;
  /** A tree without leaves. */
  none(): T;
}

function walkSet<T>(size: number, kept: readonly number[], visit: SetVisitor<T>): T {
  let next = 0;
  function walk(from: number, to: number): T {
    if (next >= kept.length || kept[next]! >= to) return visit.skip(from, to);
    if (to - from === 1) {
      next += 1;
      return visit.leaf(from);
    }
    const split = from + largestPowerOfTwoBelow(to - from);
    const left = walk(from, split);
    return visit.join(left, walk(split, to));
  }
  return size === 0 ? visit.none() : walk(0, size);
}

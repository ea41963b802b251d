import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inclusionProof,
  leafHash,
  MerkleBuilder,
  merkleRoot,
  rootFromSetProof,
  setProof,
  verifyInclusion,
} from '../../../db/ledger/merkle.ts';

/** Inputs and tree heads published with the reference implementation of RFC 6962 (Certificate Transparency). */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = INPUTS.map((input) => leafHash(Buffer.from(input, 'hex')));

describe('merkle tree', () => {
  it('gives the tree heads of the RFC 6962 test vectors', () => {
    expect(ROOTS.map((_, i) => merkleRoot(leaves.slice(0, i + 1)).toString('hex'))).toEqual(ROOTS);
  });

  it('roots an empty tree as SHA-256 of nothing', () => {
    expect(merkleRoot([]).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('proves every leaf of every small tree, and only at its place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (size, pick) => {
        const all = Array.from({ length: size }, (_, i) => leafHash(Buffer.from([i])));
        const index = pick % size;
        const root = merkleRoot(all);
        const path = inclusionProof(all, index);
        expect(verifyInclusion(all[index]!, index, size, path, root)).toBe(true);
        if (size > 1) {
          const other = (index + 1) % size;
          expect(verifyInclusion(all[other]!, index, size, path, root)).toBe(false);
          expect(verifyInclusion(all[index]!, other, size, path, root)).toBe(false);
        }
        expect(verifyInclusion(all[index]!, index, size, [...path, root], root)).toBe(false);
      }),
    );
  });

  it('builds the same root leaf by leaf at every length', () => {
    const builder = new MerkleBuilder();
    leaves.forEach((leaf, i) => {
      builder.add(leaf);
      expect(builder.root().toString('hex')).toBe(ROOTS[i]);
    });
    expect(builder.size).toBe(8);
  });

  it('refuses a leaf that is not there', () => {
    expect(() => inclusionProof(leaves, 8)).toThrow('no leaf 8 in a tree of 8');
  });

  it('proves any set of leaves at once, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.boolean()), (size, coin) => {
        const all = Array.from({ length: size }, (_, i) => leafHash(Buffer.from([i])));
        const kept = [...all.keys()].filter(() => coin.next().value);
        const hashes = kept.map((i) => all[i]!);
        const nodes = setProof(size, all, kept);
        const root = merkleRoot(all);
        expect(rootFromSetProof(size, kept, hashes, nodes).equals(root)).toBe(true);
        if (kept.length === size) expect(nodes).toEqual([]);
        if (kept.length > 0) {
          const forged = [leafHash(Buffer.from('forged')), ...hashes.slice(1)];
          expect(rootFromSetProof(size, kept, forged, nodes).equals(root)).toBe(false);
        }
        expect(() => rootFromSetProof(size, kept, hashes, [...nodes, root])).toThrow('nodes to spare');
      }),
    );
  });
});

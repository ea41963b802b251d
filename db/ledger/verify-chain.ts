import type { CheckpointFacts, EntryLine } from './entry.ts';
import { commitment, GENESIS, sha256Hex } from './hash.ts';
import { checkpointStatement } from './checkpoint-statement.ts';
import { leafHash, MerkleBuilder } from './merkle.ts';
import { parseLine } from './read.ts';

/** The first thing that is wrong with a ledger: which line, and what about it. */
export interface ChainFault {
  seq: number;
  what: string;
}

/** One salt and value, as stored beside a ledger or disclosed by a pack. */
export interface Disclosure {
  field: string;
  salt: Uint8Array;
  value: string;
}

/** State of a walk along the chain. Feed lines in order; ask for the result at the end. */
export interface ChainWalk {
  /** Checks the next line and its disclosures; returns the fault it shows, or null. */
  next(
    line: string,
    disclosures: readonly Disclosure[],
  ): { entry: EntryLine | null; fault: ChainFault | null };
  readonly seq: number;
  readonly head: string;
  merkleRoot(): string;
}

/**
 * Walks a chain of lines: each is a known envelope, has the next sequence number, and names the hash of the line before;
 * sealed values match their salts; a checkpoint states what the walk itself computed.
 *
 * Signatures and timestamps of checkpoints are for the caller to verify: this is pure hashing, and the same for an
 * engagement file and for a pack.
 */
export function walkChain(): ChainWalk {
  let seq = 0;
  let head = GENESIS;
  const tree = new MerkleBuilder();

  function next(line: string, disclosures: readonly Disclosure[]) {
    const expected = seq + 1;
    const fault = (what: string, entry: EntryLine | null = null) => ({
      entry,
      fault: { seq: expected, what },
    });
    let entry: EntryLine;
    try {
      entry = parseLine(line);
    } catch {
      return fault('the line is not a ledger entry of a known version');
    }
    if (entry.seq !== expected) {
      return fault(`entry ${expected} is missing: the line in its place says ${entry.seq}`, entry);
    }
    if (entry.prev !== head)
      return fault('it does not follow the line before it (chain hash differs)', entry);
    for (const disclosure of disclosures) {
      const sealed = entry.sealed[disclosure.field];
      if (sealed === undefined)
        return fault(`a value is given for "${disclosure.field}", which it does not seal`, entry);
      if (commitment(disclosure.salt, disclosure.value) !== sealed) {
        return fault(`the value kept for "${disclosure.field}" is not the one that was sealed`, entry);
      }
    }
    if (entry.kind === 'checkpoint') {
      const wrong = checkClaim(entry.facts);
      if (wrong) return fault(wrong, entry);
    }
    seq = expected;
    head = sha256Hex(line);
    tree.add(leafHash(Buffer.from(line, 'utf8')));
    return { entry, fault: null };
  }

  function checkClaim(facts: CheckpointFacts): string | null {
    if (facts.upTo !== seq) return `its checkpoint covers ${facts.upTo} lines, not the ${seq} before it`;
    if (facts.head !== head) return 'its checkpoint states another chain head';
    if (facts.merkleRoot !== tree.root().toString('hex')) return 'its checkpoint states another Merkle root';
    if (facts.statement !== checkpointStatement(facts))
      return 'its signed statement says something else than its facts';
    return null;
  }

  return {
    next,
    get seq() {
      return seq;
    },
    get head() {
      return head;
    },
    merkleRoot: () => tree.root().toString('hex'),
  };
}

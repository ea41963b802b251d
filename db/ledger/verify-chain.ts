import type { CheckpointFacts, EntryLine } from './entry.ts';
import { commitment, GENESIS, SALT_BYTES, sha256Hex } from './hash.ts';
import { checkpointStatement } from './checkpoint-statement.ts';
import { leafHash, MerkleBuilder } from './merkle.ts';
import { parseLine } from './parse-line.ts';

/** The first thing that is wrong with a ledger: which line, and what about it. */
export interface ChainFault {
  seq: number;
  what: string;
}

/** One salt and value, as stored beside a ledger or disclosed by a pack. */
export interface Disclosure {
  field: string;
  salt: Uint8Array;
  /** UTF-8. */
  value: Uint8Array;
}

/** State of a walk along the chain. Feed lines in order; ask for the result at the end. */
export interface ChainWalk {
  /** Checks the next line (its bytes, without line feed) and its disclosures; returns the fault it shows, or null. */
  next(
    line: Uint8Array,
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

  function next(line: Uint8Array, disclosures: readonly Disclosure[]) {
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
    const wrong = checkDisclosures(entry, disclosures);
    if (wrong) return fault(wrong, entry);
    if (entry.kind === 'checkpoint') {
      const wrongClaim = checkClaim(entry.facts);
      if (wrongClaim) return fault(wrongClaim, entry);
    }
    seq = expected;
    head = sha256Hex(line);
    tree.add(leafHash(line));
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

function checkDisclosures(entry: EntryLine, disclosures: readonly Disclosure[]): string | null {
  const opened = new Set<string>();
  for (const { field, salt, value } of disclosures) {
    if (!Object.hasOwn(entry.sealed, field)) return `a value is given for "${field}", which it does not seal`;
    if (salt.length !== SALT_BYTES || commitment(salt, value) !== entry.sealed[field]) {
      return `the value kept for "${field}" is not the one that was sealed`;
    }
    if (opened.has(field)) return `a value is given twice for "${field}"`;
    opened.add(field);
  }
  return null;
}

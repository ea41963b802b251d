import type { WritableDb } from '../../db/handle.ts';
import { leafHash, MerkleBuilder } from '../../db/ledger/merkle.ts';
import { storedLines } from '../../db/ledger/read.ts';
import type { Redaction } from './redact/redaction.ts';
import type { Exhibit } from './files/pack-file.ts';

/** The ledger as one pack holds it: entries 1..upTo. */
export interface LedgerState {
  upTo: number;
  head: string;
  merkleRoot: string;
}

/** What the report and the container of one pack share. */
export interface PackParts {
  packId: string;
  name: string;
  ledger: LedgerState;
  exhibits: readonly Exhibit[];
  redaction: Redaction | null;
}

/** Head and Merkle root of the ledger at entry `upTo`. */
export function ledgerState(db: WritableDb, upTo: number): LedgerState {
  const tree = new MerkleBuilder();
  let head = '';
  for (const { seq, line, hash } of storedLines(db)) {
    if (seq > upTo) break;
    tree.add(leafHash(Buffer.from(line, 'utf8')));
    head = hash;
  }
  return { upTo, head, merkleRoot: tree.root().toString('hex') };
}

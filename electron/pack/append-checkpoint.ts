import type { Entry, CheckpointFacts } from '../../db/ledger/entry.ts';
import { checkpointStatement } from '../../db/ledger/checkpoint-statement.ts';
import { leafHash, MerkleBuilder } from '../../db/ledger/merkle.ts';
import { storedLines } from '../../db/ledger/read.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { sealHead } from '../seal/checkpoint.ts';
import type { Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';

/** Who signs a checkpoint and who says when; either may be absent, and the checkpoint then says so. */
export interface CheckpointSealers {
  signer: Signer | null;
  timestamp: TimestampOptions | null;
  now: Date;
}

/**
 * Signs and timestamps the ledger's head and records that in the ledger. An authority that cannot be reached does not
 * stop the work: the checkpoint is then without a token and says why.
 */
export async function appendCheckpoint(
  writer: LedgerWriter,
  purpose: CheckpointFacts['purpose'],
  { signer, timestamp, now }: CheckpointSealers,
): Promise<Entry<'checkpoint'>> {
  const { seq, hash } = writer.head;
  const tree = new MerkleBuilder();
  for (const { line } of storedLines(writer.db)) tree.add(leafHash(Buffer.from(line, 'utf8')));
  const claim = { upTo: seq, head: hash, merkleRoot: tree.root().toString('hex') };
  const statement = checkpointStatement(claim);
  const seal = await sealHead(Buffer.from(statement, 'utf8'), signer, timestamp, now);
  const missing = [
    ...(seal.signature === null ? ['no signer was given'] : []),
    ...(seal.token === null ? [seal.tokenError ?? 'no timestamp authority was given'] : []),
  ];
  return writer.append({
    kind: 'checkpoint',
    facts: {
      purpose,
      ...claim,
      statement,
      signature: seal.signature,
      token: seal.token,
      missing: missing.length > 0 ? missing.join('; ') : null,
    },
  });
}

import { createHash } from 'node:crypto';
import type { WritableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { currentEngagement } from '../engagement/current.ts';
import { appendCheckpoint } from './append-checkpoint.ts';
import { expectedExhibits } from './exhibits/expected.ts';
import { evidenceFiles } from './exhibits/list.ts';
import type { PackFile } from './files/pack-file.ts';
import { packName } from './pack-name.ts';
import type { PackOptions } from './pack-options.ts';
import { ledgerState, type LedgerState, type PackParts } from './pack-parts.ts';
import { planRedaction, redactionSecret } from './redact/redaction.ts';

/** What a pack will hold, fixed before anything of it is written. */
export interface PackPlan {
  parts: PackParts;
  files: readonly PackFile[];
}

/**
 * Fixes a pack's contents: a checkpoint over the ledger, its name, its files, its exhibits.
 *
 * @param sealed a state of the ledger that has its checkpoint already: while nothing was added since, it stands.
 * @throws SealError of the signer; RedactionError
 */
export async function planPack(
  db: WritableDb,
  writer: LedgerWriter,
  options: PackOptions,
  sealed: LedgerState | null = null,
): Promise<PackPlan> {
  const secret = options.redaction ? await redactionSecret(db, writer, options.redaction.by) : null;
  options.onProgress?.('Checkpoint over the ledger');
  if (sealed?.upTo !== writer.head.seq) await appendCheckpoint(writer, 'seal', options);
  const ledger = ledgerState(db, writer.head.seq);
  const engagement = currentEngagement(db);
  const packId = createHash('sha256')
    .update(`${ledger.head} ${options.now.toISOString()}`)
    .digest('hex')
    .slice(0, 4);
  const name = packName(engagement.client, engagement.period, packId);
  const redaction =
    options.redaction && secret ? planRedaction(db, ledger.upTo, options.redaction.rules, secret) : null;
  const files = evidenceFiles({ db, snapshot: options.snapshot, upTo: ledger.upTo, options, redaction });
  const exhibits = expectedExhibits(db, options.snapshot, files);
  return { parts: { packId, name, ledger, exhibits, redaction }, files };
}

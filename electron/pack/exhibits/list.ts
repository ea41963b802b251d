import type { ReadableDb } from '../../../db/handle.ts';
import { ledgerFiles } from '../files/ledger-files.ts';
import type { PackFile } from '../files/pack-file.ts';
import { usageFiles } from '../files/usage-files.ts';
import type { PackOptions } from '../pack-options.ts';
import { redactFiles } from '../redact/redact-files.ts';
import type { Redaction } from '../redact/redaction.ts';
import { accessFiles } from './access.ts';
import { cardFiles } from './cards.ts';
import { certificateFiles } from './certificates.ts';
import { comparedFiles } from './compared.ts';
import { grantedAndUsedFiles } from './granted-and-used.ts';
import { keyConfigurationFiles } from './key-configuration.ts';
import { manualRotationFiles, procedureFiles } from './procedure.ts';
import { recordFiles } from './records.ts';
import { reviewFiles } from './review.ts';
import { scopeFiles } from './scope.ts';
import { screenshotFiles } from './screenshots.ts';
import { testFiles } from './tests.ts';
import { vaultFiles } from './vault.ts';

/** What an exhibit's files are made from. */
export interface ExhibitContext {
  db: ReadableDb;
  snapshot: string;
  /** Ledger entries 1..upTo are in the pack. */
  upTo: number;
  options: PackOptions;
  /** Null when nothing is redacted. */
  redaction: Redaction | null;
}

/**
 * Everything under data/ but the report and the index, in the order of the folders. To add an exhibit, write a file
 * beside this one and put one line here.
 */
const EXHIBITS: readonly ((context: ExhibitContext) => PackFile[])[] = [
  ({ db }) => scopeFiles(db),
  ({ db, snapshot }) => recordFiles(db, snapshot),
  ({ db, snapshot }) => keyConfigurationFiles(db, snapshot),
  ({ db, snapshot }) => cardFiles(db, snapshot),
  ({ db, snapshot, upTo }) => screenshotFiles(db, snapshot, upTo),
  ({ db, snapshot }) => comparedFiles(db, snapshot),
  ({ db, snapshot }) => vaultFiles(db, snapshot),
  ({ db, snapshot }) => accessFiles(db, snapshot),
  ({ db, snapshot }) => grantedAndUsedFiles(db, snapshot),
  ({ options }) => [...options.logs.files],
  ({ db, upTo, redaction }) => usageFiles(db, upTo, redaction?.withheld),
  ({ db }) => reviewFiles(db),
  ({ db, snapshot }) => procedureFiles(db, snapshot),
  ({ db }) => manualRotationFiles(db),
  ({ db, snapshot, options }) => testFiles(db, snapshot, options.controls),
  ({ db, upTo, redaction }) => ledgerFiles(db, upTo, redaction?.withheld),
  ({ options }) => certificateFiles('signer-roots', options.signerRoots),
  ({ options }) => certificateFiles('timestamp-roots', options.authorityRoots),
];

/** The files of every exhibit; nothing is read before a file's turn comes. */
export function evidenceFiles(context: ExhibitContext): PackFile[] {
  const files = EXHIBITS.flatMap((exhibit) => exhibit(context));
  return context.redaction ? redactFiles(context.db, files, context.redaction) : files;
}

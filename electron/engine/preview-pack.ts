import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sealPack, type BuiltPack, type PackOptions } from '../pack/build-pack.ts';
import { planPack, type PackPlan } from '../pack/plan-pack.ts';
import { reportBytes } from '../pack/report/signed-report.ts';
import { readCertificate } from '../seal/certificate.ts';
import { ownCertificate, type Signer } from '../seal/signer.ts';
import { EngineError } from './error.ts';
import { packOptions, type PackRequest } from './pack-engagement.ts';
import type { Work } from './with-engagement.ts';

/** A pack that was looked at before it is signed: its report's bytes, and everything they state. */
export interface PreviewedPack {
  /** Engagement file that it is of. */
  file: string;
  options: PackOptions;
  plan: PackPlan;
  report: Uint8Array;
  /** SHA-256 of the report, hex. */
  sha256: string;
  /** Certificate that the report names as its signer's. */
  fingerprint: string;
}

const fingerprintOf = (signer: Signer): string => readCertificate(ownCertificate(signer)).fingerprint;

/**
 * Draws the report of a pack as it will be signed. The ledger gets its checkpoint now, because the report states the
 * ledger's head; a preview of the same ledger for the same signer uses the one that is there.
 *
 * @throws EngineError NO_SNAPSHOT, OPEN_SNAPSHOT; SealError of the signer
 */
export async function previewPack(
  { db, writer }: Work,
  request: PackRequest,
  before: PreviewedPack | null,
): Promise<PreviewedPack> {
  const options = packOptions(db, request);
  const fingerprint = fingerprintOf(request.signer);
  const sealed =
    before?.file === db.name && before.fingerprint === fingerprint ? before.plan.parts.ledger : null;
  const plan = await planPack(db, writer, options, sealed);
  options.onProgress?.('Report');
  const report = await reportBytes(db, options, plan.parts);
  return { file: db.name, options, plan, report, sha256: sha256Of(report), fingerprint };
}

/** Who signs what was previewed, and where it goes. */
export type SealRequest = Pick<PackOptions, 'folder' | 'signer' | 'timestamp' | 'onProgress'>;

/**
 * Signs a previewed pack: the report's bytes as they were shown, and the evidence that they state.
 *
 * @throws EngineError PREVIEW_OUTDATED when the ledger has grown since or another signer was given; SealError
 */
export async function sealPreviewed(
  { db, writer }: Work,
  previewed: PreviewedPack,
  request: SealRequest,
): Promise<BuiltPack> {
  const { parts } = previewed.plan;
  const grown = writer.head.seq - parts.ledger.upTo;
  if (previewed.file !== db.name || grown !== 0) {
    throw outdated(`the ledger has ${grown} more ${grown === 1 ? 'entry' : 'entries'} than it had`);
  }
  if (fingerprintOf(request.signer) !== previewed.fingerprint) {
    throw outdated('it names another signer than the one given now');
  }
  const built = await sealPack(
    db,
    { ...previewed.options, ...request },
    previewed.plan,
    () => previewed.report,
  );
  await provePrefix(built.pdf, previewed);
  return built;
}

/** What was signed must begin with what was shown: checked on the written file, not taken for granted. */
async function provePrefix(pdf: string, { report, sha256 }: PreviewedPack): Promise<void> {
  const written = await readFile(pdf);
  if (sha256Of(written.subarray(0, report.length)) === sha256) return;
  throw new Error(`cannot confirm ${pdf}: it does not begin with the report that was previewed.`);
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const outdated = (why: string): EngineError =>
  new EngineError('PREVIEW_OUTDATED', `cannot sign what was previewed: ${why}. Preview the pack again.`);

import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WritableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { joinOutcomes } from '../seal/outcome.ts';
import { PENDING } from './pack-name.ts';
import type { BuiltPack, PackOptions } from './pack-options.ts';
import { planPack, type PackPlan } from './plan-pack.ts';
import { NO_PREPARATION, prepareFiles } from './prepare/prepare-files.ts';
import { reportBytes, signReport } from './report/signed-report.ts';
import { writeContainer } from './write-container.ts';
import { ZipWriter } from './zip/writer.ts';

export type { BuiltPack, PackOptions } from './pack-options.ts';

/**
 * Builds, signs and timestamps a pack: a checkpoint over the ledger first, then the report, then the container with
 * everything the ledger holds. Files appear under their names only when complete.
 *
 * @throws SealError of the signer; an unreachable timestamp authority gives a pack whose time is pending.
 */
export async function buildPack(
  db: WritableDb,
  writer: LedgerWriter,
  options: PackOptions,
): Promise<BuiltPack> {
  const plan = await planPack(db, writer, options);
  return sealPack(db, options, plan, () => reportBytes(db, options, plan.parts));
}

/**
 * Writes a planned pack around its report and seals both.
 *
 * @param report the report without its signature, drawn now or seen before: what is signed are these very bytes.
 * @throws SealError of the signer
 */
export async function sealPack(
  db: WritableDb,
  options: PackOptions,
  { parts, files }: PackPlan,
  report: () => Uint8Array | Promise<Uint8Array>,
): Promise<BuiltPack> {
  const step = options.onProgress ?? (() => undefined);
  const { name, exhibits } = parts;
  await mkdir(options.folder, { recursive: true });
  const partial = join(options.folder, `${name}.zip.part`);
  // Large files are made on all cores while the report is drawn.
  const preparation = isLarge(db) ? prepareFiles(db.name, files, partial) : NO_PREPARATION;
  let zip: ZipWriter | undefined;
  try {
    step('Report');
    const pdf = await signReport(await report(), options);
    step('Evidence');
    zip = await ZipWriter.create(partial, options.now);
    const container = await writeContainer(zip, db, options, { ...parts, files, preparation, pdf: pdf.pdf });
    const zipBytes = await zip.close();
    const { pdf: bytes, ...reportSeal } = pdf;
    const seal = joinOutcomes([reportSeal, container]);
    const target = targets(options, name, container.provenTime === null);
    await writeFile(`${target.pdf}.part`, bytes, { mode: 0o600 });
    await rename(`${target.pdf}.part`, target.pdf);
    await rename(partial, target.zip);
    return {
      name,
      ...target,
      zipSha256: await fileSha256(target.zip),
      zipBytes,
      provenTime: container.provenTime?.toISOString() ?? null,
      timePending: container.pending,
      seal,
      exhibits,
    };
  } catch (error) {
    await zip?.abandon().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  } finally {
    await preparation.end();
  }
}

/** Below this, starting threads takes longer than what they save. Bytes of the engagement file. */
const LARGE_BYTES = 32 * 1024 * 1024;

function isLarge(db: WritableDb): boolean {
  const pages = db.pragma('page_count', { simple: true }) as number;
  return pages * (db.pragma('page_size', { simple: true }) as number) > LARGE_BYTES;
}

/** A pack whose time is pending says so in its file names. */
function targets(options: PackOptions, name: string, pending: boolean): { pdf: string; zip: string } {
  const suffix = pending ? PENDING : '';
  const named = (own: string | undefined, ending: string) =>
    join(options.folder, own ? own.replace(ending, `${suffix}${ending}`) : `${name}${suffix}${ending}`);
  return { pdf: named(options.names?.pdf, '.pdf'), zip: named(options.names?.zip, '.zip') };
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  for await (const piece of file.createReadStream({ highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}

import { existsSync } from 'node:fs';
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import {
  raiseContainer,
  sealFiles,
  type ArchiveTime,
  type SealedContainer,
  type SealFile,
} from '../seal/asic.ts';
import { archiveName, ASIC, parseAsicManifest, tokenName } from '../seal/asic/manifest.ts';
import { SealError } from '../seal/error.ts';
import { joinOutcomes, type RaiseOptions, type SealOutcome } from '../seal/outcome.ts';
import { raisePdf } from '../seal/pades/levels.ts';
import { inspectPdfSignatures } from '../seal/pades/inspect.ts';
import { readDirectory } from '../verify/container/read-directory.ts';
import { readSmallEntry } from '../verify/container/read-entry.ts';
import { PENDING } from './pack-name.ts';
import { dropTail, restoreTail, saveTail } from './zip/tail-backup.ts';
import type { ZipEntry } from './zip/format.ts';
import { ZipWriter } from './zip/writer.ts';

const MOST_BYTES = 32 * 1024 * 1024;

/** Why a pack cannot be stamped, with what to do. */
export class StampError extends Error {
  readonly code: 'NOT_A_PACK' | 'STAMPED_ALREADY' | 'ALTERED' | 'TIME_PENDING';
  constructor(code: StampError['code'], message: string) {
    super(message);
    this.name = 'StampError';
    this.code = code;
  }
}

/** A pack that was stamped. */
export interface StampedPack {
  zip: string;
  provenTime: string;
  /** What both files reached. */
  seal: SealOutcome;
}

/** How to stamp. */
export interface StampOptions extends RaiseOptions {
  /** Adds a further time to a pack that has one, before the last one's certificate ends. */
  readonly renew?: boolean;
}

/**
 * Raises a pack that was sealed offline to the highest level that can be reached, or renews its time. No byte of the
 * evidence moves: only the seals behind the last file are written anew. A crash at any moment leaves the pack whole, and
 * stamping it again finishes the work.
 *
 * @throws StampError; SealError TSA_… when no authority gives a token: the pack is then as it was.
 */
export async function stampPack(path: string, options: StampOptions): Promise<StampedPack> {
  await restoreTail(path);
  const zip = await stampContainer(path, options);
  const report = await stampReport(path, options);
  const seal = joinOutcomes([zip, ...(report ? [report] : [])]);
  return {
    zip: await withoutPending(path),
    provenTime: (zip.provenTime as Date).toISOString(),
    seal,
  };
}

async function stampContainer(path: string, options: StampOptions): Promise<SealOutcome> {
  const file = await open(path, 'r+');
  try {
    const { container, entries, sealAt } = await readSealed(path, file);
    const before = container.archives.length;
    const timed = before > 0 || container.evidence !== null;
    // A crash may have come between the zip and what is left to do: then only that is done.
    const unfinished = timed && path.includes(PENDING);
    if (timed && !options.renew && !unfinished) {
      throw new StampError(
        'STAMPED_ALREADY',
        `cannot stamp ${path}: it has its timestamp already. Renew it with: keywitness timestamp --renew`,
      );
    }
    const { files, ...outcome } = await raiseContainer(container, {
      ...options,
      timestamp: unfinished && !options.renew ? null : options.timestamp,
    });
    if (unfinished && !options.renew) return { ...outcome, level: 'B-LTA', lacking: [] };
    const added = files.length - sealFiles(container).length;
    if (outcome.provenTime === null || (timed && added === 0)) {
      const reason = outcome.pending ?? outcome.lacking.join('; ');
      throw new SealError('TSA_UNREACHABLE', reason);
    }
    await writeSeals(path, file, { entries, sealAt }, files);
    return outcome;
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Writes the seals anew from the signature on; the old ones are kept beside until these are on disk. */
export async function writeSeals(
  path: string,
  file: FileHandle,
  { entries, sealAt }: Pick<ReadSealed, 'entries' | 'sealAt'>,
  files: readonly SealFile[],
): Promise<void> {
  await saveTail(path, file, sealAt);
  const writer = ZipWriter.continue(file, entries, sealAt);
  for (const { path: name, bytes } of files.slice(1)) await writer.add(name, bytes);
  await writer.close();
  await dropTail(path);
}

/** A pack opened for stamping. */
export interface ReadSealed {
  container: SealedContainer;
  /** Entries before the signature, which stay. */
  entries: ZipEntry[];
  /** Offset of the signature: from there on everything is written anew. */
  sealAt: number;
}

/** A pack as its seal sees it: what is sealed, and where the part begins that is written anew (the signature). */
export async function readSealed(path: string, file: FileHandle): Promise<ReadSealed> {
  const { entries, faults } = await readDirectory(file);
  const small = async (name: string) => {
    const entry = entries.find((e) => e.name === name);
    return entry ? readSmallEntry(file, entry, MOST_BYTES) : null;
  };
  const manifest = await small(ASIC.manifest);
  const signature = await small(ASIC.signature);
  if (!manifest || !signature)
    throw new StampError('NOT_A_PACK', `cannot stamp ${path}: it is not a sealed pack.`);
  const at = entries.findIndex((e) => e.name === ASIC.signature);
  const [about, record] = [await small(ASIC.evidenceManifest), await small(ASIC.evidenceRecord)];
  const evidence = about && record ? { manifest: about, record } : null;
  const archives: ArchiveTime[] = [];
  const behind = entries.length - at - 1 - (evidence ? 2 : 0);
  const count = Math.floor(behind / 2);
  for (let index = 0; index < count; index += 1) {
    const [xml, token] = [await small(archiveName(index, count)), await small(tokenName(index))];
    if (xml && token) archives.push({ manifest: xml, token });
  }
  const complete = behind === 2 * archives.length && entries[at - 1]?.name === ASIC.manifest;
  if (faults.length > 0 || !complete)
    throw new StampError('ALTERED', `cannot stamp ${path}: it was altered. See: keywitness verify`);
  const sealed = parseAsicManifest(manifest, ASIC.manifest).entries;
  return {
    container: { entries: sealed, manifest, signature, evidence, archives },
    entries: entries.slice(0, at),
    sealAt: entries[at]!.offset,
  };
}

/** The PDF beside the zip gets its time behind its bytes; the one inside stays as it was sealed. */
async function stampReport(zipPath: string, options: StampOptions): Promise<SealOutcome | null> {
  const path = zipPath.replace(/\.zip$/i, '.pdf');
  if (path === zipPath || !existsSync(path)) return null;
  const before = await readFile(path);
  const stamped = inspectPdfSignatures(before).some(({ kind }) => kind === 'timestamp');
  // It was stamped before a crash, or sealed with its time.
  if (stamped && !options.renew) {
    await withoutPending(path);
    return null;
  }
  const { pdf, ...outcome } = await raisePdf(before, options);
  if (outcome.pending !== null) throw new SealError('TSA_UNREACHABLE', outcome.pending);
  const part = await open(`${path}.part`, 'w', 0o600);
  await part.writeFile(pdf);
  await part.sync();
  await part.close();
  await rename(`${path}.part`, path);
  await withoutPending(path);
  return outcome;
}

export async function withoutPending(path: string): Promise<string> {
  const target = path.replace(PENDING, '');
  if (target === path || existsSync(target)) return path;
  await rename(path, target);
  return target;
}

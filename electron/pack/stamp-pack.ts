import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { archiveContainer } from '../seal/asic.ts';
import { ASIC, parseAsicManifest } from '../seal/asic/manifest.ts';
import { addDocumentTimestamp } from '../seal/pades/sign.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { readDirectory } from '../verify/container/read-directory.ts';
import { readSmallEntry } from '../verify/container/read-entry.ts';
import { PENDING } from './pack-name.ts';
import { dropTail, restoreTail, saveTail } from './zip/tail-backup.ts';
import { ZipWriter } from './zip/writer.ts';

const MOST_BYTES = 32 * 1024 * 1024;

/** Why a pack cannot be stamped, with what to do. */
export class StampError extends Error {
  readonly code: 'NOT_A_PACK' | 'STAMPED_ALREADY' | 'ALTERED';
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
}

/**
 * Adds the timestamp to a pack that was sealed without one. No byte of the evidence moves: the archive manifest and its
 * token go behind the last file. A crash at any moment leaves the pack whole.
 *
 * @throws StampError; SealError TSA_… when no authority gives a token: the pack is then as it was.
 */
export async function stampPack(path: string, timestamp: TimestampOptions): Promise<StampedPack> {
  await restoreTail(path);
  const file = await open(path, 'r+');
  let provenTime: string;
  try {
    const { entries, faults, directoryAt } = await readDirectory(file);
    const small = async (name: string) => {
      const entry = entries.find((e) => e.name === name);
      return entry ? readSmallEntry(file, entry, MOST_BYTES) : null;
    };
    const manifest = await small(ASIC.manifest);
    const signature = await small(ASIC.signature);
    if (!manifest || !signature)
      throw new StampError('NOT_A_PACK', `cannot stamp ${path}: it is not a sealed pack.`);
    if (faults.length > 0)
      throw new StampError('ALTERED', `cannot stamp ${path}: it was altered. See: keywitness verify`);
    if (entries.some((e) => e.name === ASIC.timestamp)) {
      throw new StampError('STAMPED_ALREADY', `cannot stamp ${path}: it has its timestamp already.`);
    }
    const sealed = parseAsicManifest(manifest, ASIC.manifest).entries;
    const archive = await archiveContainer(sealed, { manifest, signature }, timestamp);
    provenTime = archive.timestamp.genTime.toISOString();

    await saveTail(path, file, directoryAt);
    const zip = ZipWriter.continue(file, entries, directoryAt);
    for (const { path: name, bytes } of archive.files) await zip.add(name, bytes);
    await zip.close();
    await dropTail(path);
  } finally {
    await file.close().catch(() => undefined);
  }
  await stampReport(path, timestamp);
  return { zip: await withoutPending(path), provenTime };
}

/** The PDF beside the zip gets a document timestamp behind its bytes; the one inside stays as it was sealed. */
async function stampReport(zipPath: string, timestamp: TimestampOptions): Promise<void> {
  const path = zipPath.replace(/\.zip$/i, '.pdf');
  if (path === zipPath || !existsSync(path)) return;
  const { pdf } = await addDocumentTimestamp(await readFile(path), timestamp);
  await writeFile(`${path}.part`, pdf, { mode: 0o600 });
  await rename(`${path}.part`, path);
  await withoutPending(path);
}

async function withoutPending(path: string): Promise<string> {
  const target = path.replace(PENDING, '');
  if (target === path || existsSync(target)) return path;
  await rename(path, target);
  return target;
}

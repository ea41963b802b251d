import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { ASIC } from '../../seal/asic/manifest.ts';
import { NotAContainer, readDirectory } from '../../verify/container/read-directory.ts';
import { readEntry } from '../../verify/container/read-entry.ts';

/*
 * Stamping a pack later rewrites its tail in place. The old tail is kept in a file beside the pack until the new one is
 * on disk, so that a crash at any moment leaves a pack that is whole: the old one, or the new one.
 *
 * The file: offset of the tail (8 bytes), SHA-256 of what stands before it (up to 1 MiB, the manifest of all digests
 * with it), SHA-256 of the tail, the tail. So a backup is never taken for that of another pack, nor a damaged one used.
 */

const path = (pack: string) => `${pack}.tail`;
const DIGEST_BYTES = 32;
const HEADER_BYTES = 8 + 2 * DIGEST_BYTES;
/** The ASiC manifest stands right before the tail and has the digest of every file: it tells packs apart. */
const BEFORE_BYTES = 1024 * 1024;

/** What lies beside a pack cannot be used, with what to do. */
export class StrangeTail extends Error {
  constructor(pack: string) {
    super(
      `cannot put ${pack} back as it was: ${path(pack)} is the saved end of another pack, or damaged. If the pack verifies, delete that file; else restore the pack from a copy.`,
    );
    this.name = 'StrangeTail';
  }
}

/** Puts what stands in the pack from `offset` on into a file beside it, on disk when this returns. */
export async function saveTail(pack: string, file: FileHandle, offset: number): Promise<void> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(size - offset);
  await readFully(file, tail, offset);
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(offset));
  const saved = Buffer.concat([head, await digestBefore(file, offset), sha256(tail), tail]);
  // Under another name first: a backup that was cut short by a crash must never be taken for one.
  const backup = await open(`${path(pack)}.part`, 'w', 0o600);
  await backup.writeFile(saved);
  await backup.sync();
  await backup.close();
  await rename(`${path(pack)}.part`, path(pack));
}

/**
 * Puts a saved tail back if a crash left a pack that is not whole. A pack that is whole keeps what it has: its new tail
 * was on disk, or somebody put another pack there.
 *
 * @returns whether it did.
 * @throws StrangeTail when the pack is not whole and the saved tail is not its own.
 */
export async function restoreTail(pack: string): Promise<boolean> {
  await rm(`${path(pack)}.part`, { force: true });
  if (!existsSync(path(pack))) return false;
  const file = await open(pack, 'r+');
  try {
    if (!(await isWhole(file))) {
      const saved = await readFile(path(pack));
      const offset = saved.length > HEADER_BYTES ? Number(saved.readBigUInt64LE()) : -1;
      const tail = saved.subarray(HEADER_BYTES);
      const own =
        offset >= 0 &&
        offset <= (await file.stat()).size &&
        saved.subarray(8, 8 + DIGEST_BYTES).equals(await digestBefore(file, offset)) &&
        saved.subarray(8 + DIGEST_BYTES, HEADER_BYTES).equals(sha256(tail));
      if (!own) throw new StrangeTail(pack);
      for (let at = 0; at < tail.length;) {
        at += (await file.write(tail, at, tail.length - at, offset + at)).bytesWritten;
      }
      await file.truncate(offset + tail.length);
      await file.sync();
      await rm(path(pack));
      return true;
    }
  } finally {
    await file.close();
  }
  await rm(path(pack));
  return false;
}

/** Forgets the saved tail: the new one is on disk. */
export async function dropTail(pack: string): Promise<void> {
  await rm(path(pack), { force: true });
}

/** Whether every header is as written and the seals, which are what is rewritten, can be read. */
async function isWhole(file: FileHandle): Promise<boolean> {
  try {
    const { entries, faults } = await readDirectory(file);
    if (faults.length > 0) return false;
    const seals = entries.slice(entries.findIndex(({ name }) => name === ASIC.manifest));
    for (const entry of seals) if ((await readEntry(file, entry)).fault !== null) return false;
    return true;
  } catch (error) {
    if (error instanceof NotAContainer) return false;
    throw error;
  }
}

async function digestBefore(file: FileHandle, offset: number): Promise<Buffer> {
  const before = Buffer.alloc(Math.min(offset, BEFORE_BYTES));
  await readFully(file, before, offset - before.length);
  return sha256(before);
}

async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw new Error(`cannot read the pack: it ends before byte ${position + at}.`);
    at += bytesRead;
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

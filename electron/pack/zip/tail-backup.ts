import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';

/*
 * Stamping a pack later rewrites its tail in place. The old tail is kept in a file beside the pack until the new one is
 * on disk, so that a crash at any moment leaves a pack that is whole: the old one, or the new one.
 */

const path = (pack: string) => `${pack}.tail`;
const HEADER_BYTES = 8;

/** Puts what stands in the pack from `offset` on into a file beside it, on disk when this returns. */
export async function saveTail(pack: string, file: FileHandle, offset: number): Promise<void> {
  const { size } = await file.stat();
  const saved = Buffer.alloc(HEADER_BYTES + size - offset);
  saved.writeBigUInt64LE(BigInt(offset));
  await file.read(saved, HEADER_BYTES, size - offset, offset);
  // Under another name first: a backup that was cut short by a crash must never be taken for one.
  const backup = await open(`${path(pack)}.part`, 'w', 0o600);
  await backup.writeFile(saved);
  await backup.sync();
  await backup.close();
  await rename(`${path(pack)}.part`, path(pack));
}

/** Puts a saved tail back if a crash left one. Returns whether it did. */
export async function restoreTail(pack: string): Promise<boolean> {
  await rm(`${path(pack)}.part`, { force: true });
  if (!existsSync(path(pack))) return false;
  const backup = await open(path(pack), 'r');
  const saved = await backup.readFile();
  await backup.close();
  const offset = Number(saved.readBigUInt64LE());
  const file = await open(pack, 'r+');
  try {
    await file.write(saved, HEADER_BYTES, saved.length - HEADER_BYTES, offset);
    await file.truncate(offset + saved.length - HEADER_BYTES);
    await file.sync();
  } finally {
    await file.close();
  }
  await rm(path(pack));
  return true;
}

/** Forgets the saved tail: the new one is on disk. */
export async function dropTail(pack: string): Promise<void> {
  await rm(path(pack), { force: true });
}

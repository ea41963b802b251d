import { ASIC, parseAsicManifest, type AsicManifest } from '../../seal/asic/manifest.ts';
import { SealError } from '../../seal/error.ts';
import type { ReadEntry } from '../container/read-entry.ts';
import { fail, pass, type Check } from '../verification.ts';

/** Files that seal the container and so cannot be listed in the manifest that they seal. */
const SEALING = new Set<string>([ASIC.manifest, ASIC.signature, ASIC.archiveManifest, ASIC.timestamp]);

/** Checks that a manifest lists every file once with its digest: nothing unsigned, extra, missing or double. */
export function checkManifest(
  which: 'signed' | 'archive',
  bytes: Uint8Array,
  read: ReadonlyMap<string, ReadEntry>,
): Check {
  const name = which === 'signed' ? ASIC.manifest : ASIC.archiveManifest;
  const id = which === 'signed' ? 'asic-manifest' : 'asic-archive-manifest';
  const title =
    which === 'signed'
      ? 'Every file is signed (ASiC manifest)'
      : 'Every file is timestamped (archive manifest)';
  let manifest: AsicManifest;
  try {
    manifest = parseAsicManifest(bytes, name);
  } catch (error) {
    if (error instanceof SealError) return fail(id, title, `${error.message}.`);
    throw error;
  }
  const expected = which === 'signed' ? ASIC.signature : ASIC.timestamp;
  if (manifest.seal.path !== expected)
    return fail(id, title, `${name} names ${manifest.seal.path} as its seal.`);
  const listed = new Set<string>();
  for (const { path, imprint } of manifest.entries) {
    const file = read.get(path);
    if (!file) return fail(id, title, `${path} was sealed and is not in the pack.`);
    if (listed.has(path)) return fail(id, title, `${path} is listed twice in ${name}.`);
    if (imprint.algorithm !== 'sha256' || Buffer.from(imprint.digest).toString('hex') !== file.sha256) {
      return fail(id, title, `${path} is not the file that was sealed: its SHA-256 is ${file.sha256}.`);
    }
    listed.add(path);
  }
  const sealing = which === 'signed' ? SEALING : new Set([ASIC.archiveManifest, ASIC.timestamp]);
  const unsealed = [...read.keys()].find(
    (path) => !listed.has(path) && !sealing.has(path as typeof ASIC.timestamp),
  );
  if (unsealed) return fail(id, title, `${unsealed} is in the pack and was not sealed.`);
  return pass(
    id,
    title,
    `${listed.size} files, each with its SHA-256; none unsealed, extra, missing or double.`,
  );
}

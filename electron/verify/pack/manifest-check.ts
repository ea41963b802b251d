import { parseAsicManifest, type AsicManifest } from '../../seal/asic/manifest.ts';
import { SealError } from '../../seal/error.ts';
import type { ReadEntry } from '../container/read-entry.ts';
import { fail, pass, type Check } from '../verification.ts';

/** What a manifest of the container is, and what it must cover. */
export interface ManifestClaim {
  id: string;
  title: string;
  /** Path of the manifest itself. */
  name: string;
  /** Path of the signature or token over it. */
  seal: string;
  /** Files that it need not list: itself, its seal, and what came after it. */
  exempt: ReadonlySet<string>;
}

/** Checks that a manifest lists every file once with its digest: nothing uncovered, extra, missing or double. */
export function checkManifest(
  { id, title, name, seal, exempt }: ManifestClaim,
  bytes: Uint8Array,
  read: ReadonlyMap<string, ReadEntry>,
): Check {
  let manifest: AsicManifest;
  try {
    manifest = parseAsicManifest(bytes, name);
  } catch (error) {
    if (error instanceof SealError) return fail(id, title, `${error.message}.`);
    throw error;
  }
  if (manifest.seal.path !== seal) return fail(id, title, `${name} names ${manifest.seal.path} as its seal.`);
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
  const unsealed = [...read.keys()].find((path) => !listed.has(path) && !exempt.has(path));
  if (unsealed) return fail(id, title, `${unsealed} is in the pack and was not sealed.`);
  return pass(
    id,
    title,
    `${listed.size} files, each with its SHA-256; none unsealed, extra, missing or double.`,
  );
}

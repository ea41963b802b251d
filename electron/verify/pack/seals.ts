import { archiveName, ASIC, tokenName } from '../../seal/asic/manifest.ts';

/** The sealing files of a pack, each as bytes; null where the pack has none. */
export interface Seals {
  readonly manifest: Uint8Array | null;
  readonly signature: Uint8Array | null;
  /** Manifest of an evidence record and the record; null when the pack has neither. */
  readonly evidence: { readonly manifest: Uint8Array | null; readonly record: Uint8Array | null } | null;
  /** Archive manifests with their tokens, oldest first. */
  readonly archives: readonly ArchiveSeal[];
  /** Names of files that seal and so need not be listed by the manifest that they seal. */
  readonly names: ReadonlySet<string>;
}

/** One archive manifest and the token over it. */
export interface ArchiveSeal {
  readonly manifestName: string;
  readonly tokenName: string;
  readonly manifest: Uint8Array | null;
  readonly token: Uint8Array | null;
}

/** Finds the seals by their names (EN 319 162-1 §4.4.3 and §A.7). */
export async function readSeals(
  present: ReadonlySet<string>,
  small: (name: string) => Promise<Uint8Array | null>,
): Promise<Seals> {
  const names = new Set<string>([ASIC.manifest, ASIC.signature]);
  let count = 0;
  while (present.has(tokenName(count)) || (count === 0 && present.has(ASIC.archiveManifest))) count += 1;
  const archives: ArchiveSeal[] = [];
  for (let index = 0; index < count; index += 1) {
    const own = { manifestName: archiveName(index, count), tokenName: tokenName(index) };
    names.add(own.manifestName).add(own.tokenName);
    archives.push({
      ...own,
      manifest: await small(own.manifestName),
      token: await small(own.tokenName),
    });
  }
  const recorded = present.has(ASIC.evidenceManifest) || present.has(ASIC.evidenceRecord);
  if (recorded) names.add(ASIC.evidenceManifest).add(ASIC.evidenceRecord);
  return {
    evidence: recorded
      ? { manifest: await small(ASIC.evidenceManifest), record: await small(ASIC.evidenceRecord) }
      : null,
    manifest: await small(ASIC.manifest),
    signature: await small(ASIC.signature),
    archives,
    names,
  };
}

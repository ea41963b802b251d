import { sealContainer } from '../seal/asic.ts';
import type { ManifestEntry } from '../seal/asic/manifest.ts';
import type { SealOutcome } from '../seal/outcome.ts';
import type { PackOptions } from './pack-options.ts';
import type { WrittenFile, ZipWriter } from './zip/writer.ts';

/** Signs everything written so far and adds the signature; then the time over all of it, where it can be had. */
export async function sealWritten(zip: ZipWriter, options: PackOptions): Promise<SealOutcome> {
  const { files, ...outcome } = await sealContainer(zip.written.map(manifestEntry), options.signer, {
    signingTime: options.now,
    ...raiseOptions(options),
  });
  for (const file of files) await zip.add(file.path, file.bytes);
  return outcome;
}

/** Where time and validation data of a pack come from. */
export const raiseOptions = (options: PackOptions) => ({
  timestamp: options.timestamp,
  known: [...options.signerRoots, ...options.authorityRoots],
  ...(options.retrieval ? { retrieval: options.retrieval } : {}),
});

function manifestEntry(file: WrittenFile): ManifestEntry {
  return {
    path: file.name,
    mimeType: null,
    imprint: { algorithm: 'sha256', digest: Buffer.from(file.sha256, 'hex') },
  };
}

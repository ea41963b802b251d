import { archiveContainer, sealContainer } from '../seal/asic.ts';
import type { ManifestEntry } from '../seal/asic/manifest.ts';
import type { BuiltPack, PackOptions } from './pack-options.ts';
import { withOrWithoutTime } from './with-or-without-time.ts';
import type { WrittenFile, ZipWriter } from './zip/writer.ts';

/** Signs everything written so far and adds the signature; then the time over all of it, where it can be had. */
export async function sealWritten(
  zip: ZipWriter,
  options: PackOptions,
): Promise<Pick<BuiltPack, 'provenTime' | 'timePending'>> {
  const entries = zip.written.map(manifestEntry);
  const sealed = await withOrWithoutTime(options.timestamp, async (timestamp) => ({
    files: (
      await sealContainer(entries, options.signer, {
        signingTime: options.now,
        ...(timestamp ? { timestamp } : {}),
      })
    ).files,
  }));
  for (const file of sealed.files) await zip.add(file.path, file.bytes);
  if (sealed.pending !== null) return { provenTime: null, timePending: sealed.pending };
  const [manifestFile, signatureFile] = sealed.files;
  const archive = await archiveContainer(
    entries,
    { manifest: manifestFile!.bytes, signature: signatureFile!.bytes },
    options.timestamp!,
  );
  for (const file of archive.files) await zip.add(file.path, file.bytes);
  return { provenTime: archive.timestamp.genTime.toISOString(), timePending: null };
}

function manifestEntry(file: WrittenFile): ManifestEntry {
  return {
    path: file.name,
    mimeType: null,
    imprint: { algorithm: 'sha256', digest: Buffer.from(file.sha256, 'hex') },
  };
}

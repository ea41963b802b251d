import { imprintOf, type Imprint } from './digest.ts';
import { signCades } from './cades.ts';
import type { Signer } from './signer.ts';
import { requestTimestamp, type Timestamp, type TimestampOptions } from './timestamp/client.ts';
import { ASIC, writeAsicArchiveManifest, writeAsicManifest, type ManifestEntry } from './asic/manifest.ts';

/** A file to be written into META-INF. */
export interface SealFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The sealing files of a container, in their order, and the time-stamp of the signature if there is one. */
export interface ContainerSeal {
  readonly files: readonly SealFile[];
  readonly timestamp: Timestamp | null;
}

/**
 * Seals a container: ASiCManifest over every file, CAdES over the manifest (EN 319 162-1, ASiC-E with CAdES).
 * Level B-B without `timestamp`, B-T with it.
 *
 * @param entries every file in the container, in its order, with its digest.
 */
export async function sealContainer(
  entries: readonly ManifestEntry[],
  signer: Signer,
  options: { signingTime: Date; timestamp?: TimestampOptions },
): Promise<ContainerSeal> {
  const manifest = writeAsicManifest(entries);
  const { signature, timestamp } = await signCades(manifest, signer, options);
  return {
    files: [
      { path: ASIC.manifest, bytes: manifest },
      { path: ASIC.signature, bytes: signature },
    ],
    timestamp,
  };
}

/**
 * The archive time-stamp over a sealed container: one more manifest over all its files and a token over that manifest.
 * Added last, and again without touching anything before it.
 */
export async function archiveContainer(
  entries: readonly ManifestEntry[],
  seal: { manifest: Uint8Array; signature: Uint8Array },
  timestamp: TimestampOptions,
): Promise<{ files: readonly SealFile[]; timestamp: Timestamp }> {
  const manifest = writeAsicArchiveManifest([
    { path: ASIC.manifest, mimeType: 'text/xml', imprint: imprintOf(seal.manifest), root: true },
    { path: ASIC.signature, mimeType: 'application/pkcs7-signature', imprint: imprintOf(seal.signature) },
    ...entries,
  ]);
  const stamp = await requestTimestamp(archiveImprint(manifest), timestamp);
  return {
    files: [
      { path: ASIC.archiveManifest, bytes: manifest },
      { path: ASIC.timestamp, bytes: stamp.token },
    ],
    timestamp: stamp,
  };
}

/** What the archive token is over: the bytes of the archive manifest. */
export const archiveImprint = (archiveManifest: Uint8Array): Imprint => imprintOf(archiveManifest);

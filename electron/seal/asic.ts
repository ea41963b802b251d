import { signCades } from './cades.ts';
import {
  addSignatureTime,
  certificatesInside,
  signatureTimestamps,
  withValidationData,
} from './cades-levels.ts';
import {
  ASIC,
  archiveName,
  tokenName,
  writeAsicManifest,
  writeManifest,
  type ManifestEntry,
} from './asic/manifest.ts';
import { imprintOf, type Imprint } from './digest.ts';
import type { RaiseOptions, SealOutcome } from './outcome.ts';
import { latest, raise, type Raisable } from './raise.ts';
import { tokenCertificates, tokenTime } from './timestamp/token.ts';
import type { Signer } from './signer.ts';
import { requestTimestamp } from './timestamp/client.ts';
import { withOrWithoutTime } from './timestamp/with-or-without-time.ts';

/** A file to be written into META-INF. */
export interface SealFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** An archive manifest with the token over it. */
export interface ArchiveTime {
  readonly manifest: Uint8Array;
  readonly token: Uint8Array;
}

/** A sealed container as its seal sees it. */
export interface SealedContainer {
  /** Every file before META-INF, in its order, with its digest. */
  readonly entries: readonly ManifestEntry[];
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  /** Oldest first. */
  readonly archives: readonly ArchiveTime[];
}

/**
 * What grows: the signature until the first archive time, then only what stands behind it, for the archive manifest
 * holds the signature's digest.
 */
const CONTAINER: Raisable<SealedContainer> = {
  certificatesOf({ signature, archives }) {
    const inside = certificatesInside(signature);
    const later = archives.flatMap((archive) => tokenCertificates(archive.token));
    return { signer: inside.signer, authorities: [...inside.authorities, ...later] };
  },
  timeOf: ({ signature, archives }) =>
    latest([...signatureTimestamps(signature), ...archives.map((archive) => archive.token)].map(tokenTime)),
  // openssl ts reads a token with revocation lists inside, and none with OCSP responses.
  prefers: ({ archives }) => (archives.length > 0 ? 'CRL' : 'OCSP'),
  async addTime(container, options) {
    const { thing, timestamp } = await addSignatureTime(container.signature, options);
    return { thing: { ...container, signature: thing }, timestamp };
  },
  addValidationData(container, data) {
    const last = container.archives.at(-1);
    if (!last) return { ...container, signature: withValidationData(container.signature, data) };
    const token = withValidationData(last.token, { ...data, ocsps: [] });
    return { ...container, archives: [...container.archives.slice(0, -1), { ...last, token }] };
  },
  async addArchiveTime(container, options) {
    const manifest = archiveManifest(container);
    const timestamp = await requestTimestamp(archiveImprint(manifest), options);
    const archives = [...container.archives, { manifest, token: timestamp.token }];
    return { thing: { ...container, archives }, timestamp };
  },
};

/**
 * Seals a container (EN 319 162-1, ASiC-E with CAdES) as far as can be, up to B-LTA: ASiCManifest over every file, CAdES
 * over the manifest, its token, validation data inside it, and an archive time over all of that.
 *
 * @param entries every file in the container, in its order, with its digest.
 * @throws SealError of the signer; authorities that cannot be reached leave the level lower.
 */
export async function sealContainer(
  entries: readonly ManifestEntry[],
  signer: Signer,
  options: { signingTime: Date } & RaiseOptions,
): Promise<{ files: readonly SealFile[] } & SealOutcome> {
  const { signingTime, timestamp, known, retrieval } = options;
  const manifest = writeAsicManifest(entries);
  const signed = await withOrWithoutTime(timestamp, (authorities) =>
    signCades(manifest, signer, { signingTime, ...(authorities ? { timestamp: authorities } : {}) }),
  );
  const outcome = await raiseContainer(
    { entries, manifest, signature: signed.signature, archives: [] },
    {
      // Whoever did not answer a moment ago is not asked again.
      timestamp: signed.pending === null ? timestamp : null,
      known: [...signer.certificates, ...(known ?? [])],
      ...(retrieval ? { retrieval } : {}),
    },
  );
  return signed.pending === null
    ? outcome
    : { ...outcome, pending: signed.pending, lacking: [signed.pending] };
}

/** Raises the seal of a container, or renews its time. Files come in their order, META-INF/ASiCManifest001.xml first. */
export async function raiseContainer(
  container: SealedContainer,
  options: RaiseOptions,
): Promise<{ files: readonly SealFile[] } & SealOutcome> {
  const { thing, ...outcome } = await raise(container, CONTAINER, options);
  return { files: filesOf(thing), ...outcome };
}

function filesOf({ manifest, signature, archives }: SealedContainer): SealFile[] {
  return [
    { path: ASIC.manifest, bytes: manifest },
    { path: ASIC.signature, bytes: signature },
    ...archives.flatMap((archive, index) => [
      { path: archiveName(index, archives.length), bytes: archive.manifest },
      { path: tokenName(index), bytes: archive.token },
    ]),
  ];
}

/**
 * The next archive manifest (EN 319 162-1 §A.7): every file of the container, the seals so far among them, with the
 * manifest that this one continues as root file.
 */
function archiveManifest({ entries, manifest, signature, archives }: SealedContainer): Uint8Array {
  const xml = (path: string, bytes: Uint8Array, root: boolean): ManifestEntry => ({
    path,
    mimeType: 'text/xml',
    imprint: imprintOf(bytes),
    ...(root ? { root: true } : {}),
  });
  const count = archives.length;
  return writeManifest({
    seal: { path: tokenName(count), mimeType: 'application/vnd.etsi.timestamp-token' },
    entries: [
      xml(ASIC.manifest, manifest, count === 0),
      { path: ASIC.signature, mimeType: 'application/pkcs7-signature', imprint: imprintOf(signature) },
      ...archives.flatMap((archive, index) => [
        xml(archiveName(index, count + 1), archive.manifest, index === count - 1),
        {
          path: tokenName(index),
          mimeType: 'application/vnd.etsi.timestamp-token',
          imprint: imprintOf(archive.token),
        },
      ]),
      ...entries,
    ],
  });
}

/** What the archive token is over: the bytes of the archive manifest. */
export const archiveImprint = (archiveManifest: Uint8Array): Imprint => imprintOf(archiveManifest);

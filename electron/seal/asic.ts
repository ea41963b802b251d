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
import { hashTree, parseEvidenceRecord, writeEvidenceRecord } from './evidence-record.ts';
import { gather, latest, raise, type Raisable } from './raise.ts';
import { tokenCertificates, tokenTime } from './timestamp/token.ts';
import type { Signer } from './signer.ts';
import { requestTimestamp, type TimestampOptions } from './timestamp/client.ts';
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
  /** The evidence record that a batch of packs got together, or null. */
  readonly evidence: EvidenceTime | null;
  /** Oldest first. */
  readonly archives: readonly ArchiveTime[];
}

/** An evidence record with the manifest that says what it is about. */
export interface EvidenceTime {
  readonly manifest: Uint8Array;
  readonly record: Uint8Array;
}

/**
 * What grows: the signature until the first archive time, then only what stands behind it, for the archive manifest
 * holds the signature's digest.
 */
const CONTAINER: Raisable<SealedContainer> = {
  certificatesOf(container) {
    const inside = certificatesInside(container.signature);
    const later = laterTokens(container).flatMap(tokenCertificates);
    return { signer: inside.signer, authorities: [...inside.authorities, ...later] };
  },
  timeOf: (container) =>
    latest([...signatureTimestamps(container.signature), ...laterTokens(container)].map(tokenTime)),
  // Later the signature is under an archive manifest or an evidence record, and keeps its bytes.
  takesSecondTime: ({ archives, evidence }) => archives.length === 0 && evidence === null,
  // openssl ts reads a token with revocation lists inside, and none with OCSP responses.
  prefers: ({ archives }) => (archives.length > 0 ? 'CRL' : 'OCSP'),
  async addTime(container, options) {
    const { thing, timestamp } = await addSignatureTime(container.signature, options);
    return { thing: { ...container, signature: thing }, timestamp };
  },
  addValidationData(container, data) {
    const last = container.archives.at(-1);
    // What an evidence record covers keeps its bytes; it was given the validation data when it was made.
    if (!last && container.evidence) return container;
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

const laterTokens = ({ evidence, archives }: SealedContainer): Uint8Array[] => [
  ...(evidence ? [parseEvidenceRecord(evidence.record).token] : []),
  ...archives.map((archive) => archive.token),
];

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
    { entries, manifest, signature: signed.signature, evidence: null, archives: [] },
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
  return { files: sealFiles(thing), ...outcome };
}

/**
 * Raises many containers with one request: each gets its validation data and an evidence record (RFC 4998) whose token
 * is over all of them. Only the root of a hash tree leaves the machine.
 *
 * @param containers none has a time yet.
 * @throws SealError TSA_… when no authority gives a token.
 */
export async function raiseTogether(
  containers: readonly SealedContainer[],
  timestamp: TimestampOptions,
  options: Omit<RaiseOptions, 'timestamp'> = {},
): Promise<{ thing: SealedContainer; outcome: SealOutcome }[]> {
  const prepared = await Promise.all(
    containers.map(async (container) => {
      const gathered = await gather(CONTAINER.certificatesOf(container), { ...options, timestamp }, 'OCSP');
      const full = CONTAINER.addValidationData(container, gathered.data);
      return { full, manifest: evidenceManifest(full), gathered };
    }),
  );
  const tree = hashTree(prepared.map(({ full }) => evidenceHashes(full)));
  const stamp = await requestTimestamp(tree.root, timestamp);
  const authority = await gather(
    { signer: [], authorities: tokenCertificates(stamp.token) },
    { ...options, timestamp },
    'CRL',
  );
  const token = withValidationData(stamp.token, { ...authority.data, ocsps: [] });
  return prepared.map(({ full, manifest, gathered }, index) => ({
    thing: { ...full, evidence: { manifest, record: writeEvidenceRecord(tree.reduced(index), token) } },
    outcome: {
      level: 'B-T' as const,
      provenTime: stamp.genTime,
      pending: null,
      lacking: [...new Set([...gathered.lacking, ...authority.lacking])],
      hosts: [...new Set([...gathered.hosts, new URL(stamp.url).host, ...authority.hosts])],
    },
  }));
}

/** Digests of what an evidence manifest lists, in its order. */
function evidenceHashes({ entries, manifest, signature }: SealedContainer): Uint8Array[] {
  return [
    imprintOf(manifest).digest,
    imprintOf(signature).digest,
    ...entries.map(({ imprint }) => imprint.digest),
  ];
}

/** What an evidence record is about (EN 319 162-1 §4.4.3.2): every file, the manifest and the signature. */
function evidenceManifest({ entries, manifest, signature }: SealedContainer): Uint8Array {
  return writeManifest({
    seal: { path: ASIC.evidenceRecord, mimeType: null },
    entries: [
      { path: ASIC.manifest, mimeType: 'text/xml', imprint: imprintOf(manifest) },
      { path: ASIC.signature, mimeType: 'application/pkcs7-signature', imprint: imprintOf(signature) },
      ...entries,
    ],
  });
}

/** The sealing files in their order, META-INF/ASiCManifest001.xml first. */
export function sealFiles({ manifest, signature, evidence, archives }: SealedContainer): SealFile[] {
  return [
    { path: ASIC.manifest, bytes: manifest },
    { path: ASIC.signature, bytes: signature },
    ...(evidence
      ? [
          { path: ASIC.evidenceManifest, bytes: evidence.manifest },
          { path: ASIC.evidenceRecord, bytes: evidence.record },
        ]
      : []),
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
function archiveManifest({ entries, manifest, signature, evidence, archives }: SealedContainer): Uint8Array {
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
      ...(evidence
        ? [
            xml(ASIC.evidenceManifest, evidence.manifest, false),
            { path: ASIC.evidenceRecord, mimeType: null, imprint: imprintOf(evidence.record) },
          ]
        : []),
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

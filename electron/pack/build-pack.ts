import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WritableDb } from '../../db/handle.ts';
import { leafHash, MerkleBuilder } from '../../db/ledger/merkle.ts';
import { storedLines } from '../../db/ledger/read.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { currentEngagement, snapshots } from '../engagement/current.ts';
import { VERSION } from '../engine/version.ts';
import { archiveContainer, sealContainer } from '../seal/asic.ts';
import { ASIC, type ManifestEntry } from '../seal/asic/manifest.ts';
import { readCertificate } from '../seal/certificate.ts';
import { SealError } from '../seal/error.ts';
import { signPdf } from '../seal/pades/sign.ts';
import { ownCertificate, type Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { certificatePem } from '../seal/trust.ts';
import { appendCheckpoint } from './append-checkpoint.ts';
import { BAGIT_TXT, bagInfo, manifest } from './bagit.ts';
import { accessFiles } from './exhibits/access.ts';
import { cardFiles } from './exhibits/cards.ts';
import { keyConfigurationFiles } from './exhibits/key-configuration.ts';
import { scopeFiles } from './exhibits/scope.ts';
import { testFiles, type ControlFacts } from './exhibits/tests.ts';
import { expectedExhibits } from './exhibits/expected.ts';
import { ledgerFiles } from './files/ledger-files.ts';
import type { Exhibit, PackFile } from './files/pack-file.ts';
import { usageFiles } from './files/usage-files.ts';
import { readmeTxt } from './guide/readme-txt.ts';
import { verifyTxt } from './guide/verify-txt.ts';
import { packIndex } from './pack-index.ts';
import { firstDay, lastDay, packName, PENDING } from './pack-name.ts';
import { renderReport } from './pdf/render-report.ts';
import { fillReport } from './report/fill-report.ts';
import type { LogFacts } from './report/log-facts.ts';
import { fillViewer } from './viewer/fill-viewer.ts';
import { viewerPage, type ViewerTable } from './viewer/viewer.ts';
import { ZipWriter, type WrittenFile } from './zip/writer.ts';

/** Key pages in the report; the zip has every key. */
const KEY_PAGES = 200;

/** What to build a pack from, and with what to seal it. */
export interface PackOptions {
  /** Folder for the two files; made when absent. */
  folder: string;
  snapshot: string;
  signer: Signer;
  /** Null builds a pack whose time is pending. */
  timestamp: TimestampOptions | null;
  /** Certificates to put beside the evidence for the commands of VERIFY.txt, DER; may be empty. */
  signerRoots: readonly Uint8Array[];
  authorityRoots: readonly Uint8Array[];
  now: Date;
  controls: readonly ControlFacts[];
  rulesVersion: string;
  quotaOf: (op: string) => string;
  notices: readonly string[];
  logs: LogFacts & {
    /** Files of data/3-usage-logs made from events: events.csv, changes.csv, extract.json, digests.json. */
    files: readonly PackFile[];
    tables: readonly ViewerTable[];
  };
  /** Names of the files instead of the pack's own name, for the demo. */
  names?: { pdf: string; zip: string };
  onProgress?: (step: string) => void;
}

/** A finished pack. */
export interface BuiltPack {
  name: string;
  pdf: string;
  zip: string;
  /** SHA-256 of the zip, hex. */
  zipSha256: string;
  zipBytes: number;
  /** Null while the time is pending, with the reason beside it. */
  provenTime: string | null;
  timePending: string | null;
  exhibits: readonly Exhibit[];
}

/**
 * Builds, signs and timestamps a pack: a checkpoint over the ledger first, then the report, then the container with
 * everything the ledger holds. Files appear under their names only when complete.
 *
 * @throws SealError of the signer; an unreachable timestamp authority gives a pack whose time is pending.
 */
export async function buildPack(
  db: WritableDb,
  writer: LedgerWriter,
  options: PackOptions,
): Promise<BuiltPack> {
  const step = options.onProgress ?? (() => undefined);
  step('Checkpoint over the ledger');
  await appendCheckpoint(writer, 'seal', options);
  const ledger = ledgerState(db, writer.head.seq);
  const engagement = currentEngagement(db);
  const packId = createHash('sha256')
    .update(`${ledger.head} ${options.now.toISOString()}`)
    .digest('hex')
    .slice(0, 4);
  const name = packName(engagement.client, engagement.period, packId);
  const files = evidenceFiles(db, options, ledger.upTo);
  const exhibits = expectedExhibits(db, options.snapshot, files);

  step('Report');
  const pdf = await signedReport(db, options, { packId, name, ledger, exhibits });

  await mkdir(options.folder, { recursive: true });
  const partial = join(options.folder, `${name}.zip.part`);
  step('Evidence');
  const zip = await ZipWriter.create(partial, options.now);
  try {
    const sealed = await writeContainer(zip, db, options, {
      packId,
      name,
      ledger,
      exhibits,
      files,
      pdf: pdf.pdf,
    });
    const zipBytes = await zip.close();
    const target = targets(options, name, sealed.provenTime === null);
    await writeFile(`${target.pdf}.part`, pdf.pdf, { mode: 0o600 });
    await rename(`${target.pdf}.part`, target.pdf);
    await rename(partial, target.zip);
    return { name, ...target, zipSha256: await fileSha256(target.zip), zipBytes, ...sealed, exhibits };
  } catch (error) {
    await zip.abandon().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
}

/** A pack whose time is pending says so in its file names. */
function targets(options: PackOptions, name: string, pending: boolean): { pdf: string; zip: string } {
  const suffix = pending ? PENDING : '';
  const named = (own: string | undefined, ending: string) =>
    join(options.folder, own ? own.replace(ending, `${suffix}${ending}`) : `${name}${suffix}${ending}`);
  return { pdf: named(options.names?.pdf, '.pdf'), zip: named(options.names?.zip, '.zip') };
}

interface LedgerState {
  upTo: number;
  head: string;
  merkleRoot: string;
}

interface PackParts {
  packId: string;
  name: string;
  ledger: LedgerState;
  exhibits: readonly Exhibit[];
}

function ledgerState(db: WritableDb, upTo: number): LedgerState {
  const tree = new MerkleBuilder();
  let head = '';
  for (const { seq, line, hash } of storedLines(db)) {
    if (seq > upTo) break;
    tree.add(leafHash(Buffer.from(line, 'utf8')));
    head = hash;
  }
  return { upTo, head, merkleRoot: tree.root().toString('hex') };
}

/** Everything under data/ but the report and the index, in the order of the folders. */
function evidenceFiles(db: WritableDb, options: PackOptions, upTo: number): PackFile[] {
  const { parameters, client, sample } = currentEngagement(db);
  const operator = snapshots(db).find((s) => s.id === options.snapshot)!.by.name;
  const tagColumns = [
    { heading: 'owner', tags: parameters.ownerTags.value },
    { heading: 'system', tags: parameters.systemTags.value },
    { heading: 'data_class', tags: parameters.dataClassTags.value },
  ];
  return [
    ...scopeFiles(db),
    ...keyConfigurationFiles(db, options.snapshot, tagColumns),
    ...cardFiles(db, options.snapshot, { client, operator, sample }),
    ...accessFiles(db, options.snapshot),
    ...options.logs.files,
    ...usageFiles(db, upTo),
    ...testFiles(db, options.snapshot, options.controls),
    ...ledgerFiles(db, upTo),
    ...certificates('data/certificates/signer-roots.pem', options.signerRoots),
    ...certificates('data/certificates/timestamp-roots.pem', options.authorityRoots),
  ];
}

function certificates(path: string, roots: readonly Uint8Array[]): PackFile[] {
  return roots.length === 0 ? [] : [{ path, content: () => roots.map(certificatePem).join('') }];
}

async function signedReport(db: WritableDb, options: PackOptions, parts: PackParts) {
  const { ledger, name, packId } = parts;
  const certificate = readCertificate(ownCertificate(options.signer));
  const model = fillReport(db, {
    snapshot: options.snapshot,
    pack: {
      id: packId,
      name,
      builtAt: options.now.toISOString(),
      zipFile: `${name}.zip`,
      pdfFile: `${name}.pdf`,
      merkleRoot: ledger.merkleRoot,
      ledgerHead: ledger.head,
      ledgerEntries: ledger.upTo,
    },
    controls: options.controls,
    exhibits: reportExhibits(parts.exhibits),
    logs: options.logs,
    signing: {
      signer: certificate.subject,
      subject: certificate.subject,
      fingerprint: certificate.fingerprint,
      anchoring:
        options.signerRoots.length > 0
          ? 'issued by the authority in data/certificates/signer-roots.pem'
          : 'no root given with this pack',
      algorithm: `${options.signer.kind === 'rsa' ? 'RSA PKCS#1 v1.5' : 'ECDSA'} with ${options.signer.digest.toUpperCase()}`,
    },
    rulesVersion: options.rulesVersion,
    quotaOf: options.quotaOf,
    notices: options.notices,
    keyPageLimit: KEY_PAGES,
  });
  const bytes = await renderReport(model);
  const settings = { reason: 'Evidence pack', name: certificate.subject, signingTime: options.now };
  return withOrWithoutTime(options.timestamp, (timestamp) =>
    signPdf(bytes, options.signer, { ...settings, ...(timestamp ? { timestamp } : {}) }),
  );
}

const SECTIONS = { a: 'keys', b: 'controls', c: 'completeness', d: 'review' } as const;

function reportExhibits(exhibits: readonly Exhibit[]): Parameters<typeof fillReport>[1]['exhibits'] {
  return exhibits.map((exhibit) => {
    const letter = exhibit.id.slice(0, 1) as keyof typeof SECTIONS;
    const shown = exhibit.files.slice(0, 4);
    return {
      letter,
      // The report prints the letter in a column of its own.
      title: exhibit.title.replace(/^\([a-d]\) /, ''),
      provided:
        exhibit.files.length > 0
          ? `${exhibit.files.length} ${exhibit.files.length === 1 ? 'file' : 'files'}`
          : null,
      ...(exhibit.notProvided ? { reason: exhibit.notProvided } : {}),
      files: shown,
      section: SECTIONS[letter],
    };
  });
}

async function writeContainer(
  zip: ZipWriter,
  db: WritableDb,
  options: PackOptions,
  parts: PackParts & { files: readonly PackFile[]; pdf: Uint8Array },
): Promise<Pick<BuiltPack, 'provenTime' | 'timePending'>> {
  const engagement = currentEngagement(db);
  const { name, exhibits } = parts;
  const dates = { from: firstDay(engagement.period), to: lastDay(engagement.period) };
  const certificate = readCertificate(ownCertificate(options.signer));
  const has = (path: string) => (parts.files.some((file) => file.path === path) ? path : null);

  await zip.addStored('mimetype', Buffer.from(ASIC.mimeType, 'latin1'));
  await zip.add(
    'README.txt',
    readmeTxt({
      name,
      client: engagement.client,
      criteria: engagement.criteria,
      ...dates,
      sample: engagement.sample,
      exhibits,
    }),
  );
  await zip.add(
    'VERIFY.txt',
    verifyTxt({
      name,
      sample: engagement.sample,
      signer: { subject: certificate.subject, sha256: certificate.fingerprint },
      signerRoots: has('data/certificates/signer-roots.pem'),
      authorityRoots: has('data/certificates/timestamp-roots.pem'),
    }),
  );
  const viewer = fillViewer(db, options.snapshot, {
    name,
    exhibits,
    coveragePercent: options.logs.coveragePercent,
    tables: options.logs.tables,
  });
  await zip.add('index.html', viewerPage(viewer));
  await zip.add('bagit.txt', BAGIT_TXT);
  await zip.add('data/report.pdf', parts.pdf);
  await zip.add(
    'data/pack.json',
    packIndex(db, {
      ...parts.ledger,
      packId: parts.packId,
      builtAt: options.now.toISOString(),
      snapshot: options.snapshot,
      exhibits,
      coverage: options.logs.coverage,
    }),
  );
  for (const { path, content, large } of parts.files) await zip.add(path, await content(), large);
  await writeBagManifests(zip, options, parts.packId);

  options.onProgress?.('Seal');
  return seal(zip, options);
}

async function writeBagManifests(zip: ZipWriter, options: PackOptions, packId: string): Promise<void> {
  const payload = zip.written.filter((file) => file.name.startsWith('data/'));
  await zip.add(
    'bag-info.txt',
    bagInfo(payload, {
      'Bagging-Date': options.now.toISOString().slice(0, 10),
      'Bag-Software-Agent': `Keywitness ${VERSION}`,
      'External-Identifier': packId,
    }),
  );
  await zip.add('manifest-sha256.txt', manifest(payload));
  await zip.add(
    'tagmanifest-sha256.txt',
    manifest(zip.written.filter((file) => !file.name.startsWith('data/'))),
  );
}

async function seal(
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

/** Seals with a timestamp where one can be had; otherwise without, saying why. Errors of the signer are thrown. */
async function withOrWithoutTime<T extends object>(
  timestamp: TimestampOptions | null,
  work: (timestamp: TimestampOptions | null) => Promise<T>,
): Promise<T & { pending: string | null }> {
  if (timestamp === null) return { ...(await work(null)), pending: 'no timestamp authority was given' };
  try {
    return { ...(await work(timestamp)), pending: null };
  } catch (error) {
    if (!(error instanceof SealError) || !error.code.startsWith('TSA_')) throw error;
    return { ...(await work(null)), pending: error.message };
  }
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  for await (const piece of file.createReadStream({ highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}

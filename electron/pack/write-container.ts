import type { ReadableDb } from '../../db/handle.ts';
import { currentEngagement } from '../engagement/current.ts';
import { VERSION } from '../engine/version.ts';
import { ASIC } from '../seal/asic/manifest.ts';
import { readCertificate } from '../seal/certificate.ts';
import type { SealOutcome } from '../seal/outcome.ts';
import { ownCertificate } from '../seal/signer.ts';
import { BAGIT_TXT, bagInfo, manifest } from './bagit.ts';
import type { PackFile } from './files/pack-file.ts';
import { readmeTxt } from './guide/readme-txt.ts';
import { verifyTxt } from './guide/verify-txt.ts';
import { redactionSummary, type Redaction } from './redact/redaction.ts';
import { packIndex, type IndexFacts } from './pack-index.ts';
import { firstDay, lastDay } from './pack-name.ts';
import type { PackOptions } from './pack-options.ts';
import type { PackParts } from './pack-parts.ts';
import type { Preparation } from './prepare/prepare-files.ts';
import { sealWritten } from './seal-container.ts';
import { fillViewer } from './viewer/fill-viewer.ts';
import { viewerPage } from './viewer/viewer.ts';
import type { ZipWriter } from './zip/writer.ts';

/** Writes every entry of a pack in the order of its format, and seals it. */
export async function writeContainer(
  zip: ZipWriter,
  db: ReadableDb,
  options: PackOptions,
  parts: PackParts & { files: readonly PackFile[]; preparation: Preparation; pdf: Uint8Array },
): Promise<SealOutcome> {
  const engagement = currentEngagement(db);
  const { name, exhibits, redaction } = parts;
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
  await zip.add('index.html', viewerPage(redaction ? redaction.redactor.data(viewer) : viewer));
  await zip.add('bagit.txt', BAGIT_TXT);
  await zip.add('data/report.pdf', parts.pdf);
  await zip.add(
    'data/pack.json',
    indexText(db, redaction, {
      ...parts.ledger,
      packId: parts.packId,
      builtAt: options.now.toISOString(),
      snapshot: options.snapshot,
      exhibits,
      coverage: options.logs.coverage,
    }),
  );
  for (const { path, content, large } of parts.files) {
    const prepared = await parts.preparation.get(path);
    if (prepared) await zip.addPrepared(path, prepared, large);
    else await zip.add(path, await content(), large);
  }
  await writeBagManifests(zip, options, parts.packId);

  options.onProgress?.('Seal');
  return sealWritten(zip, options);
}

/** pack.json; in a redacted pack with tokens in the place of values. */
function indexText(
  db: ReadableDb,
  redaction: Redaction | null,
  facts: Omit<IndexFacts, 'redactions'>,
): string {
  if (!redaction) return packIndex(db, { ...facts, redactions: [] });
  return redaction.redactor.text(packIndex(db, { ...facts, redactions: [redactionSummary(redaction)] }));
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

import { createCipheriv } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { renderReport } from '../../electron/pack/pdf/render-report.ts';
import { stampBatch } from '../../electron/pack/stamp-batch.ts';
import { stampPack } from '../../electron/pack/stamp-pack.ts';
import { ZipWriter } from '../../electron/pack/zip/writer.ts';
import { startTsa } from '../../electron/sandbox/tsa/tsa.ts';
import { sealContainer } from '../../electron/seal/asic.ts';
import { ASIC } from '../../electron/seal/asic/manifest.ts';
import { createDemoCa, createDemoSigner } from '../../electron/seal/demo-signer.ts';
import type { RaiseOptions } from '../../electron/seal/outcome.ts';
import {
  addDocumentTimestamp,
  addValidationData,
  raisePdf,
  sealPdf,
  signPdf,
} from '../../electron/seal/pades.ts';
import { readCertificate } from '../../electron/seal/certificate.ts';
import { createCrl } from '../../electron/seal/pki/crl.ts';
import type { Signer } from '../../electron/seal/signer.ts';
import { certificatePem } from '../../electron/seal/trust.ts';
import { readDirectory } from '../../electron/verify/container/read-directory.ts';
import { readSmallEntry } from '../../electron/verify/container/read-entry.ts';
import { reportFixture } from '../unit/pack/pdf/report-fixture.ts';

/** Files that validators are to judge, with what they must say. */
export interface Samples {
  /** PEM. */
  roots: string;
  /** Must be B-LTA and pass. */
  lasting: string[];
  /** Signed offline, timed through an evidence record; must pass. */
  recorded: string[];
  /** Must fail. */
  altered: string[];
  /** Reports of a few pages, raised to B-LTA: online and later. */
  reports: string[];
  /** The signer was revoked a moment after the time-stamp: must pass. */
  revokedAfter: string[];
  /** The signer was revoked before the time-stamp: must not pass. */
  revokedBefore: string[];
}

/**
 * Seals small containers and PDFs in every way there is: online, offline and raised later, renewed, in a batch; with RSA
 * and EC. The evidence inside is a word: what is tested are the seals.
 */
export async function makeSamples(folder: string): Promise<Samples> {
  const samples: Samples = {
    roots: join(folder, 'roots.pem'),
    lasting: [],
    recorded: [],
    altered: [],
    reports: [],
    revokedAfter: [],
    revokedBefore: [],
  };
  const now = new Date();
  const roots: string[] = [];
  for (const kind of ['rsa', 'p256', 'p384'] as const) {
    const ca = await createDemoCa(now, kind);
    const tsa = await startTsa({ ca, kind, revocation: true });
    try {
      const { signer } = await createDemoSigner(now, { ca, kind, services: tsa.services });
      roots.push(certificatePem(ca.certificate));
      const timestamp = { urls: [tsa.url] };
      const at = (name: string) => join(folder, `${kind}-${name}`);
      await container(at('online.zip'), signer, { timestamp });
      await pdf(at('online.pdf'), signer, { timestamp });
      await container(at('later.zip'), signer, { timestamp: null });
      await pdf(at('later.pdf'), signer, { timestamp: null });
      await stampPack(at('later.zip'), { timestamp });
      copyFileSync(at('online.zip'), at('renewed.zip'));
      copyFileSync(at('online.pdf'), at('renewed.pdf'));
      await stampPack(at('renewed.zip'), { timestamp, renew: true });
      for (const name of ['online', 'later', 'renewed'])
        samples.lasting.push(at(`${name}.zip`), at(`${name}.pdf`));

      const batch = [at('batch-1.zip'), at('batch-2.zip'), at('batch-3.zip')];
      for (const path of batch) await container(path, signer, { timestamp: null });
      await stampBatch(batch, timestamp);
      samples.recorded.push(...batch);

      await container(at('altered.zip'), signer, { timestamp }, 'evidence, altered');
      samples.altered.push(at('altered.zip'));

      // A PDF with one bit of what a reader sees changed.
      const changed = readFileSync(at('later.pdf'));
      changed[changed.indexOf('stream') + 12]! ^= 1;
      writeFileSync(at('altered.pdf'), changed);
      samples.altered.push(at('altered.pdf'));

      const other = await startTsa({ ca, kind, revocation: true });
      try {
        const both = { timestamp: { urls: [tsa.url], second: [other.url] } };
        await container(at('two.zip'), signer, both);
        await pdf(at('two.pdf'), signer, both);
        await pdf(at('two-later.pdf'), signer, { timestamp: null });
        writeFileSync(at('two-later.pdf'), (await raisePdf(readFileSync(at('two-later.pdf')), both)).pdf);
        samples.lasting.push(at('two.zip'), at('two.pdf'), at('two-later.pdf'));
      } finally {
        await other.close();
      }
      if (kind === 'p256') {
        const report = await renderReport(reportFixture(8));
        for (const [name, first] of [
          ['report-online.pdf', { timestamp }],
          ['report-later.pdf', { timestamp: null }],
        ] as const) {
          const signing = { reason: 'Sample', signingTime: now };
          const sealed = await sealPdf(report, signer, { ...signing, ...first });
          const raised = first.timestamp ? sealed : await raisePdf(sealed.pdf, { timestamp });
          writeFileSync(at(name), raised.pdf);
          samples.reports.push(at(name));
        }
      }
      if (kind === 'p256') await revoked(at, samples, roots, now);
    } finally {
      await tsa.close();
    }
  }
  writeFileSync(samples.roots, roots.join(''));
  return samples;
}

const HOUR = 3_600_000;

/**
 * Signed and stamped two hours ago, revoked three hours or one hour ago, raised to B-LTA now: with a list that says so, for
 * any reason there is.
 */
async function revoked(
  at: (name: string) => string,
  samples: Samples,
  roots: string[],
  now: Date,
): Promise<void> {
  const before = (hours: number) => new Date(now.getTime() - hours * HOUR);
  const ca = await createDemoCa(before(30));
  roots.push(certificatePem(ca.certificate));
  const [then, today] = [await startTsa({ ca, clock: () => before(2) }), await startTsa({ ca })];
  try {
    for (const [hours, list] of [
      [3, samples.revokedBefore],
      [1, samples.revokedAfter],
    ] as const) {
      for (const reason of [null, 1, 3, 4, 5, 9]) {
        const { signer } = await createDemoSigner(before(30), { ca });
        const serial = readCertificate(signer.certificates[0]!).serial;
        const crl = await createCrl(ca, {
          number: 1,
          thisUpdate: before(0.5),
          nextUpdate: new Date(now.getTime() + 24 * HOUR),
          revoked: [{ serial, at: before(hours), reason }],
        });
        const data = { certificates: [ca.certificate], crls: [crl], ocsps: [] };
        const name = `revoked-${hours === 3 ? 'before' : 'after'}-${reason ?? 'none'}.pdf`;
        const document = await PDFDocument.create();
        document.addPage([300, 300]).drawText('Evidence');
        const signed = await signPdf(await document.save(), signer, {
          reason: 'Sample',
          signingTime: before(2),
          timestamp: { urls: [then.url] },
        });
        const told = addValidationData(signed.pdf, data);
        writeFileSync(at(name), (await addDocumentTimestamp(told, { urls: [today.url] })).pdf);
        list.push(at(name));
      }
    }
  } finally {
    await then.close();
    await today.close();
  }
}

/** A container of that much evidence, half of it compressible, and one whose evidence is not what was signed. */
export async function makeLargeSamples(
  folder: string,
  mebibytes: number,
): Promise<{ roots: string; sound: string; altered: string }> {
  const now = new Date();
  const ca = await createDemoCa(now);
  const tsa = await startTsa({ ca, revocation: true });
  try {
    const { signer } = await createDemoSigner(now, { ca, services: tsa.services });
    const roots = join(folder, 'large-roots.pem');
    writeFileSync(roots, certificatePem(ca.certificate));
    const [sound, altered] = [join(folder, 'large.zip'), join(folder, 'large-altered.zip')];
    const raising = { timestamp: { urls: [tsa.url] } };
    await container(sound, signer, raising, 'evidence', mebibytes);
    await container(altered, signer, raising, 'evidence, altered', mebibytes);
    return { roots, sound, altered };
  } finally {
    await tsa.close();
  }
}

/** Blocks of a mebibyte, the same each time, that deflate to about half. */
function* blocks(mebibytes: number): Generator<Buffer> {
  for (let index = 0; index < mebibytes; index += 1) {
    const block = Buffer.alloc(1024 * 1024);
    createCipheriv('aes-256-ctr', Buffer.alloc(32, 1), Buffer.alloc(16, index % 251))
      .update(Buffer.alloc(block.length / 2))
      .copy(block);
    yield block;
  }
}

async function container(
  path: string,
  signer: Signer,
  raising: RaiseOptions,
  written = 'evidence',
  mebibytes = 0,
): Promise<void> {
  const now = new Date();
  const zip = await ZipWriter.create(path, now);
  await zip.addStored('mimetype', Buffer.from(ASIC.mimeType, 'latin1'));
  await zip.add('data/word.txt', written);
  if (mebibytes > 0) await zip.add('data/large.bin', blocks(mebibytes));
  const entries = zip.written.map(({ name, sha256 }) => ({
    path: name,
    mimeType: null,
    imprint: { algorithm: 'sha256' as const, digest: Buffer.from(sha256, 'hex') },
  }));
  if (written !== 'evidence') entries[1]!.imprint.digest = Buffer.alloc(32, 7);
  const { files } = await sealContainer(entries, signer, { signingTime: now, ...raising });
  for (const file of files) await zip.add(file.path, file.bytes);
  await zip.close();
}

async function pdf(path: string, signer: Signer, raising: RaiseOptions): Promise<void> {
  const document = await PDFDocument.create();
  document.addPage([300, 300]).drawText('Evidence');
  const sealed = await sealPdf(await document.save(), signer, {
    reason: 'Sample',
    signingTime: new Date(),
    ...raising,
  });
  writeFileSync(path, sealed.pdf);
}

/** A pack with one evidence file changed and the zip itself made whole again, as a forger would. */
export async function withChangedFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { entries } = await readDirectory(file);
    const target = `${path}.changed`;
    const zip = await ZipWriter.create(target, new Date());
    for (const entry of entries) {
      const bytes = (await readSmallEntry(file, entry, 256 * 1024 * 1024))!;
      if (entry.name === 'mimetype') await zip.addStored(entry.name, bytes);
      else if (entry.name === 'data/pack.json')
        await zip.add(entry.name, Buffer.concat([bytes, Buffer.from(' ')]));
      else await zip.add(entry.name, bytes);
    }
    await zip.close();
    return readFileSync(target);
  } finally {
    await file.close();
    rmSync(`${path}.changed`, { force: true });
  }
}

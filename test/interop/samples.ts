import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { stampBatch } from '../../electron/pack/stamp-batch.ts';
import { stampPack } from '../../electron/pack/stamp-pack.ts';
import { ZipWriter } from '../../electron/pack/zip/writer.ts';
import { startTsa } from '../../electron/sandbox/tsa/tsa.ts';
import { sealContainer } from '../../electron/seal/asic.ts';
import { ASIC } from '../../electron/seal/asic/manifest.ts';
import { createDemoCa, createDemoSigner } from '../../electron/seal/demo-signer.ts';
import type { RaiseOptions } from '../../electron/seal/outcome.ts';
import { sealPdf } from '../../electron/seal/pades.ts';
import type { Signer } from '../../electron/seal/signer.ts';
import { certificatePem } from '../../electron/seal/trust.ts';
import { readDirectory } from '../../electron/verify/container/read-directory.ts';
import { readSmallEntry } from '../../electron/verify/container/read-entry.ts';

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
}

/**
 * Seals small containers and PDFs in every way there is: online, offline and raised later, renewed, in a batch; with RSA
 * and EC. The evidence inside is a word: what is tested are the seals.
 */
export async function makeSamples(folder: string): Promise<Samples> {
  const samples: Samples = { roots: join(folder, 'roots.pem'), lasting: [], recorded: [], altered: [] };
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
    } finally {
      await tsa.close();
    }
  }
  writeFileSync(samples.roots, roots.join(''));
  return samples;
}

async function container(
  path: string,
  signer: Signer,
  raising: RaiseOptions,
  written = 'evidence',
): Promise<void> {
  const now = new Date();
  const zip = await ZipWriter.create(path, now);
  await zip.addStored('mimetype', Buffer.from(ASIC.mimeType, 'latin1'));
  await zip.add('data/word.txt', written);
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

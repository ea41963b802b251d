import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerFiles } from '../../../electron/pack/files/ledger-files.ts';
import type { PackFile } from '../../../electron/pack/files/pack-file.ts';
import { usageFiles } from '../../../electron/pack/files/usage-files.ts';
import { prepareFiles, type Preparation } from '../../../electron/pack/prepare/prepare-files.ts';
import { deflateHere, deflateParallel } from '../../../electron/pack/zip/deflate.ts';
import { ZipWriter } from '../../../electron/pack/zip/writer.ts';
import { exchangeDraft, logFile, newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const AT = new Date('2026-07-01T12:00:00Z');

async function ledger() {
  const { db, writer } = newEngagement();
  await writer.append(exchangeDraft(), { body: Buffer.from('{"KeyMetadata":{}}') });
  // The second one is more than one piece of output.
  for (const count of [20, 90_000]) {
    const file = logFile(count);
    await writer.append(file.draft, { records: file.records });
  }
  return { db, files: [...usageFiles(db, writer.head.seq), ...ledgerFiles(db, writer.head.seq)] };
}

/** Writes a container of these files, prepared or not; gives its bytes. */
async function container(files: readonly PackFile[], preparation: Preparation | null): Promise<Buffer> {
  const path = join(temporaryFolder(), 'pack.zip');
  const zip = await ZipWriter.create(path, AT);
  for (const { path: name, content, large } of files) {
    const prepared = await preparation?.get(name);
    if (prepared) await zip.addPrepared(name, prepared, large);
    else await zip.add(name, await content(), large);
  }
  await zip.close();
  return readFileSync(path);
}

test('files prepared by threads give the very bytes that files made in their turn give', async () => {
  const { db, files } = await ledger();
  const preparation = prepareFiles(db.name, files, join(temporaryFolder(), 'part'));
  const recipes = files.filter((file) => file.recipe);
  expect(recipes.length).toBeGreaterThan(4);
  for (const { path } of recipes) expect(preparation.get(path)).not.toBeNull();
  expect((await container(files, preparation)).equals(await container(files, null))).toBe(true);
  await preparation.end();
});

test('a file that cannot be made fails the pack with its reason, and leaves nothing behind', async () => {
  const { db } = await ledger();
  const bad: PackFile = {
    path: 'data/ledger/bodies-0001.bin',
    content: () => '',
    recipe: { make: 'records', with: [[{ seq: 1, records: 1, broken: false }]] },
  };
  const preparation = prepareFiles(db.name, [bad], join(temporaryFolder(), 'no-such-folder', 'part'));
  await expect(preparation.get(bad.path)).rejects.toThrow(/no such file or directory/);
  await preparation.end();
});

test('the deflate stream of one thread is that of many, whatever the pieces', async () => {
  const text = Buffer.concat(
    Array.from({ length: 90_000 }, (_, i) => Buffer.from(`{"event":${i},"name":"Decrypt"}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: text.length }),
      fc.integer({ min: 1, max: 1_500_000 }),
      async (length, size) => {
        const content = text.subarray(0, length);
        const pieces = function* () {
          for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
        };
        const many: Buffer[] = [];
        for await (const piece of deflateParallel([content])) many.push(piece);
        const one = Buffer.concat([...deflateHere(pieces())].map((piece) => Buffer.from(piece)));
        expect(one.equals(Buffer.concat(many))).toBe(true);
        expect(inflateRawSync(one).equals(content)).toBe(true);
      },
    ),
    { numRuns: 15 },
  );
});

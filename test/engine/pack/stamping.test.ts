import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stampBatch } from '../../../electron/pack/stamp-batch.ts';
import { stampPack } from '../../../electron/pack/stamp-pack.ts';
import { restoreTail, saveTail } from '../../../electron/pack/zip/tail-backup.ts';
import { startTsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { readDirectory } from '../../../electron/verify/container/read-directory.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

async function authority() {
  const tsa = await startTsa({ revocation: true });
  onTestFinished(() => tsa.close());
  return { tsa, timestamp: { urls: [tsa.url] } };
}

const notPassed = async (zip: string, trusted: Uint8Array[]) => {
  const { verdict, level, checks } = await verifyPack(zip, { trusted });
  return { verdict, level, open: checks.filter((check) => check.result !== 'pass').map(({ id }) => id) };
};

describe('raising a pack that was sealed offline', () => {
  it('reaches B-LTA, the PDF beside it too, with the sealed one as its beginning', async () => {
    const { pack, trusted } = await smallPack({ timestamp: null });
    const { tsa, timestamp } = await authority();
    const inner = readFileSync(pack.pdf);
    const stamped = await stampPack(pack.zip, { timestamp });
    expect(stamped.seal).toMatchObject({ level: 'B-LTA', lacking: [] });
    expect(stamped.seal.hosts).toContain(new URL(tsa.url).host);
    const outer = readFileSync(stamped.zip.replace(/zip$/, 'pdf'));
    expect(outer.subarray(0, inner.length).equals(inner)).toBe(true);
    expect(outer.length).toBeGreaterThan(inner.length);
    const result = await notPassed(stamped.zip, [...trusted, tsa.caDer]);
    // The checkpoint in the ledger was sealed without a time, and stays so.
    expect(result).toEqual({ verdict: 'intact', level: 'B-LTA', open: ['checkpoint'] });
  });

  it('is renewed with a further time over everything; the signature and the evidence stay', async () => {
    const { pack, trusted } = await smallPack();
    const { tsa, timestamp } = await authority();
    const before = readFileSync(pack.zip);
    const renewed = await stampPack(pack.zip, { timestamp, renew: true });
    expect(renewed.seal.level).toBe('B-LTA');
    const after = readFileSync(pack.zip);
    const archiveAt = before.indexOf('META-INF/ASiCArchiveManifest.xml') - 30;
    expect(after.subarray(0, archiveAt).equals(before.subarray(0, archiveAt))).toBe(true);
    expect(await notPassed(pack.zip, [...trusted, tsa.caDer])).toEqual({
      verdict: 'intact',
      level: 'B-LTA',
      // Of the new authority, whose data the next renewal will bring.
      open: ['revocation', 'pades-revocation'],
    });
    await stampPack(pack.zip, { timestamp, renew: true });
    expect((await notPassed(pack.zip, [...trusted, tsa.caDer])).verdict).toBe('intact');
    const names = (await verifyPack(pack.zip)).checks.filter(({ id }) => id === 'archive-timestamp');
    expect(names).toHaveLength(3);
  });

  it('warns a year before the last certificate ends, and afterwards', async () => {
    const { pack, trusted } = await smallPack();
    const renewal = async (at: Date) =>
      (await verifyPack(pack.zip, { trusted, at })).checks.find(({ id }) => id === 'renewal')!;
    const years = (count: number) => new Date(Date.now() + count * 365 * 24 * 3_600_000);
    expect((await renewal(new Date())).result).toBe('pass');
    expect(await renewal(years(9.5))).toMatchObject({ result: 'cannot-tell' });
    expect((await renewal(years(9.5))).detail).toContain('in less than a year');
    expect((await renewal(years(11))).detail).toMatch(/ended on/);
  });
});

describe('a batch of packs', () => {
  it('gets one token, and each pack then stands alone', async () => {
    const packs = [];
    for (let n = 0; n < 3; n += 1) packs.push(await smallPack({ timestamp: null }));
    const { tsa, timestamp } = await authority();
    const stamped = await stampBatch(
      packs.map(({ pack }) => pack.zip),
      timestamp,
    );
    expect(tsa.requests).toHaveLength(1);
    for (const [n, { zip }] of stamped.entries()) {
      expect(zip).not.toContain('time-pending');
      const result = await notPassed(zip, [...packs[n]!.trusted, tsa.caDer]);
      expect(result).toEqual({ verdict: 'intact', level: 'B-LT', open: ['checkpoint'] });
    }
    await expect(stampBatch([stamped[0]!.zip], timestamp)).rejects.toThrow('has its time already');
    // A further time goes over the record as well.
    await stampPack(stamped[0]!.zip, { timestamp, renew: true });
    expect((await notPassed(stamped[0]!.zip, [...packs[0]!.trusted, tsa.caDer])).level).toBe('B-LTA');
  });

  it('is not begun when one of them cannot be stamped', async () => {
    const pending = await smallPack({ timestamp: null });
    const done = await smallPack();
    const { timestamp } = await authority();
    const before = readFileSync(pending.pack.zip);
    await expect(stampBatch([pending.pack.zip, done.pack.zip], timestamp)).rejects.toMatchObject({
      code: 'STAMPED_ALREADY',
    });
    expect(readFileSync(pending.pack.zip).equals(before)).toBe(true);
  });
});

describe('a crash while stamping', () => {
  it(
    'leaves the pack whole wherever it comes, and stamping again finishes',
    { timeout: 300_000 },
    async () => {
      const { pack } = await smallPack({ timestamp: null });
      const { tsa, timestamp } = await authority();
      const child = join(import.meta.dirname, '../../support/stamp-until-killed.ts');
      let changes = 0;
      for (let n = 1; ; n += 1) {
        const folder = temporaryFolder();
        const zip = join(folder, basename(pack.zip));
        copyFileSync(pack.zip, zip);
        copyFileSync(pack.pdf, zip.replace(/zip$/, 'pdf'));
        const run = spawn(process.execPath, [child, zip, tsa.url, String(n)], { stdio: 'ignore' });
        const [code, signal] = (await once(run, 'exit')) as [number | null, string | null];
        if (code === 0) break;
        expect(signal).toBe('SIGKILL');
        changes += 1;
        const left = readdirSync(folder).find((name) => name.endsWith('.zip'))!;
        // Killed after its last step it is complete already; else stamping again completes it.
        if (left.includes('time-pending')) await stampPack(join(folder, left), { timestamp });
        const end = readdirSync(folder).filter((name) => !name.endsWith('.part'));
        expect(end.sort()).toEqual(
          [basename(pack.pdf), basename(pack.zip)].map((name) => name.replace('.time-pending', '')).sort(),
        );
        const zipEnd = end.find((name) => name.endsWith('.zip'))!;
        const result = await verifyPack(join(folder, zipEnd));
        expect({ n, ...result }).toMatchObject({ n, verdict: 'intact', level: 'B-LTA' });
      }
      expect(changes).toBeGreaterThan(15);
    },
  );

  it('never puts the saved end of one pack behind another', async () => {
    const one = await smallPack({ timestamp: null });
    const two = await smallPack({ timestamp: null });
    const path = join(temporaryFolder(), 'p.zip');
    copyFileSync(one.pack.zip, path);
    const file = await open(path, 'r+');
    await saveTail(path, file, (await readDirectory(file)).directoryAt);
    await file.close();
    // A whole pack keeps what it has, and the stale copy goes.
    copyFileSync(two.pack.zip, path);
    expect(await restoreTail(path)).toBe(false);
    expect(readFileSync(path).equals(readFileSync(two.pack.zip))).toBe(true);
    expect(existsSync(`${path}.tail`)).toBe(false);
    // A damaged one that is not its own is left alone, with words.
    copyFileSync(one.pack.zip, path);
    const again = await open(path, 'r+');
    await saveTail(path, again, (await readDirectory(again)).directoryAt);
    await again.close();
    const damaged = readFileSync(two.pack.zip).subarray(0, -100);
    writeFileSync(path, damaged);
    await expect(restoreTail(path)).rejects.toThrow(/is the saved end of another pack/);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });
});

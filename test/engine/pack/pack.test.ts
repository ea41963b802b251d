import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPromise } from 'yauzl';
import { stampPack } from '../../../electron/pack/stamp-pack.ts';
import { startTsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const run = promisify(execFile);

async function unpack(zipPath: string): Promise<string> {
  const folder = temporaryFolder();
  const zip = await openPromise(zipPath);
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName);
    mkdirSync(dirname(path), { recursive: true });
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    writeFileSync(path, Buffer.concat(parts));
  }
  return folder;
}

describe('a pack', () => {
  it('verifies as intact, with every check passed', async () => {
    const { pack, trusted } = await smallPack();
    const result = await verifyPack(pack.zip, { trusted });
    expect(result.checks.filter((c) => c.result !== 'pass')).toEqual([]);
    expect(result.headline).toMatch(/^Intact: unchanged since .* \(signer trusted\)/);
    expect(basename(pack.zip)).toMatch(/^acme-grosse_soc2-cc6-keys_2026-01-01_2026-06-30_[0-9a-f]{4}\.zip$/);
  });

  it('verifies for a stranger, who sees that nothing vouches for the signer', async () => {
    const { pack } = await smallPack();
    expect((await verifyPack(pack.zip)).headline).toContain('signer self-asserted');
  });

  it('is checked by the very commands that its VERIFY.txt prints', async () => {
    const { pack } = await smallPack();
    const folder = await unpack(pack.zip);
    const text = readFileSync(join(folder, 'VERIFY.txt'), 'utf8');
    const commands = text
      .split('\n')
      .map((l) => l.trim())
      .filter((l) => /^(sha256sum|openssl|grep) /.test(l));
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const command of commands) {
      // A command that fails rejects; nothing is piped away.
      await run('bash', ['-o', 'pipefail', '-c', command], { cwd: folder });
    }
    const tampered = join(folder, 'data/report.pdf');
    writeFileSync(tampered, Buffer.concat([readFileSync(tampered), Buffer.from(' ')]));
    await expect(run('bash', ['-c', commands[0]!], { cwd: folder })).rejects.toThrow();
  });

  it('names any byte that is changed, or says that every file extracts as sealed', async () => {
    const { pack, trusted } = await smallPack();
    const original = readFileSync(pack.zip);
    const target = join(temporaryFolder(), 'changed.zip');
    const unnoticed: number[] = [];
    // Evenly spread over the whole file, so that headers, contents, seals and the directory are all hit.
    const step = Math.max(1, Math.floor(original.length / 160));
    for (let at = 7; at < original.length; at += step) {
      const changed = Buffer.from(original);
      changed[at]! ^= 0x20;
      writeFileSync(target, changed);
      const { verdict, headline } = await verifyPack(target, { trusted });
      if (verdict !== 'altered' && !headline.includes('extract to exactly what was sealed'))
        unnoticed.push(at);
      if (verdict !== 'altered') expect(headline).toContain('All files extract to exactly');
    }
    expect(unnoticed).toEqual([]);
  }, 180_000);

  it('is not intact beside another PDF', async () => {
    const { pack, trusted } = await smallPack();
    writeFileSync(pack.pdf, Buffer.concat([readFileSync(pack.pdf), Buffer.from('\n%more')]));
    const result = await verifyPack(pack.zip, { trusted });
    expect(result.verdict).toBe('altered');
    expect(result.headline).toContain(pack.pdf);
  });

  it('cannot borrow the seal of another pack', async () => {
    const a = await smallPack();
    const b = await smallPack();
    const [one, two] = [readFileSync(a.pack.zip), readFileSync(b.pack.zip)];
    const from = (bytes: Buffer) => bytes.indexOf('META-INF/ASiCManifest001.xml') - 30;
    const target = join(temporaryFolder(), 'mixed.zip');
    writeFileSync(target, Buffer.concat([one.subarray(0, from(one)), two.subarray(from(two))]));
    expect((await verifyPack(target, { trusted: [...a.trusted, ...b.trusted] })).verdict).toBe('altered');
  });
});

describe('a pack whose time is pending', () => {
  it('says so in its name, verifies so, and is stamped later without moving its evidence', async () => {
    const { pack } = await smallPack({ timestamp: null });
    expect(pack.zip).toContain('.time-pending.zip');
    expect(pack.timePending).toBe('no timestamp authority was given');
    expect((await verifyPack(pack.zip)).verdict).toBe('intact-time-pending');
    const before = readFileSync(pack.zip);

    const tsa = await startTsa();
    onTestFinished(() => tsa.close());
    const stamped = await stampPack(pack.zip, { timestamp: { urls: [tsa.url] } });
    expect(stamped.zip).not.toContain('time-pending');
    const after = readFileSync(stamped.zip);
    const sealAt = before.indexOf('META-INF/signature001.p7s') - 30;
    expect(sealAt).toBeGreaterThan(0);
    expect(after.subarray(0, sealAt).equals(before.subarray(0, sealAt))).toBe(true);
    const result = await verifyPack(stamped.zip);
    expect(result.verdict).toBe('intact');
    // The signature's own token came a moment before the one over everything.
    expect(Date.parse(result.provenTime!)).toBeLessThanOrEqual(Date.parse(stamped.provenTime));
    expect(existsSync(stamped.zip.replace('.zip', '.pdf'))).toBe(true);
    await expect(stampPack(stamped.zip, { timestamp: { urls: [tsa.url] } })).rejects.toThrow(
      'has its timestamp already',
    );
  });

  it('stays as it was when no authority answers', async () => {
    const { pack } = await smallPack({ timestamp: null });
    const before = readFileSync(pack.zip);
    await expect(stampPack(pack.zip, { timestamp: { urls: ['http://127.0.0.1:9/'] } })).rejects.toMatchObject(
      {
        name: 'SealError',
      },
    );
    expect(readFileSync(pack.zip).equals(before)).toBe(true);
  });

  it('is built when the authority cannot be reached, and says why', async () => {
    const { pack } = await smallPack({ timestamp: { urls: ['http://127.0.0.1:9/'] } });
    expect(pack).toMatchObject({ provenTime: null, timePending: expect.stringMatching(/cannot/) as string });
  });

  it('is put back when a crash cut the stamping short', async () => {
    const { pack } = await smallPack({ timestamp: null });
    const copy = join(temporaryFolder(), 'p.zip');
    copyFileSync(pack.zip, copy);
    const { open } = await import('node:fs/promises');
    const { readDirectory } = await import('../../../electron/verify/container/read-directory.ts');
    const { saveTail } = await import('../../../electron/pack/zip/tail-backup.ts');
    const file = await open(copy, 'r+');
    const { directoryAt } = await readDirectory(file);
    await saveTail(copy, file, directoryAt);
    await file.write(Buffer.alloc(5000, 'x'), 0, 5000, directoryAt);
    await file.close();
    const tsa = await startTsa();
    onTestFinished(() => tsa.close());
    await stampPack(copy, { timestamp: { urls: [tsa.url] } });
    expect((await verifyPack(copy)).verdict).toBe('intact');
    expect(existsSync(`${copy}.tail`)).toBe(false);
  });
});

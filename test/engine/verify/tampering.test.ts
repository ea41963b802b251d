import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { crc32, deflateRawSync } from 'node:zlib';
import { openSync, writeSync, closeSync, ftruncateSync } from 'node:fs';
import { startTsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { readCertificate } from '../../../electron/seal/certificate.ts';
import { createDemoCa, createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { addDocumentTimestamp } from '../../../electron/seal/pades.ts';
import { createCertifiedKey } from '../../../electron/seal/pki/ca.ts';
import { createToken } from '../../../electron/sandbox/tsa/token.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { directory, localHeader, type ZipEntry } from '../../../electron/pack/zip/format.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { readPack, writePack, type RawEntry } from '../../support/rewrite-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';

interface Made {
  entries: RawEntry[];
  trusted: Uint8Array[];
  pdf: Buffer;
}

let made: Made;
let other: Made;
/** Made once, inside the first test: its folder goes with that test, so all of it is kept in memory. */
beforeEach(async () => {
  made ??= await make();
  other ??= await make();
});

async function make(): Promise<Made> {
  const { pack, trusted } = await smallPack();
  return { entries: await readPack(pack.zip), trusted, pdf: readFileSync(pack.pdf) };
}

/** Writes the entries as a whole, well-formed pack of our profile, and verifies it. */
async function verified(entries: RawEntry[], trusted = made.trusted) {
  const path = join(temporaryFolder(), 'p.zip');
  writePack(path, entries);
  return verifyPack(path, { trusted });
}

/** The pack is named altered, and some check that failed names the file. */
async function expectNamed(entries: RawEntry[], name: string): Promise<void> {
  const { verdict, checks } = await verified(entries);
  expect({ name, verdict }).toEqual({ name, verdict: 'altered' });
  const told = checks
    .filter((check) => check.result === 'fail')
    .map((check) => `${check.title}: ${check.detail}`);
  expect(
    told.some((text) => text.includes(name) || /not signed|Only one of|no ASiC/.test(text)),
    `${name}: ${told.join(' | ')}`,
  ).toBe(true);
}

const changed = (name: string, change: (bytes: Buffer) => Buffer) =>
  made.entries.map((entry) =>
    entry.name === name ? { ...entry, bytes: change(Buffer.from(entry.bytes)) } : entry,
  );
const names = () => made.entries.map(({ name }) => name);

describe('every entry of a pack, with the zip made whole again', () => {
  test('unchanged, the rewriting itself is not noticed', async () => {
    const { verdict, checks } = await verified(made.entries);
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(verdict).toBe('intact');
  });

  test.each([
    ['flipped', (bytes: Buffer) => ((bytes[bytes.length >> 1]! ^= 1), bytes)],
    ['truncated', (bytes: Buffer) => bytes.subarray(0, Math.max(0, bytes.length - 7))],
    ['replaced', (bytes: Buffer) => Buffer.alloc(bytes.length + 1, 'x')],
    ['emptied', () => Buffer.alloc(0)],
  ] as const)('%s is named', { timeout: 300_000 }, async (_, change) => {
    for (const { name, bytes } of made.entries) {
      // What is empty already cannot be emptied.
      if (change(Buffer.from(bytes)).equals(bytes)) continue;
      await expectNamed(changed(name, change), name);
    }
  });

  test('removed is named', { timeout: 300_000 }, async () => {
    for (const name of names()) {
      const result = await verified(made.entries.filter((entry) => entry.name !== name));
      // Without its archive time a pack is what it was before that: its signature has a time of its own.
      expect({ name, verdict: result.verdict }).toEqual({ name, verdict: 'altered' });
    }
  });

  test('both files of the archive time removed: an older state of the pack, and said to have no such time', async () => {
    const seals = ['META-INF/ASiCArchiveManifest.xml', 'META-INF/timestamp001.tst'];
    const { verdict, level, checks } = await verified(
      made.entries.filter(({ name }) => !seals.includes(name)),
    );
    expect([verdict, level]).toEqual(['intact', 'B-LT']);
    expect(checks.find(({ id }) => id === 'archive-timestamp')!.result).toBe('cannot-tell');
  });

  test('renamed is named', { timeout: 300_000 }, async () => {
    for (const name of names()) {
      const renamed = made.entries.map((entry) =>
        entry.name === name ? { ...entry, name: `${name}x` } : entry,
      );
      expect({ name, verdict: (await verified(renamed)).verdict }).toEqual({ name, verdict: 'altered' });
    }
  });

  test(
    'duplicated is named, wherever the second copy is and whatever it holds',
    { timeout: 300_000 },
    async () => {
      for (const name of names()) {
        const entry = made.entries.find((one) => one.name === name)!;
        await expectNamed([...made.entries, entry], name);
        await expectNamed(
          [made.entries[0]!, { ...entry, bytes: Buffer.from('other') }, ...made.entries.slice(1)],
          name,
        );
      }
    },
  );

  test.each([
    'data/extra.csv',
    'extra.txt',
    'META-INF/extra.xml',
    'META-INF/signature002.p7s',
    'META-INF/timestamp003.tst',
  ])('added %s is named', async (name) => {
    await expectNamed([...made.entries, { name, bytes: Buffer.from('extra'), stored: false }], name);
  });

  test('reordered: the media type must come first; the order of others is not evidence', async () => {
    const [first, second, ...rest] = made.entries as [RawEntry, RawEntry, ...RawEntry[]];
    expect((await verified([second, first, ...rest])).verdict).toBe('altered');
    expect(
      (await verified([first, ...rest, second])).checks.filter(({ result }) => result === 'fail'),
    ).toEqual([]);
  });

  test.each([
    '../escape',
    '/etc/passwd',
    'data\\\\x',
    'data/../x',
    'C:x',
    'data/./x',
    'data//x',
    'data/a b',
    'data/é',
  ])('the path %s is named', async (name) => {
    await expectNamed([...made.entries, { name, bytes: Buffer.from('x'), stored: false }], name);
  });

  test('bytes hidden between, before and behind files are named', async () => {
    const path = join(temporaryFolder(), 'p.zip');
    const place = (gap: 'before' | 'between' | 'behind') => {
      writePack(path, made.entries, gap);
      return verifyPack(path, { trusted: made.trusted });
    };
    for (const gap of ['before', 'between', 'behind'] as const) {
      const { verdict, headline } = await place(gap);
      expect({ gap, verdict }).toEqual({ gap, verdict: 'altered' });
      expect(headline).toMatch(/belong to no file|follow the end|not as it was written/);
    }
  });
});

describe('parts of a seal from another pack', () => {
  test.each([
    'META-INF/ASiCManifest001.xml',
    'META-INF/signature001.p7s',
    'META-INF/ASiCArchiveManifest.xml',
    'META-INF/timestamp001.tst',
    'data/report.pdf',
    'data/ledger/head.json',
    'data/ledger/activity.jsonl',
    'data/ledger/entries.jsonl',
    'data/pack.json',
    'manifest-sha256.txt',
  ])('%s', async (name) => {
    const bytes = other.entries.find((entry) => entry.name === name)!.bytes;
    const mixed = changed(name, () => Buffer.from(bytes));
    const { verdict } = await verified(mixed, [...made.trusted, ...other.trusted]);
    // The operators' activity may well be the same in both.
    const same = Buffer.compare(bytes, made.entries.find((entry) => entry.name === name)!.bytes) === 0;
    expect(verdict).toBe(same ? 'intact' : 'altered');
  });

  test('the whole seal', async () => {
    const seals = other.entries.filter(({ name }) => name.startsWith('META-INF/'));
    const mixed = [...made.entries.filter(({ name }) => !name.startsWith('META-INF/')), ...seals];
    expect((await verified(mixed, [...made.trusted, ...other.trusted])).verdict).toBe('altered');
  });
});

describe('certificates and tokens', () => {
  const NOW = new Date();
  async function place() {
    const ca = await createDemoCa(NOW);
    const tsa = await startTsa({ ca, revocation: true });
    onTestFinished(() => tsa.close());
    return { ca, tsa };
  }

  test('a signer revoked before the pack was sealed: not altered, but nothing to rely on', async () => {
    const { ca, tsa } = await place();
    const { signer } = await createDemoSigner(NOW, { ca, services: { crlUrl: tsa.services.crlUrl } });
    // Sealed while the list still was clean: a later list, put in by a renewal, tells.
    const { pack } = await smallPack({
      signer,
      timestamp: { urls: [tsa.url] },
      signerRoots: [ca.certificate],
    });
    expect((await verifyPack(pack.zip, { trusted: [ca.certificate] })).verdict).toBe('intact');
    tsa.revoke({
      serial: readCertificate(signer.certificates[0]!).serial,
      at: new Date(NOW.getTime() - 3_600_000),
    });
    const revoked = await smallPack({
      signer,
      timestamp: { urls: [tsa.url] },
      signerRoots: [ca.certificate],
    });
    expect(revoked.pack.seal.level).toBe('B-T');
    expect(revoked.pack.seal.lacking.join()).toMatch(/was revoked on/);
  });

  test('a signer whose certificate had expired when it signed', async () => {
    const { ca, tsa } = await place();
    const { signer } = await createCertifiedKey(ca, {
      profile: 'signer',
      subject: { commonName: 'Late' },
      notBefore: new Date(NOW.getTime() - 10_000_000),
      notAfter: new Date(NOW.getTime() + 1500),
    });
    const { pack } = await smallPack({ signer, timestamp: null, now: NOW, signerRoots: [ca.certificate] });
    await new Promise((resolve) => setTimeout(resolve, 1600));
    const { headline, checks } = await verifyPack(pack.zip, { trusted: [ca.certificate] });
    // Nothing proves that it signed before its end.
    expect(headline).toContain('signer self-asserted');
    expect(checks.find(({ id }) => id === 'cades')!.detail).toMatch(/had expired/);
    void tsa;
  });

  test('a token over something else, put in the place of the archive time', async () => {
    const { ca } = await place();
    const { signer } = await createCertifiedKey(ca, { profile: 'timestamp', subject: { commonName: 'TSA' } });
    const token = await createToken(signer, {
      imprint: imprintOf(Buffer.from('something else')),
      nonce: null,
      policy: '1.2.3',
      serial: Uint8Array.of(9),
      genTime: NOW,
      withCertificates: true,
    });
    const swapped = changed('META-INF/timestamp001.tst', () => Buffer.from(token));
    const { verdict, headline } = await verified(swapped, [...made.trusted, ca.certificate]);
    expect(verdict).toBe('altered');
    expect(headline).toMatch(/the token is for other content/);
  });

  test('a report that grew by more than timestamps', async () => {
    const path = join(temporaryFolder(), 'p.zip');
    writePack(path, made.entries);
    const beside = path.replace(/zip$/, 'pdf');
    const { tsa } = await place();
    const report = made.pdf;
    const stamped = await addDocumentTimestamp(report, { urls: [tsa.url] });
    writeFileSync(beside, stamped.pdf);
    expect((await verifyPack(path, { trusted: made.trusted })).verdict).toBe('intact');
    writeFileSync(beside, Buffer.concat([report, Buffer.from('\n1 0 obj\n<< >>\nendobj\n')]));
    expect((await verifyPack(path, { trusted: made.trusted })).headline).toContain(beside);
  });
});

describe('packs made to exhaust the verifier', () => {
  test('ten gigabytes of zeros in a megabyte are refused by their ratio, unread', async () => {
    const path = join(temporaryFolder(), 'bomb.zip');
    const packed = deflateRawSync(Buffer.alloc(1024 * 1024 * 64));
    const bytes = 10 * 1024 ** 3;
    const bomb = {
      name: 'data/zeros.bin',
      method: 8 as const,
      time: 0x21 * 0x10000,
      crc32: 0,
      compressedBytes: packed.length,
      bytes,
      offset: 0,
      large: true,
    };
    writeFileSync(
      path,
      Buffer.concat([localHeader(bomb), packed, directory([bomb], localHeader(bomb).length + packed.length)]),
    );
    const before = process.memoryUsage().rss;
    const { verdict, checks } = await verifyPack(path);
    expect(verdict).toBe('altered');
    expect(checks.find(({ id }) => id === 'files')!.detail).toContain('inflate beyond any ratio');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test(
    'ten gigabytes of stored zeros, a sparse file, are read in flat memory',
    { timeout: 300_000 },
    async () => {
      const path = join(temporaryFolder(), 'zeros.zip');
      const bytes = 10 * 1024 ** 3;
      const entry: ZipEntry = {
        name: 'data/zeros.bin',
        method: 0,
        time: 0x21 * 0x10000,
        crc32: crcOfZeros(bytes),
        compressedBytes: bytes,
        bytes,
        offset: 0,
        large: true,
      };
      const file = openSync(path, 'w');
      const head = localHeader(entry);
      writeSync(file, head, 0, head.length, 0);
      ftruncateSync(file, head.length + bytes);
      const end = directory([entry], head.length + bytes);
      writeSync(file, end, 0, end.length, head.length + bytes);
      closeSync(file);
      const before = process.memoryUsage().rss;
      const { verdict, checks } = await verifyPack(path);
      expect(checks.find(({ id }) => id === 'files')).toMatchObject({ result: 'pass' });
      expect(verdict).toBe('altered');
      expect(checks.find(({ id }) => id === 'cades')!.detail).toContain('not signed');
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    },
  );

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no zip', Buffer.from('hello')],
    ['only an end', Buffer.from('504b0506000000000000000000000000000000000000', 'hex')],
    ['an end that lies', Buffer.from('504b050600000000ffffffffffffffffffffffff0000', 'hex')],
  ])('%s gives a verdict and no crash', async (_, bytes) => {
    const path = join(temporaryFolder(), 'x.zip');
    writeFileSync(path, bytes);
    expect((await verifyPack(path)).verdict).toBe('altered');
  });
});

/** CRC-32 of many zeros, in pieces. */
function crcOfZeros(bytes: number): number {
  const piece = Buffer.alloc(64 * 1024 * 1024);
  let crc = 0;
  for (let left = bytes; left > 0; left -= piece.length)
    crc = crc32(piece.subarray(0, Math.min(left, piece.length)), crc);
  return crc;
}

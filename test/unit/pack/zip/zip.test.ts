import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeFileSync, closeSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { openPromise } from 'yauzl';
import { describe, expect, it } from 'vitest';
import { deflateParallel } from '../../../../electron/pack/zip/deflate.ts';
import { dosTime } from '../../../../electron/pack/zip/format.ts';
import { isSafeName, ZipWriter } from '../../../../electron/pack/zip/writer.ts';
import { NotAContainer, readDirectory } from '../../../../electron/verify/container/read-directory.ts';
import { digestFiles } from '../../../../electron/verify/pack/digests.ts';
import { readEntry, readSmallEntry } from '../../../../electron/verify/container/read-entry.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const AT = new Date('2026-07-01T12:34:56Z');
const big = Buffer.concat(
  Array.from({ length: 70_000 }, (_, i) => Buffer.from(`{"event":${i},"name":"Decrypt"}\n`)),
);

async function write(path: string, files: Record<string, Uint8Array | string>) {
  const zip = await ZipWriter.create(path, AT);
  await zip.addStored('mimetype', Buffer.from('application/vnd.etsi.asic-e+zip'));
  for (const [name, content] of Object.entries(files)) await zip.add(name, content);
  await zip.close();
  return zip.written;
}

async function inspect(path: string) {
  const file = await open(path);
  try {
    const container = await readDirectory(file);
    const read = [];
    for (const entry of container.entries) read.push({ name: entry.name, ...(await readEntry(file, entry)) });
    return { ...container, read };
  } finally {
    await file.close();
  }
}

/** Names, inflated sizes and dates as a reader that nobody here wrote sees them; it checks CRC and sizes. */
async function independentListing(path: string) {
  const zip = await openPromise(path);
  const listing: [string, number, string][] = [];
  for await (const entry of zip.eachEntry()) {
    let bytes = 0;
    for await (const piece of await zip.openReadStreamPromise(entry)) bytes += (piece as Buffer).length;
    listing.push([entry.fileName, bytes, entry.getLastModDate({ timezone: 'UTC' }).toISOString()]);
  }
  return listing;
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

describe('deflate in parallel', () => {
  it('is one valid deflate stream, equal however the input is cut', async () => {
    const whole = await collect(deflateParallel([big]));
    expect(inflateRawSync(whole).equals(big)).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1000, max: big.length }), async (step) => {
        const cut = [];
        for (let at = 0; at < big.length; at += step) cut.push(big.subarray(at, at + step));
        expect((await collect(deflateParallel(cut))).equals(whole)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('keeps the most regular data below the ratio that validators call a bomb', async () => {
    const zeros = Buffer.alloc(20 * 1024 * 1024);
    const packed = await collect(deflateParallel([zeros]));
    expect(zeros.length / packed.length).toBeLessThan(90);
    expect(inflateRawSync(packed).equals(zeros)).toBe(true);
  });

  it('packs nothing into a valid empty stream', async () => {
    expect(inflateRawSync(await collect(deflateParallel([]))).length).toBe(0);
  });
});

describe('pack container', () => {
  it('is read back in order with the digests it was written with', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    const written = await write(path, {
      'README.txt': 'hello',
      'data/events.jsonl': big,
      'data/empty.csv': '',
    });
    const found = await inspect(path);
    expect(found.faults).toEqual([]);
    expect(found.read.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }))).toEqual(written);
    expect(found.read.every((r) => r.fault === null)).toBe(true);
    expect(written[2]!.sha256).toBe(createHash('sha256').update(big).digest('hex'));
  });

  it('starts with an uncompressed mimetype at its fixed place', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    await write(path, {});
    expect(readFileSync(path).toString('latin1', 30, 38 + 31)).toBe(
      'mimetypeapplication/vnd.etsi.asic-e+zip',
    );
  });

  it('is taken by an independent reader', async () => {
    const folder = temporaryFolder();
    await write(join(folder, 'a.zip'), { 'data/events.jsonl': big, 'x/y.txt': 'é' });
    const listing = await independentListing(join(folder, 'a.zip'));
    expect(listing).toEqual([
      ['mimetype', 31, '2026-07-01T12:34:56.000Z'],
      ['data/events.jsonl', big.length, '2026-07-01T12:34:56.000Z'],
      ['x/y.txt', 2, '2026-07-01T12:34:56.000Z'],
    ]);
  });

  it('writes identical bytes for identical input', async () => {
    const folder = temporaryFolder();
    for (const name of ['a.zip', 'b.zip']) await write(join(folder, name), { 'data/events.jsonl': big });
    expect(readFileSync(join(folder, 'a.zip')).equals(readFileSync(join(folder, 'b.zip')))).toBe(true);
  });

  it('carries an entry marked large with zip64 sizes', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    const zip = await ZipWriter.create(path, AT);
    await zip.add('data/large.bin', big, true);
    await zip.close();
    const found = await inspect(path);
    expect(found.faults).toEqual([]);
    expect(found.read[0]).toMatchObject({ bytes: big.length, fault: null });
    expect((await independentListing(path))[0]?.[1]).toBe(big.length);
  });

  it('refuses unsafe and double names', async () => {
    const zip = await ZipWriter.create(join(temporaryFolder(), 'a.zip'), AT);
    for (const name of ['../x', '/x', 'a//b', 'a/../b', 'C:x', 'a\\b', 'a\nb', '.hidden', 'x.', '']) {
      expect(isSafeName(name), name).toBe(false);
      await expect(zip.add(name, '')).rejects.toThrow('not safe');
    }
    await zip.add('A.txt', '');
    await expect(zip.add('a.TXT', '')).rejects.toThrow('already');
    await zip.abandon();
  });

  it('names every header byte that was changed', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    await write(path, { 'a.txt': 'some text', 'b.txt': 'more text' });
    const original = readFileSync(path);
    const { entries } = await inspect(path);
    const contents = entries.map((e) => [
      e.offset + 30 + e.name.length,
      e.offset + 30 + e.name.length + e.compressedBytes,
    ]);
    const missed = [];
    for (let at = 0; at < original.length; at += 1) {
      const inContent = contents.some(([from, to]) => at >= from! && at < to!);
      const changed = Buffer.from(original);
      changed[at]! ^= 0x11;
      writeFileSync(path, changed);
      const found = await inspect(path).catch((e: unknown) =>
        e instanceof NotAContainer ? null : Promise.reject(e as Error),
      );
      const noticed = found === null || found.faults.length > 0 || found.read.some((r) => r.fault !== null);
      if (!noticed && !inContent) missed.push(at);
    }
    expect(missed).toEqual([]);
  });

  it('stops an entry that inflates beyond what it declares', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    await write(path, { 'a.txt': Buffer.alloc(4000, 'abc') });
    const bytes = readFileSync(path);
    const local = bytes.indexOf('a.txt') - 30;
    const central = bytes.lastIndexOf('a.txt') - 46;
    bytes.writeUInt32LE(100, local + 22);
    bytes.writeUInt32LE(100, central + 24);
    writeFileSync(path, bytes);
    const found = await inspect(path);
    expect(found.read[1]!.fault).toMatch(/more bytes than it declares/);
  });

  it('reads small files whole and refuses large ones', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    await write(path, { 'a.txt': 'text', 'b.bin': big });
    const file = await open(path);
    const { entries } = await readDirectory(file);
    expect((await readSmallEntry(file, entries[1]!, 100))?.toString()).toBe('text');
    expect(await readSmallEntry(file, entries[2]!, 100)).toBeNull();
    await file.close();
  });

  it('counts neither copy of a name that is there twice', async () => {
    const path = join(temporaryFolder(), 'p.zip');
    await write(path, { 'data/a.txt': 'sealed', 'data/b.txt': 'forged' });
    writeFileSync(
      path,
      Buffer.from(readFileSync(path, 'latin1').replaceAll('data/b.txt', 'data/a.txt'), 'latin1'),
    );
    const file = await open(path);
    const container = await readDirectory(file);
    const read = await digestFiles(file, container.entries);
    await file.close();
    expect(container.faults.map((f) => f.what)).toContain('it is in the zip twice');
    expect(read.get('data/a.txt')).toMatchObject({ sha256: '', fault: 'it is in the zip twice' });
  });

  it('does not read a whole file that an end record calls its directory', async () => {
    const path = join(temporaryFolder(), 'p.zip');
    await write(path, { 'data/a.txt': big });
    const bytes = readFileSync(path);
    // The directory is said to begin at the first byte, so that everything would belong to it.
    bytes.writeUInt32LE(0, bytes.length - 6);
    writeFileSync(path, bytes);
    const file = await open(path);
    const reads: number[] = [];
    const watched = new Proxy(file, {
      get: (target, name) =>
        name === 'read'
          ? (buffer: Buffer, at: number, length: number, position: number) => {
              reads.push(length);
              return target.read(buffer, at, length, position);
            }
          : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    const { faults } = await readDirectory(watched);
    await file.close();
    expect(faults.length).toBeGreaterThan(0);
    expect(Math.max(...reads)).toBeLessThan(70_000);
  });

  it('says what is no container', async () => {
    const path = join(temporaryFolder(), 'a.zip');
    closeSync(openSync(path, 'w'));
    expect(statSync(path).size).toBe(0);
    await expect(inspect(path)).rejects.toThrow(NotAContainer);
    writeFileSync(path, Buffer.alloc(1000, 'x'));
    await expect(inspect(path)).rejects.toThrow('no zip directory');
  });
});

describe('dos time', () => {
  it('is UTC in two-second steps, whatever the time zone', () => {
    expect(dosTime(new Date('2026-07-01T12:34:57Z'))).toBe(dosTime(AT));
    expect(dosTime(AT).toString(16)).toBe('5ce1645c');
  });
});

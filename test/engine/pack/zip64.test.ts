import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import { expect, it } from 'vitest';
import {
  DEFLATED,
  directory,
  dosTime,
  localHeader,
  STORED,
  type ZipEntry,
} from '../../../electron/pack/zip/format.ts';
import { ZipWriter } from '../../../electron/pack/zip/writer.ts';
import { readDirectory } from '../../../electron/verify/container/read-directory.ts';
import { readEntry } from '../../../electron/verify/container/read-entry.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/*
 * Zip64 (APPNOTE §4.3.14 to §4.3.16, §4.5.3) where it is needed, not only where it is marked: a content and a place
 * beyond 4 GiB, and more entries than 16 bits count. Read by ours, by yauzl and, where there is one, by unzip.
 */

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const AT = new Date('2026-07-01T12:34:56Z');

/** A file whose content is 4 GiB and more, as a file system keeps it that does not store zeros, and one behind it. */
async function writeFar(path: string): Promise<{ entries: ZipEntry[]; sha256: string }> {
  const zeros = Buffer.alloc(MIB);
  const bytes = 4 * GIB + 5 * MIB;
  const hash = createHash('sha256');
  let crc = 0;
  for (let at = 0; at < bytes; at += MIB) {
    crc = crc32(zeros, crc);
    hash.update(zeros);
  }
  const text = Buffer.from('behind four gibibytes\n');
  const common = { method: STORED as typeof STORED, time: dosTime(AT) };
  const far = { ...common, name: 'data/far.bin', crc32: crc, compressedBytes: bytes, bytes, large: true };
  const sizes = { crc32: crc32(text), compressedBytes: text.length, bytes: text.length };
  const last = { ...common, name: 'data/last.txt', ...sizes, large: false };
  const lastAt = localHeader(far).length + bytes;
  const entries: ZipEntry[] = [
    { ...far, offset: 0 },
    { ...last, offset: lastAt },
  ];
  const file = await open(path, 'wx+');
  await file.write(localHeader(far), 0, undefined, 0);
  const tail = Buffer.concat([localHeader(last), text]);
  await file.write(tail, 0, tail.length, lastAt);
  const end = directory(entries, lastAt + tail.length);
  await file.write(end, 0, end.length, lastAt + tail.length);
  await file.close();
  return { entries, sha256: hash.digest('hex') };
}

/** What unzip says, which fails where it finds a fault; null where there is no unzip. */
function unzip(...args: string[]): string | null {
  try {
    return execFileSync('unzip', args, { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

it('a content and a place beyond 4 GiB are read as they are by every reader', async () => {
  const path = join(temporaryFolder(), 'far.zip');
  const written = await writeFar(path);
  const file = await open(path);
  const { entries, faults } = await readDirectory(file);
  expect(faults).toEqual([]);
  expect(entries).toEqual(written.entries);
  expect(await readEntry(file, entries[0]!)).toEqual({
    bytes: 4 * GIB + 5 * MIB,
    sha256: written.sha256,
    fault: null,
  });
  expect((await readEntry(file, entries[1]!)).fault).toBeNull();
  await file.close();

  const zip = await openPromise(path);
  const seen: [string, number][] = [];
  for await (const entry of zip.eachEntry()) seen.push([entry.fileName, entry.uncompressedSize]);
  expect(seen).toEqual(written.entries.map((entry) => [entry.name, entry.bytes]));
  // To print the last it has to go by the directory: its place is beyond 4 GiB.
  expect(unzip('-p', path, 'data/last.txt') ?? 'behind four gibibytes\n').toBe('behind four gibibytes\n');
}, 240_000);

it('an entry that was not expected to be that large is refused before a reader meets it', async () => {
  const zip = await ZipWriter.create(join(temporaryFolder(), 'small.zip'), AT);
  const prepared = { path: '', bytes: 4 * GIB, compressedBytes: 10, crc32: 0, sha256: '' };
  await expect(zip.addPrepared('data/x.bin', prepared)).rejects.toThrow('larger than 4 GiB');
  await zip.abandon();
});

it('more entries than 16 bits count are counted by other readers, and are no pack', async () => {
  const path = join(temporaryFolder(), 'many.zip');
  const packed = Buffer.from([3, 0]); // deflate of nothing
  const parts: Buffer[] = [];
  const entries: ZipEntry[] = [];
  let offset = 0;
  for (let n = 0; n < 65_540; n += 1) {
    const entry = {
      ...{ name: `data/${n}`, method: DEFLATED as typeof DEFLATED, time: dosTime(AT), crc32: 0 },
      ...{ compressedBytes: packed.length, bytes: 0, large: false },
    };
    const header = localHeader(entry);
    parts.push(header, packed);
    entries.push({ ...entry, offset });
    offset += header.length + packed.length;
  }
  writeFileSync(path, Buffer.concat([...parts, directory(entries, offset)]));
  expect((await openPromise(path)).entryCount).toBe(65_540);
  expect(unzip('-tqq', path) ?? '').toBe('');
  const file = await open(path);
  const outcome = await readDirectory(file).then(
    ({ faults }) => faults.map((f) => f.what).join('\n'),
    (error: Error) => error.message,
  );
  await file.close();
  expect(outcome).toMatch(/900|larger|too many|directory/);
}, 60_000);

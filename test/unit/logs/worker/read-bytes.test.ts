import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash, merkleRoot } from '../../../../db/ledger/merkle.ts';
import { sha256Hex } from '../../../../db/ledger/hash.ts';
import { unpackLogBlock } from '../../../../db/ledger/log-records.ts';
import { LeafList, rootOfLeaves } from '../../../../electron/logs/worker/leaf-hasher.ts';
import type { LogPart } from '../../../../electron/logs/worker/log-file-reader.ts';
import { cloudtrailFormat } from '../../../../electron/logs/cloudtrail/format.ts';
import { readLogBuffer, readLogBytes } from '../../../../electron/logs/worker/read-bytes.ts';
import { kmsRecord, otherRecord, recordsJson } from '../records.ts';

const records = Array.from({ length: 900 }, (_, i) => (i % 3 === 0 ? kmsRecord(i) : otherRecord(i)));
const content = Buffer.from(recordsJson(records));
const whole = gzipSync(content);

async function read(bytes: Buffer, sizes?: readonly number[]) {
  const parts: LogPart[] = [];
  const facts = sizes
    ? await readLogBytes(pieces(bytes, sizes), cloudtrailFormat, (part) => parts.push(part))
    : await readLogBuffer(bytes, cloudtrailFormat, (part) => parts.push(part));
  const kept = parts.flatMap(({ block }) => (block ? [...unpackLogBlock(block)] : []));
  const leaves = Buffer.concat(parts.flatMap((part) => (part.leaves ? [part.leaves] : [])));
  const rows = parts.reduce((sum, part) => sum + (part.events?.rows ?? 0), 0);
  return { facts, kept: kept.map((r) => [r.index, r.raw.toString('utf8')]), leaves, rows };
}

function* pieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('reading a log file', () => {
  it('hashes, counts and proves all records and keeps those that concern keys', async () => {
    const { facts, kept, leaves, rows } = await read(whole);
    const hashes = records.map((r) => leafHash(Buffer.from(JSON.stringify(r))));
    expect(facts).toMatchObject({
      bytes: whole.length,
      sha256: sha256Hex(whole),
      contentBytes: content.length,
      contentSha256: sha256Hex(content),
      records: 900,
      relevant: 300,
      rejected: 0,
      kms: 300,
      firstEvent: '2026-01-01T00:00:00Z',
      lastEvent: '2026-01-01T00:14:59Z',
      defect: null,
      merkleRoot: merkleRoot(hashes).toString('hex'),
    });
    expect(leaves.equals(Buffer.concat(hashes))).toBe(true);
    expect(kept).toEqual(records.flatMap((r, i) => (i % 3 === 0 ? [[i, JSON.stringify(r)]] : [])));
    expect(rows).toBe(300);
  });

  it('gives the same whether the bytes come at once or in pieces of any size, compressed or not', async () => {
    const at = await read(whole);
    for (const sizes of [[1], [7, 4096], [100_000]]) expect(await read(whole, sizes)).toEqual(at);
    const plain = await read(content, [1000]);
    expect(plain.facts.merkleRoot).toBe(at.facts.merkleRoot);
    expect(plain.kept).toEqual(at.kept);
  });

  it('names damage of the compression and keeps every record before it, however the bytes arrive', async () => {
    const flipped = Buffer.from(whole);
    flipped[whole.length - 6]! ^= 1;
    const cases: [Buffer, string, number][] = [
      [whole.subarray(0, whole.length - 3), 'the gzip data is cut off', 900],
      [whole.subarray(0, Math.floor(whole.length / 2)), 'the gzip data is cut off', 1],
      [Buffer.concat([whole, Buffer.from('rubbish')]), 'bytes follow after the end of the gzip data', 900],
      [Buffer.concat([whole, Buffer.alloc(5)]), 'bytes follow after the end of the gzip data', 900],
      [flipped, 'the gzip data fails its check sum', 900],
    ];
    for (const [bytes, defect, least] of cases) {
      const one = await read(bytes);
      expect(one.facts.defect).toContain(defect);
      expect(one.facts.records).toBeGreaterThanOrEqual(least);
      expect(await read(bytes, [1000, 3])).toEqual(one);
    }
  });

  it('reads content that inflates in many pieces, alone and as many members', async () => {
    const large = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? kmsRecord(i) : otherRecord(i)));
    const one = gzipSync(recordsJson(large));
    const { facts } = await read(one, [65_536]);
    expect(facts).toMatchObject({ records: 20_000, rejected: 0, defect: null });
    const members = Buffer.concat(Array<Buffer>(40).fill(whole));
    expect((await read(members)).facts).toMatchObject({ records: 36_000, relevant: 12_000, defect: null });
  });

  it('reads several gzip members as one content', async () => {
    const [a, b] = [content.subarray(0, 5000), content.subarray(5000)];
    const { facts } = await read(Buffer.concat([gzipSync(a), gzipSync(b)]));
    expect(facts).toMatchObject({ records: 900, defect: null, contentSha256: sha256Hex(content) });
  });

  it('counts a kept record that is no valid JSON, and one without a time, as rejected but still proves them', async () => {
    const broken =
      '{"eventSource":"kms.amazonaws.com","eventName":"Decrypt","eventTime":"2026-01-01T00:00:00Z",}';
    const untimed = '{"eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"yesterday"}';
    const { facts, kept } = await read(
      Buffer.from(`{"Records":[${broken},${untimed},${JSON.stringify(kmsRecord(1))}]}`),
    );
    expect(facts).toMatchObject({ records: 3, relevant: 1, rejected: 2, defect: null });
    expect(kept.map(([index]) => index)).toEqual([2]);
  });

  it('reads the events of a saved lookup, which are strings inside', async () => {
    const events = [{ EventId: 'x', CloudTrailEvent: JSON.stringify(kmsRecord(5)) }, { EventId: 'y' }];
    const { facts, rows } = await read(Buffer.from(JSON.stringify({ Events: events }, null, 4)));
    expect(facts).toMatchObject({ records: 2, relevant: 1, rejected: 1, shape: 'events', defect: null });
    expect(rows).toBe(1);
  });

  it('reads a time written in another way as the same moment in UTC', async () => {
    const record = { ...kmsRecord(1), eventTime: '2026-01-01T02:00:00+02:00' };
    const { facts } = await read(Buffer.from(recordsJson([record])));
    expect(facts).toMatchObject({ rejected: 0, firstEvent: '2026-01-01T00:00:00Z' });
  });
});

describe('hashing in place', () => {
  it('gives the roots and leaves of RFC 6962 and leaves the bytes as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 40 }), (datas) => {
        const bytes = Buffer.concat(datas);
        const before = Buffer.from(bytes);
        const list = new LeafList();
        let at = 0;
        for (const data of datas) {
          list.pushHashOf(bytes, at, at + data.length);
          at += data.length;
        }
        const leaves = datas.map(leafHash);
        const taken = list.take();
        expect(bytes.equals(before)).toBe(true);
        expect(taken.equals(Buffer.concat(leaves))).toBe(true);
        expect(rootOfLeaves(taken).equals(merkleRoot(leaves))).toBe(true);
      }),
    );
  });

  it('grows beyond its first size', () => {
    const list = new LeafList();
    for (let i = 0; i < 5000; i += 1) list.push(leafHash(Buffer.from([i & 255])));
    expect(list.take()).toHaveLength(160_000);
    expect(list.count).toBe(0);
  });
});

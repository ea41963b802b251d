import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { createEngagementFile } from '../../db/open.ts';
import { defaultParameters } from '../../electron/engagement/parameters.ts';
import { declare } from '../../electron/engagement/declarations.ts';
import { importIntoEngagement } from '../../electron/engine/import-engagement.ts';
import { packEngagement } from '../../electron/engine/pack-engagement.ts';
import { withEngagement } from '../../electron/engine/with-engagement.ts';
import { createDemoSigner } from '../../electron/seal/demo-signer.ts';
import { verifyPack } from '../../electron/verify/verify-pack.ts';
import { answerSteps, apart } from './apart.ts';
import { watchMemory } from './memory.ts';
import { writeKeptLogs } from './pack-logs.ts';
import type { Measure } from './result.ts';

/** Pack of about so many bytes of raw log records, and verification of that pack. */
export interface PackOptions {
  folder: string;
  bytes: number;
}

interface Timed {
  seconds: number;
  peakMB: number;
}
interface Written extends Timed {
  /** Files of the pack, together, unpacked and packed. */
  bytes: number;
  packedBytes: number;
}

const OPERATOR = { name: 'Bench', email: null };
const ENGAGEMENT = 'pack.keywitness';
const ZIP = 'pack.time-pending.zip';
/** Inflated at a time by the floor of packing. */
const PIECE_BYTES = 1024 * 1024;

/** Pack, its floor, verification, its floor, in turn, `runs` times. */
export async function measurePack(options: PackOptions, runs: number): Promise<Measure[][]> {
  await apart(import.meta.filename, 'prepare', options);
  const measured: Measure[][] = [];
  for (let n = 0; n < runs; n += 1) {
    const packed = await apart<Timed>(import.meta.filename, 'pack', options);
    const packFloor = await apart<Written>(import.meta.filename, 'packFloor', options);
    const verified = await apart<Timed>(import.meta.filename, 'verify', options);
    const verifyFloor = await apart<Written>(import.meta.filename, 'verifyFloor', options);
    const size = `${(packFloor.bytes / 1e6).toFixed(0)} MB in files, ${(packFloor.packedBytes / 1e6).toFixed(0)} MB packed`;
    measured.push([
      {
        name: `pack of ${(options.bytes / 1e9).toFixed(2)} GB of logs`,
        ...{ ...packed, floorSeconds: packFloor.seconds, target: 1.3, memoryTarget: null },
        note: `${size}; floor: SHA-256 + deflate level 1 of all of them on one core`,
      },
      {
        name: 'verification of that pack',
        ...{ ...verified, floorSeconds: verifyFloor.seconds, target: 1.2, memoryTarget: null },
        note: `${size}; floor: inflate + SHA-256 of all of them on one core`,
      },
    ]);
  }
  return measured;
}

/** An engagement whose ledger holds the records. */
async function prepare({ folder, bytes }: PackOptions): Promise<null> {
  const logs = join(folder, 'pack-logs');
  await writeKeptLogs(logs, bytes);
  const file = join(folder, ENGAGEMENT);
  rmSync(file, { force: true });
  const open = createEngagementFile(file);
  try {
    const writer = new LedgerWriter(open.db);
    await declare(writer, OPERATOR, 'engagement', '', {
      ...{ client: 'Bench', criteria: ['CC6.1'], mode: 'management', type: 2, sample: true },
      period: { from: '2026-04-02T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
      parameters: defaultParameters,
    });
    await importIntoEngagement(
      { db: open.db, writer },
      { paths: [logs], operator: OPERATOR, signer: null, timestamp: null },
    );
  } finally {
    open.close();
  }
  return null;
}

async function pack({ folder }: PackOptions): Promise<Timed> {
  const { signer } = await createDemoSigner(new Date());
  const memory = watchMemory();
  const start = performance.now();
  await withEngagement(join(folder, ENGAGEMENT), (work) =>
    packEngagement(work, {
      ...{ folder, signer, timestamp: null, signerRoots: [], authorityRoots: [] },
      names: { pdf: 'pack.pdf', zip: 'pack.zip' },
    }),
  );
  return { seconds: (performance.now() - start) / 1000, peakMB: memory.stop() };
}

async function verify({ folder }: PackOptions): Promise<Timed> {
  const memory = watchMemory();
  const start = performance.now();
  const { verdict, headline } = await verifyPack(join(folder, ZIP));
  const seconds = (performance.now() - start) / 1000;
  if (verdict !== 'intact-time-pending') throw new Error(`the pack does not verify: ${headline}`);
  return { seconds, peakMB: memory.stop() };
}

/** SHA-256 and deflate level 1, timed alone: neither unpacking the input nor writing the output counts. */
async function packFloor(options: PackOptions): Promise<Written> {
  let seconds = 0;
  const written = await eachFile(options, (packed, entry) => {
    const content = entry.compressionMethod === 0 ? packed : inflateRawSync(packed);
    const start = performance.now();
    const hash = createHash('sha256');
    for (let at = 0; at < content.length; at += PIECE_BYTES) {
      const piece = content.subarray(at, at + PIECE_BYTES);
      hash.update(piece);
      deflateRawSync(piece, { level: 1 });
    }
    hash.digest();
    seconds += (performance.now() - start) / 1000;
  });
  return { ...written, seconds };
}

/** Inflate and SHA-256, timed alone: reading the pack from disk does not count. */
async function verifyFloor(options: PackOptions): Promise<Written> {
  let seconds = 0;
  const written = await eachFile(options, (packed, entry) => {
    const start = performance.now();
    const content =
      entry.compressionMethod === 0 ? packed : inflateRawSync(packed, { chunkSize: PIECE_BYTES });
    createHash('sha256').update(content).digest();
    seconds += (performance.now() - start) / 1000;
  });
  return { ...written, seconds };
}

/** Gives every file of the pack as it is packed, read by another zip reader than ours. */
async function eachFile(
  { folder }: PackOptions,
  take: (packed: Buffer, entry: Entry) => void,
): Promise<Omit<Written, 'seconds'>> {
  const path = join(folder, ZIP);
  const memory = watchMemory();
  const zip: ZipFile = await openPromise(path);
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    take(await buffer(stream), entry);
    bytes += entry.uncompressedSize;
  }

  return { bytes, packedBytes: statSync(path).size, peakMB: memory.stop() };
}

await answerSteps(import.meta.filename, { prepare, pack, verify, packFloor, verifyFloor });

import { hash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { createEngagementFile } from '../../db/open.ts';
import { deriveEvents } from '../../electron/logs/derive-events.ts';
import { importFiles } from '../../electron/providers/files/import-files.ts';
import { answerSteps, apart } from './apart.ts';
import { logFilesIn, writeLogs } from './logs.ts';
import { watchMemory } from './memory.ts';
import type { Measure } from './result.ts';

/** Ingest of CloudTrail events from files into a new engagement; needs `events` in files under `folder`/logs. */
export interface IngestOptions {
  folder: string;
  events: number;
}

/** The bytes the floor reads are the bytes the ingest reads. */
interface Floor {
  seconds: number;
  records: number;
  bytes: number;
  files: number;
}

interface Ingested {
  seconds: number;
  peakMB: number;
  events: number;
  relevant: number;
  settled: number;
}

/** Floor and ingest in turn, `runs` times. */
export async function measureIngest(options: IngestOptions, runs: number): Promise<Measure[][]> {
  await writeLogs(join(options.folder, 'logs'), options.events);
  // Both find the files in the page cache.
  for (const file of logFilesIn(join(options.folder, 'logs'))) readFileSync(file);
  const measured: Measure[][] = [];
  for (let n = 0; n < runs; n += 1) {
    const floor = await apart<Floor>(import.meta.filename, 'floor', options);
    const ours = await apart<Ingested>(import.meta.filename, 'ingest', options);
    if (ours.events !== floor.records) {
      throw new Error(`ingest found ${ours.events} events, the floor ${floor.records}`);
    }
    const size = `${(floor.bytes / 1e6).toFixed(0)} MB of JSON in ${floor.files} files`;
    measured.push([
      {
        name: `ingest of ${ours.events.toLocaleString('en')} CloudTrail events`,
        ...{ seconds: ours.seconds, floorSeconds: floor.seconds, target: 1.3 },
        ...{ peakMB: ours.peakMB, memoryTarget: 400 },
        note: `${size}; ${ours.relevant.toLocaleString('en')} kept; floor: gunzip + SHA-256 + JSON.parse on one core`,
      },
      {
        name: 'indexes, duplicates and totals of these events',
        ...{ seconds: ours.settled, floorSeconds: null, target: null, peakMB: null, memoryTarget: null },
        note: 'once after collecting, not per file',
      },
    ]);
  }
  return measured;
}

/** Gunzip, SHA-256 and JSON.parse of every file, one after the other on one core. */
function floor({ folder }: IngestOptions): Floor {
  const files = logFilesIn(join(folder, 'logs'));
  const start = performance.now();
  let [records, bytes] = [0, 0];
  for (const file of files) {
    const content = gunzipSync(readFileSync(file));
    hash('sha256', content);
    records += (JSON.parse(content.toString('utf8')) as { Records: unknown[] }).Records.length;
    bytes += content.length;
  }
  return { seconds: (performance.now() - start) / 1000, records, bytes, files: files.length };
}

async function ingest({ folder }: IngestOptions): Promise<Ingested> {
  const file = join(folder, 'ingest.keywitness');
  rmSync(file, { force: true });
  const engagement = createEngagementFile(file);
  const writer = new LedgerWriter(engagement.db);
  const memory = watchMemory();
  const start = performance.now();
  const summary = await importFiles(writer, {
    snapshot: 'bench',
    source: 'files',
    paths: [join(folder, 'logs')],
    settle: false,
  });
  const seconds = (performance.now() - start) / 1000;
  const peakMB = memory.stop();
  const settling = performance.now();
  deriveEvents(engagement.db);
  const settled = (performance.now() - settling) / 1000;
  engagement.close();
  rmSync(file);
  return { seconds, peakMB, events: summary.events, relevant: summary.relevant, settled };
}

await answerSteps(import.meta.filename, { floor, ingest });

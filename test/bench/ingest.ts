import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createEngagementFile } from '../../db/open.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { deriveEvents } from '../../electron/logs/derive-events.ts';
import { importFiles } from '../../electron/providers/files/import-files.ts';
import { writeBenchLogs } from './ingest-logs.ts';

/** One measured figure: what it took, what the floor took in the same run, and what is aimed at. */
export interface BenchResult {
  name: string;
  /** Seconds. */
  seconds: number;
  /** Seconds for the floor; null when there is none. */
  floorSeconds: number | null;
  ratio: number | null;
  /** Ratio aimed at; null when there is none. */
  target: number | null;
  /** Highest resident memory of the process while it ran, MB (10⁶ bytes). */
  peakMB: number | null;
  note: string;
}

const EVENTS = Number(process.env.KEYWITNESS_BENCH_EVENTS ?? 1_000_000);

interface Floor {
  seconds: number;
  records: number;
  bytes: number;
}

/** Gunzip, SHA-256 and JSON.parse of every file, one after the other on one core. */
function floor(files: readonly string[]): Floor {
  const start = performance.now();
  let records = 0;
  let bytes = 0;
  for (const file of files) {
    const content = gunzipSync(readFileSync(file));
    hash('sha256', content);
    records += (JSON.parse(content.toString('utf8')) as { Records: unknown[] }).Records.length;
    bytes += content.length;
  }
  return { seconds: (performance.now() - start) / 1000, records, bytes };
}

/** The floor in a process of its own, so that its garbage does not count as ours. */
function floorApart(folder: string): Floor {
  const out = execFileSync(process.execPath, [import.meta.filename, 'floor', folder], { encoding: 'utf8' });
  return JSON.parse(out) as Floor;
}

/** Ingest of {@link EVENTS} CloudTrail events from files into a new engagement. */
export async function run(): Promise<BenchResult[]> {
  const kept = process.env.KEYWITNESS_BENCH_LOGS;
  const folder = mkdtempSync(join(tmpdir(), 'keywitness-bench-'));
  try {
    const logs = writeBenchLogs(kept ?? join(folder, 'logs'), EVENTS);
    for (const file of logs.files) readFileSync(file); // both find the files in the page cache
    const least = floorApart(logs.folder);
    const engagement = createEngagementFile(join(folder, 'bench.keywitness'));
    const writer = new LedgerWriter(engagement.db);
    const memory = watchMemory();
    const start = performance.now();
    const summary = await importFiles(writer, {
      snapshot: 'bench',
      source: 'files',
      paths: [logs.folder],
      settle: false,
    });
    const seconds = (performance.now() - start) / 1000;
    const peakMB = memory.stop();
    if (summary.events !== least.records) {
      throw new Error(`ingest found ${summary.events} events, the floor ${least.records}`);
    }
    const settling = performance.now();
    deriveEvents(engagement.db);
    const settled = (performance.now() - settling) / 1000;
    engagement.close();
    const size = `${(least.bytes / 1e6).toFixed(0)} MB of JSON in ${logs.files.length} files`;
    return [
      {
        name: `ingest of ${summary.events.toLocaleString('en')} CloudTrail events`,
        seconds,
        floorSeconds: least.seconds,
        ratio: seconds / least.seconds,
        target: 1.3,
        peakMB,
        note: `${size}; ${summary.relevant.toLocaleString('en')} kept; floor: gunzip + SHA-256 + JSON.parse on one core`,
      },
      {
        name: 'indexes, duplicates and totals of these events',
        seconds: settled,
        floorSeconds: null,
        ratio: null,
        target: null,
        peakMB: null,
        note: 'once after collecting, not per file',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function watchMemory(): { stop(): number } {
  let peak = 0;
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 20);
  look();
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak / 1e6;
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv[2] === 'floor') {
    console.log(JSON.stringify(floor(writeBenchLogs(process.argv[3]!, EVENTS).files)));
    process.exit();
  }
  for (const r of await run()) {
    const against =
      r.ratio === null
        ? ''
        : `, ${r.ratio.toFixed(2)} × the floor of ${r.floorSeconds!.toFixed(1)} s (target ${r.target})`;
    const memory = r.peakMB === null ? '' : `, peak ${r.peakMB.toFixed(0)} MB`;
    console.log(`${r.name}: ${r.seconds.toFixed(1)} s${against}${memory}. ${r.note}`);
  }
}

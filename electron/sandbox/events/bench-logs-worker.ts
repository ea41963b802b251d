import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { buildCompany } from '../company/company.ts';
import type { BenchJob } from './bench-logs.ts';
import { planBenchFiles } from './bench-plan.ts';
import { eventLog } from './event-log.ts';
import { recordsText } from './log-bucket.ts';
import { setLogOptions } from './options.ts';

/** One thread of `writeBenchLogs`: takes the next file of the plan until there is none. */
function run(job: BenchJob): void {
  const company = buildCompany({ seed: job.seed, asOf: job.asOf });
  setLogOptions(company, { events: job.events });
  const files = planBenchFiles(company, job.filesOf);
  const log = eventLog(company);
  const next = new Int32Array(job.next);
  const total = { events: 0, kmsEvents: 0, bytes: 0, rawBytes: 0 };
  for (let i = Atomics.add(next, 0, 1); i < files.length; i = Atomics.add(next, 0, 1)) {
    const file = files[i]!;
    const texts: string[] = [];
    const count = (_at: number, source: string): boolean => {
      if (source === 'kms.amazonaws.com') total.kmsEvents++;
      return true;
    };
    for (let hour = file.firstHour; hour <= file.lastHour; hour++) {
      for (const { text } of log.lines(file.scope, hour, count)) texts.push(text);
    }
    const raw = Buffer.from(recordsText(texts), 'utf8');
    const bytes = gzipSync(raw, { level: 1 });
    const path = join(job.dir, ...file.key.split('/'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    total.events += texts.length;
    total.bytes += bytes.length;
    total.rawBytes += raw.length;
  }
  parentPort?.postMessage(total);
}

run(workerData as BenchJob);

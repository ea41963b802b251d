import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { buildCompany } from '../company/company.ts';
import { planBenchFiles } from './bench-plan.ts';
import { SampleLogError } from './error.ts';
import { setLogOptions } from './options.ts';

export interface BenchLogOptions {
  /** Total number of events, 1 to 10 million. */
  events: number;
  /** Of the sample company. Default 'bench'. */
  seed?: string | undefined;
  /** The company's "now". Default 2026-07-01T00:00:00Z, so that runs compare. */
  asOf?: string | undefined;
  /** Events in one file, about; a file ends with an hour. Default 25,000. */
  filesOf?: number | undefined;
  /** Threads. Default: one per core. */
  threads?: number | undefined;
}

export interface BenchLogs {
  files: number;
  events: number;
  kmsEvents: number;
  /** Compressed. */
  bytes: number;
  /** Uncompressed. */
  rawBytes: number;
}

export interface BenchJob {
  dir: string;
  seed: string;
  asOf: string;
  events: number;
  filesOf: number;
  /** Next file to take, shared by all threads. */
  next: SharedArrayBuffer;
}

/**
 * Writes exactly so many events as log files into a folder in the S3 layout, with all cores: input for measuring ingest.
 * There are no digests and no gap; digests of many files are what `writeLogFolder` is for.
 * @throws SampleLogError bad-option
 */
export async function writeBenchLogs(dir: string, options: BenchLogOptions): Promise<BenchLogs> {
  const { events, seed = 'bench', asOf = '2026-07-01T00:00:00Z', filesOf = 25_000 } = options;
  const job: BenchJob = { dir, seed, asOf, events, filesOf, next: new SharedArrayBuffer(4) };
  const company = buildCompany({ seed, asOf });
  setLogOptions(company, { events });
  const files = planBenchFiles(company, filesOf);
  const planned = files.reduce((sum, file) => sum + file.events, 0);
  if (planned !== events) {
    throw new SampleLogError(
      'bad-option',
      `cannot write ${events} sample events: the company's own changes alone are ${planned}. Ask for more events.`,
    );
  }
  const threads = Math.max(1, Math.min(options.threads ?? availableParallelism(), files.length));
  const parts = await Promise.all(Array.from({ length: threads }, () => runWorker(job)));
  const total: BenchLogs = { files: files.length, events: 0, kmsEvents: 0, bytes: 0, rawBytes: 0 };
  for (const part of parts) {
    total.events += part.events;
    total.kmsEvents += part.kmsEvents;
    total.bytes += part.bytes;
    total.rawBytes += part.rawBytes;
  }
  return total;
}

function runWorker(job: BenchJob): Promise<Omit<BenchLogs, 'files'>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./bench-logs-worker.ts', import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code !== 0)
        reject(
          new Error(
            `cannot write sample logs: a worker thread ended with code ${code}. Look for the reason above.`,
          ),
        );
    });
  });
}

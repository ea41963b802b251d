import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LogFormatId } from '../format.ts';
import { LogCollector, type IngestedLog } from './collector.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** A stream of up to this size is read to its end and handed over whole. */
const WHOLE_STREAM_BYTES = 2 * 1024 * 1024;
/** Bytes of one stream sent ahead of what its worker has dealt with. */
const AHEAD_BYTES = 2 * 1024 * 1024;
/** Pieces of a stream are put together to about this size. */
const PIECE_BYTES = 256 * 1024;

/** A log file that could not be read; what it holds is another matter, see the facts' `defect`. */
export class LogReadError extends Error {
  readonly code: 'UNREADABLE' | 'CLOSED';
  constructor(code: LogReadError['code'], message: string) {
    super(message);
    this.name = 'LogReadError';
    this.code = code;
  }
}

interface Job {
  worker: number;
  collector: LogCollector;
  resolve: (log: IngestedLog) => void;
  reject: (error: unknown) => void;
  unacknowledged: number;
  roomFreed: (() => void) | null;
}

/** Reads log files on all cores. The caller bounds how many it asks for at a time. */
export interface LogPool {
  /** Number of worker threads. */
  readonly size: number;
  /** Reads a file of this machine. @throws LogReadError UNREADABLE when it cannot be read from disk. */
  readFile(path: string, format: LogFormatId, place?: string): Promise<IngestedLog>;
  /** Reads bytes as they come, in flat memory. Rejects with the stream's own error when it fails. */
  readStream(
    stream: AsyncIterable<Uint8Array>,
    format: LogFormatId,
    signal?: AbortSignal,
    place?: string,
  ): Promise<IngestedLog>;
  /** Stops the workers; jobs in hand are rejected. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Worker threads; all cores when not given. */
  threads?: number;
  /** Folder for what a very large file leaves until it is committed. */
  spoolFolder: string;
}

/** Starts a pool; its workers start with the first file. */
export function openLogPool({ threads = availableParallelism(), spoolFolder }: PoolOptions): LogPool {
  const workers: (Worker | null)[] = Array.from({ length: Math.max(1, threads) }, () => null);
  const load = workers.map(() => 0);
  const jobs = new Map<number, Job>();
  let lastJob = 0;
  let closed = false;

  const workerAt = (index: number): Worker => {
    const running = workers[index];
    if (running) return running;
    const worker = new Worker(new URL('./log-worker.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.on('message', receive);
    worker.on('error', (error: Error) => fail(index, error));
    worker.on('exit', () => fail(index, new LogReadError('CLOSED', 'cannot read logs: a worker has ended.')));
    worker.unref();
    workers[index] = worker;
    return worker;
  };

  const fail = (index: number, error: Error): void => {
    workers[index] = null;
    for (const [id, job] of jobs) if (job.worker === index) settle(id, () => job.reject(error));
  };

  const settle = (id: number, act: () => void): void => {
    const job = jobs.get(id);
    if (!job) return;
    jobs.delete(id);
    load[job.worker]! -= 1;
    if (load[job.worker] === 0) workers[job.worker]?.unref();
    job.roomFreed?.();
    act();
  };

  const receive = (message: FromWorker): void => {
    const job = jobs.get(message.job);
    if (!job) return;
    switch (message.is) {
      case 'taken':
        job.unacknowledged -= message.bytes;
        job.roomFreed?.();
        return;
      case 'parts':
        job.collector.add(message.parts);
        return;
      case 'done':
        job.collector.add(message.parts);
        settle(message.job, () => job.resolve(job.collector.finish(message.facts)));
        return;
      case 'failed': {
        const why = `cannot read the log file: ${message.message}. Check that it is there and readable.`;
        settle(message.job, () => job.reject(new LogReadError('UNREADABLE', why)));
        return;
      }
    }
  };

  const start = (): {
    id: number;
    job: Job;
    post: (message: ToWorker) => void;
    done: Promise<IngestedLog>;
  } => {
    if (closed) throw new LogReadError('CLOSED', 'cannot read logs: the pool is closed.');
    const index = load.indexOf(Math.min(...load));
    const worker = workerAt(index);
    worker.ref();
    load[index]! += 1;
    const id = (lastJob += 1);
    let job!: Job;
    const done = new Promise<IngestedLog>((resolve, reject) => {
      const collector = new LogCollector(spoolFolder);
      job = { worker: index, collector, resolve, reject, unacknowledged: 0, roomFreed: null };
    });
    done.catch(() => job.collector.discard());
    jobs.set(id, job);
    return { id, job, post: (message) => worker.postMessage(message), done };
  };

  return {
    size: workers.length,
    readFile(path, format, place = '') {
      const { id, post, done } = start();
      post({ job: id, do: 'file', path, format, place });
      return done;
    },
    async readStream(stream, format, signal, place = '') {
      const pieces = gathered(stream, signal);
      const head: Buffer[] = [];
      let bytes = 0;
      for (let next = await pieces.next(); ; next = await pieces.next()) {
        if (next.done) {
          const { id, post, done } = start();
          post({ job: id, do: 'buffer', bytes: Buffer.concat(head), format, place });
          return done;
        }
        head.push(next.value);
        bytes += next.value.length;
        if (bytes >= WHOLE_STREAM_BYTES) break;
      }
      const { id, job, post, done } = start();
      post({ job: id, do: 'open', format, place });
      const give = async (piece: Buffer): Promise<void> => {
        job.unacknowledged += piece.length;
        post({ job: id, do: 'chunk', bytes: piece });
        while (job.unacknowledged > AHEAD_BYTES && jobs.has(id)) {
          await new Promise<void>((resolve) => (job.roomFreed = resolve));
          job.roomFreed = null;
        }
      };
      try {
        for (const piece of head) await give(piece);
        for await (const piece of pieces) await give(piece);
        post({ job: id, do: 'close' });
      } catch (error) {
        post({ job: id, do: 'drop' });
        settle(id, () => job.reject(error));
      }
      return done;
    },
    async close() {
      closed = true;
      await Promise.all(
        workers.map(async (worker) => {
          if (!worker) return;
          const exit = once(worker, 'exit');
          await worker.terminate();
          await exit;
        }),
      );
    },
  };
}

/** A stream in pieces worth posting; ends with the signal's reason when it aborts. */
async function* gathered(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, undefined> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(parts, bytes);
    parts = [];
    bytes = 0;
  }
  signal?.throwIfAborted();
  if (bytes > 0) yield Buffer.concat(parts, bytes);
  return undefined;
}

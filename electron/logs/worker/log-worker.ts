import { createReadStream, readFileSync, statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { LogFormat, LogFormatId } from '../format.ts';
import { LOG_FORMATS } from '../formats.ts';
import { freeBuffer } from './free-buffer.ts';
import type { LogPart } from './log-file-reader.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { readLogBuffer, readLogBytes, type ReadFacts } from './read-bytes.ts';

/*
 * A worker thread that reads log files. It reads several at a time only when their bytes come over the network: a file
 * on disk is read in one go.
 */

const port = parentPort!;
/** A file of up to this size is read whole. */
const WHOLE_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
/** Parts of a large file are sent ahead when they add up to this. */
const PARTS_BYTES = 8 * 1024 * 1024;

interface Incoming {
  push(bytes: Uint8Array | null): void;
  drop(): void;
}
const incoming = new Map<number, Incoming>();

port.on('message', (message: ToWorker) => {
  const { job } = message;
  switch (message.do) {
    case 'file':
      inTurn(() => run(job, (emit) => readFile(message.path, formatOf(message), emit)));
      return;
    case 'buffer':
      inTurn(() => run(job, (emit) => readLogBuffer(asBuffer(message.bytes), formatOf(message), emit)));
      return;
    case 'open': {
      const { stream, ...control } = newIncoming(job);
      incoming.set(job, control);
      void run(job, (emit) => readLogBytes(stream, formatOf(message), emit)).finally(() =>
        incoming.delete(job),
      );
      return;
    }
    case 'chunk':
      incoming.get(job)?.push(message.bytes);
      return;
    case 'close':
      incoming.get(job)?.push(null);
      return;
    case 'drop':
      incoming.get(job)?.drop();
      return;
  }
});

let whole = Promise.resolve();

/** Whole files one after the other: two at a time are no faster and take twice the memory. */
function inTurn(read: () => Promise<void>): void {
  whole = whole.then(read);
}

/** The kind of log, reading records as of the place that the job names. */
function formatOf({ format, place }: { format: LogFormatId; place: string }): LogFormat {
  const declared = LOG_FORMATS[format];
  return { ...declared, read: (raw) => declared.read(raw, place) };
}

async function readFile(path: string, format: LogFormat, emit: (part: LogPart) => void): Promise<ReadFacts> {
  if (statSync(path).size <= WHOLE_BYTES) {
    const file = readFileSync(path);
    const facts = await readLogBuffer(file, format, emit);
    freeBuffer(file);
    return facts;
  }
  const stream = createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
  return readLogBytes(stream, format, emit);
}

async function run(job: number, read: (emit: (part: LogPart) => void) => Promise<ReadFacts>): Promise<void> {
  let parts: LogPart[] = [];
  let bytes = 0;
  const emit = (part: LogPart): void => {
    parts.push(part);
    bytes += sizeOf(part);
    if (bytes < PARTS_BYTES) return;
    send({ job, is: 'parts', parts }, parts);
    parts = [];
    bytes = 0;
  };
  try {
    const facts = await read(emit);
    send({ job, is: 'done', parts, facts }, parts);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    send({ job, is: 'failed', code: code ?? 'ERROR', message }, []);
  }
}

/** Buffers that are a whole allocation change hands; others are copied. */
function send(message: FromWorker, parts: readonly LogPart[]): void {
  const owned = new Set<ArrayBuffer>();
  const own = (bytes: Uint8Array | Float64Array | undefined) => {
    if (bytes?.byteLength && bytes.byteLength === bytes.buffer.byteLength) {
      owned.add(bytes.buffer as ArrayBuffer);
    }
  };
  for (const { block, leaves, events } of parts) {
    own(block?.data);
    own(leaves);
    own(events?.numbers);
  }
  port.postMessage(message, [...owned]);
}

function sizeOf({ block, leaves, events }: LogPart): number {
  const rows = events ? events.numbers.byteLength + events.ids.length : 0;
  return (block ? block.data.length + block.positions.length : 0) + (leaves?.length ?? 0) + rows;
}

class Dropped extends Error {
  readonly code = 'DROPPED';
}

/** The bytes of a stream as they are posted; each piece is acknowledged once it was dealt with. */
function newIncoming(job: number): Incoming & { stream: AsyncIterable<Uint8Array> } {
  const queue: (Uint8Array | null)[] = [];
  let dropped = false;
  let wake: (() => void) | null = null;
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (queue.length === 0 && !dropped) await new Promise<void>((resolve) => (wake = resolve));
      if (dropped) throw new Dropped('the stream was given up');
      const bytes = queue.shift()!;
      if (bytes === null) return;
      yield bytes;
      port.postMessage({ job, is: 'taken', bytes: bytes.length } satisfies FromWorker);
    }
  }
  return {
    stream: stream(),
    push(bytes) {
      queue.push(bytes);
      wake?.();
    },
    drop() {
      dropped = true;
      wake?.();
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

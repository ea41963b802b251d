import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { freeBuffer } from './free-buffer.ts';
import type { LogPart } from './log-file-reader.ts';

/**
 * What one very large log file leaves, on disk until it is committed: memory must not grow with the file. Readable by
 * its owner only, beside the engagement file that will hold the same data, and gone when closed; where the system allows
 * it, without a name from the start, so that a killed process leaves nothing behind.
 */
export interface Spool {
  put(part: LogPart): void;
  /** What was put of one kind, in order. A value is to be used before the next is asked for. */
  parts<K extends keyof LogPart>(kind: K): Iterable<NonNullable<LogPart[K]>>;
  close(): void;
}

/** @throws the file system's error when the folder cannot be written. */
export function newSpool(folder: string): Spool {
  const path = join(folder, `.keywitness-${randomBytes(8).toString('hex')}.spool`);
  const file = openSync(path, 'wx+', 0o600);
  let named = true;
  try {
    rmSync(path);
    named = false;
  } catch {
    // Windows keeps the name of an open file; it goes when the spool is closed.
  }
  const written: { kind: keyof LogPart; position: number; size: number }[] = [];
  let end = 0;
  return {
    put(part) {
      for (const kind of ['block', 'leaves', 'events'] as const) {
        if (part[kind] === undefined) continue;
        const bytes = serialize(part[kind]);
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, end + at);
        written.push({ kind, position: end, size: bytes.length });
        end += bytes.length;
      }
    },
    *parts<K extends keyof LogPart>(kind: K) {
      for (const { position, size } of written.filter((w) => w.kind === kind)) {
        const bytes = Buffer.allocUnsafeSlow(size);
        for (let at = 0; at < size;) {
          const read = readSync(file, bytes, at, size - at, position + at);
          if (read === 0)
            throw new Error('cannot read back what was put aside of a log file: the disk lost it.');
          at += read;
        }
        yield deserialize(bytes) as NonNullable<LogPart[K]>;
        freeBuffer(bytes);
      }
    },
    close() {
      closeSync(file);
      if (named) rmSync(path, { force: true });
    },
  };
}

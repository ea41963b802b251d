import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** Reads a JSON file of the user's own; null when there is none or it is not what it should be. */
export function readHomeFile<T extends z.ZodType>(path: string, schema: T): z.output<T> | null {
  try {
    const checked = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

/** Replaces a JSON file in one step, readable by its owner only. */
export function writeHomeFile(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}.new`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

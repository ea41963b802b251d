import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBenchLogs } from '../../electron/sandbox/events/bench-logs.ts';

/**
 * Writes log files of the sample company with so many events in all into `folder`, unless they are there from an earlier
 * run. What the company logs is its own: about a third uses keys, the rest is everybody else's traffic.
 */
export async function writeLogs(folder: string, events: number): Promise<void> {
  const done = join(folder, 'done');
  if (existsSync(done) && readFileSync(done, 'utf8') === String(events)) return;
  rmSync(folder, { recursive: true, force: true });
  await writeBenchLogs(folder, { events });
  writeFileSync(done, String(events));
}

/** The log files in a folder, in order. */
export function logFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => join(folder, name));
}

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildCompany } from '../../electron/sandbox/company/company.ts';
import { logBuckets } from '../../electron/sandbox/events/log-bucket.ts';
import { setLogOptions } from '../../electron/sandbox/events/options.ts';

/** Log files of the sample company's organisation trail, in the S3 layout, and how many bytes they are. */
export interface BenchLogs {
  folder: string;
  files: string[];
}

/**
 * Writes log files with about `events` events in all into `folder`, which may hold them from an earlier run. What the
 * sample company logs is its own: about a third uses keys, the rest is everybody else's traffic.
 */
export function writeBenchLogs(folder: string, events: number): BenchLogs {
  const done = join(folder, 'done');
  if (!existsSync(done)) {
    const company = buildCompany({ asOf: '2026-07-01T00:00:00Z' });
    setLogOptions(company, { events });
    const trail = company.trails.find((t) => t.organization)!;
    for (const object of logBuckets(company).objects(trail.bucket)) {
      if (object.kind !== 'log') continue;
      const path = join(folder, object.key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, object.bytes());
    }
    writeFileSync(done, String(events));
  }
  if (readFileSync(done, 'utf8') !== String(events)) {
    throw new Error(`cannot use ${folder}: it holds logs of another size. Remove it.`);
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => join(folder, name));
  return { folder, files };
}

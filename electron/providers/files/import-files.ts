import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { openLogPool } from '../../logs/worker/pool.ts';
import { commitLog } from './commit-log.ts';
export async function importFiles(writer: LedgerWriter, o: { snapshot: string; source: string; paths: string[]; settle?: boolean }) {
  const pool = openLogPool({ spoolFolder: '/tmp' });
  const files = o.paths.flatMap((p) => readdirSync(p, { recursive: true, encoding: 'utf8' }).sort().map((f) => join(p, f)).filter((f) => statSync(f).isFile() && f.endsWith('.gz')));
  const window: Promise<{path:string; log: Awaited<ReturnType<typeof pool.readFile>>}>[] = [];
  let events = 0, relevant = 0, i = 0;
  const commits: Promise<unknown>[] = [];
  while (i < files.length || window.length) {
    while (window.length < pool.size * 2 && i < files.length) { const path = files[i++]!; window.push(pool.readFile(path).then((log) => ({ path, log }))); }
    const { path, log } = await window.shift()!;
    events += log.facts.records; relevant += log.facts.relevant;
    commits.push(commitLog(writer, { snapshot: o.snapshot, source: o.source, name: basename(path), format: 'cloudtrail.log', outcome: 'ok', reason: null, modified: null }, { path }, log));
    if (commits.length > 4) await commits.shift();
  }
  await Promise.all(commits);
  await pool.close();
  return { events, relevant };
}

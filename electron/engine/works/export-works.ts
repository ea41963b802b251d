import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Page } from '../../../db/derived/page.ts';
import { csvRecord, type Cell } from '../../pack/files/csv.ts';
import type { JobEnd, JobHandle } from '../service/jobs.ts';
import { reads } from '../reads/index.ts';
import type { Bench, Works } from './work.ts';

export const exportWorks: Works<'keys.export' | 'logs.extract'> = {
  'keys.export': (bench, { format, path, ...wanted }) =>
    bench.jobs.start({ kind: 'export', title: 'Export keys' }, (job) =>
      exportTable(job, path, format, pagesOf(bench, 'keys.query', wanted)),
    ),
  'logs.extract': (bench, { format, path, ...wanted }) =>
    bench.jobs.start({ kind: 'export', title: 'Export events' }, (job) =>
      exportTable(job, path, format, pagesOf(bench, 'logs.events', wanted)),
    ),
};

type Row = Record<string, unknown>;

/** The very pages that the window is shown, one after the other. */
function pagesOf({ session }: Bench, name: string, wanted: object) {
  const { db } = session;
  return (after: string | null) =>
    reads[name]!(db, { ...wanted, after, limit: 500 } as never) as Page<Row> | Promise<Page<Row>>;
}

/** Writes all pages to a file that appears under its name only when it is whole. */
async function exportTable(
  { signal, step }: JobHandle,
  path: string,
  format: 'csv' | 'json',
  pageAfter: (after: string | null) => Page<Row> | Promise<Page<Row>>,
): Promise<JobEnd> {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial, { mode: 0o600 });
  let rows = 0;
  const write = async (text: string) => {
    if (!file.write(text)) await once(file, 'drain');
  };
  try {
    await once(file, 'open');
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      const page: Page<Row> = await pageAfter(after);
      if (first) await write(format === 'csv' ? csvRecord(Object.keys(page.rows[0] ?? {})) : '[');
      for (const row of page.rows) {
        await write(
          format === 'csv'
            ? csvRecord(Object.values(row).map(cell))
            : `${rows ? ',' : ''}\n${JSON.stringify(row)}`,
        );
        rows += 1;
      }
      step('Writing rows', rows);
      after = page.next;
      // Other calls of this thread get their turn, and the operator can cancel.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
    if (format === 'json') await write('\n]\n');
    file.end();
    await finished(file);
    await rename(partial, path);
    return { result: { path, rows } };
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

function cell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join('; ');
  return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}

import { createHash } from 'node:crypto';
import { DERIVED_TABLES } from '../../db/derived/write.ts';
import type { ReadableDb } from '../../db/handle.ts';

/**
 * SHA-256 (hex) over all derived rows, table by table in primary key order: equal rows give equal digests, whatever
 * order they were made in. `keywitness rebuild` compares it before and after.
 *
 * @param more further derived tables, for example those of events.
 */
export function derivedDigest(db: ReadableDb, more: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const table of [...DERIVED_TABLES, ...more]) {
    const columns = db
      .prepare<[], { name: string; pk: number }>(`SELECT name, pk FROM pragma_table_info('${table}')`)
      .all();
    const key = columns.filter((c) => c.pk > 0).sort((a, b) => a.pk - b.pk);
    const order = (key.length > 0 ? key : columns).map((c) => `"${c.name}"`).join(', ');
    hash.update(`${table} ${columns.map((c) => c.name).join(' ')}\n`);
    for (const row of db
      .prepare<[], unknown[]>(`SELECT * FROM "${table}" ORDER BY ${order}`)
      .raw()
      .iterate()) {
      hash.update(JSON.stringify(row));
      hash.update('\n');
    }
  }
  return hash.digest('hex');
}

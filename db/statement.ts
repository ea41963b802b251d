import type Database from 'better-sqlite3';
import type { ReadableDb } from './handle.ts';

/** Prepared statements of each open file by their text: preparing one costs more than running it. */
const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * The prepared statement of `sql`, prepared once for each open file. For `get`, `all` and `run`: never iterate over it
 * or change its mode (`pluck`, `raw`), because everybody with the same text shares it.
 */
export function statement<Parameters extends unknown[], Row = unknown>(
  db: ReadableDb,
  sql: string,
): Database.Statement<Parameters, Row> {
  const known = prepared.get(db) ?? new Map<string, Database.Statement>();
  prepared.set(db, known);
  let found = known.get(sql);
  if (!found) known.set(sql, (found = db.prepare(sql)));
  return found as unknown as Database.Statement<Parameters, Row>;
}

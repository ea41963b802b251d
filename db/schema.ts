import Database from 'better-sqlite3';
import { EVENT_INDEXES } from './derived/event-indexes.ts';
import type { ReadableDb, WritableDb } from './handle.ts';
import { migrations } from './migrations/index.ts';

/** Tables that hold evidence: written once, read by verification. */
export const EVIDENCE_TABLES = ['entry', 'disclosure', 'body', 'body_chunk', 'log_block', 'log_leaves'];

interface SchemaObject {
  type: string;
  name: string;
  sql: string | null;
}

/**
 * What is wrong with a file's tables, or null.
 *
 * Somebody with SQLite can drop the triggers that keep evidence append-only, give a computed column another meaning, put
 * a view in a table's place, or leave an entry out of an index: the lines would still be whole, and everybody who asks
 * for "all exchanges" would be told something else. So every table, index, trigger and view must be, word for word,
 * what the migrations up to the file's version make, and each index must hold what its table holds. The indexes of events
 * are made later, once: they may be missing.
 */
export function schemaFault(db: ReadableDb): string | null {
  const version = db.pragma('user_version', { simple: true }) as number;
  const made = new Map(expectedSchema(version).map((object) => [keyOf(object), object]));
  const later = new Map<string, SchemaObject>(EVENT_INDEXES.map((object) => [keyOf(object), object]));
  for (const object of schemaOf(db)) {
    const expected = made.get(keyOf(object)) ?? later.get(keyOf(object));
    if (!expected) return `the ${object.type} ${object.name} is not one that Keywitness makes`;
    if (object.sql !== expected.sql) return `the ${object.type} ${object.name} is not as Keywitness makes it`;
    made.delete(keyOf(object));
  }
  const [missing] = made.values();
  if (missing) return `the ${missing.type} ${missing.name} is missing`;
  for (const table of EVIDENCE_TABLES) {
    const found = db.pragma(`integrity_check(${table})`, { simple: true }) as string;
    if (found !== 'ok') return `the table ${table} is damaged (${found})`;
  }
  return null;
}

function expectedSchema(version: number): SchemaObject[] {
  const db = new Database(':memory:') as WritableDb;
  try {
    for (const step of migrations) if (step.version <= version) step.up(db);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

/** Statistics for the query planner (ANALYZE) are left aside: they change no answer. */
function schemaOf(db: ReadableDb): SchemaObject[] {
  return db
    .prepare<[], SchemaObject>(
      `SELECT type, name, sql FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name`,
    )
    .all();
}

const keyOf = ({ type, name }: SchemaObject) => `${type} ${name}`;

import type { WritableDb } from '../handle.ts';

/** Derived: what is on record about each key of a snapshot, from tags, records and key sets, and how each field is known. */
export default function inventory(db: WritableDb): void {
  db.exec(`
    CREATE TABLE key_inventory (
      snapshot TEXT NOT NULL,
      key TEXT NOT NULL,
      sets TEXT NOT NULL,             -- JSON array: ids of its key sets, nearest first, each followed by its parents
      owner TEXT,
      deputy TEXT,
      systems TEXT NOT NULL,          -- JSON array
      purposes TEXT NOT NULL,         -- JSON array
      data_class TEXT,
      approved_by TEXT,
      approved_at TEXT,
      origins TEXT NOT NULL,          -- JSON: by field, {from: record | tag | set, name, seq}
      rules INTEGER NOT NULL,
      PRIMARY KEY (snapshot, key)
    ) STRICT, WITHOUT ROWID;
  `);
}

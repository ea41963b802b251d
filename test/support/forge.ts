import type Database from 'better-sqlite3';
import type { WritableDb } from '../../db/handle.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';

/** A forger has the file and SQLite: triggers do not stop them. */
export function withoutTriggers(db: WritableDb, change: (db: Database.Database) => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const t of triggers) db.exec(`DROP TRIGGER ${t.name}`);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  change(db);
  db.pragma('ignore_check_constraints = OFF');
  for (const t of triggers) db.exec(t.sql);
}

/** Rewrites a line and every later one so that the chain alone is whole again. */
export function rechain(
  db: Database.Database,
  from: number,
  edit: (line: Record<string, unknown>) => void,
  respell: (text: string) => string = (text) => text,
): void {
  const rows = db
    .prepare<[number], { seq: number; line: string }>('SELECT seq, line FROM entry WHERE seq >= ?')
    .all(from);
  let prev = (JSON.parse(rows[0]!.line) as { prev: string }).prev;
  for (const row of rows) {
    const line = JSON.parse(row.line) as Record<string, unknown>;
    if (row.seq === from) edit(line);
    line.prev = prev;
    const text = row.seq === from ? respell(JSON.stringify(line)) : JSON.stringify(line);
    prev = sha256Hex(text);
    db.prepare('UPDATE entry SET line = ?, hash = ? WHERE seq = ?').run(
      text,
      Buffer.from(prev, 'hex'),
      row.seq,
    );
  }
  db.prepare('UPDATE ledger_head SET hash = ?').run(Buffer.from(prev, 'hex'));
}

/** Changes the text of a table, index or trigger, as an editor of the file's bytes could. */
export function redefine(db: Database.Database, name: string, edit: (sql: string) => string): void {
  const sql = db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(name) as string;
  db.unsafeMode();
  db.pragma('writable_schema = ON');
  db.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(edit(sql), name);
  db.pragma('writable_schema = RESET');
  db.unsafeMode(false);
}

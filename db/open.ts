import { chmodSync, closeSync, existsSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { EngagementError } from './error.ts';
import type { ReadableDb, WritableDb } from './handle.ts';
import { takeLock } from './lock.ts';
import { migrations, SCHEMA_VERSION } from './migrations/index.ts';

/** 'KWIT': marks an engagement file in the SQLite header (https://www.sqlite.org/fileformat.html, offset 68). */
export const APPLICATION_ID = 0x4b574954;

/** Fixed from the first version: page size cannot change while WAL is on. */
const PAGE_SIZE = 8192;

/** An engagement open for writing. Close it: that folds the write-ahead log into the one file and frees the lock. */
export interface OpenEngagement {
  readonly path: string;
  readonly db: WritableDb;
  readonly close: () => void;
}

/**
 * Creates an engagement file, readable by its owner only.
 *
 * @throws EngagementError EXISTS, LOCKED.
 */
export function createEngagementFile(path: string): OpenEngagement {
  if (existsSync(path)) {
    throw new EngagementError('EXISTS', `cannot create ${path}: it exists already. Choose another name.`);
  }
  return openLocked(path, (db) => {
    chmodSync(path, 0o600);
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  });
}

/**
 * Opens an engagement file for writing and brings its schema up to date.
 *
 * @throws EngagementError NOT_FOUND, NOT_AN_ENGAGEMENT, NEWER_VERSION, LOCKED, DAMAGED.
 */
export function openEngagementFile(path: string): OpenEngagement {
  assertEngagement(path);
  return openLocked(path, () => undefined);
}

/** Opens an engagement file for reading, next to a writer or alone. The caller closes the handle. */
export function openReadable(path: string): ReadableDb {
  assertEngagement(path);
  const db = new Database(path, { readonly: true, fileMustExist: true }) as ReadableDb;
  try {
    refuseNewer(db, path);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db.close();
    throw asEngagementError(error, path);
  }
}

function openLocked(path: string, prepare: (db: Database.Database) => void): OpenEngagement {
  const lock = takeLock(path);
  let db: WritableDb | undefined;
  try {
    db = new Database(path) as WritableDb;
    prepare(db);
    configure(db);
    migrate(db, path);
    return { path, db, close: () => close(db!, lock) };
  } catch (error) {
    db?.close();
    lock.release();
    throw asEngagementError(error, path);
  }
}

function configure(db: WritableDb): void {
  db.pragma('journal_mode = WAL');
  // Survives the death of the process at any moment; closing and checkpoints add the fsync that survives power loss.
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  // Deleted intents must not leave readable remains, and temporary tables may hold evidence.
  db.pragma('secure_delete = ON');
  db.pragma('temp_store = MEMORY');
}

function migrate(db: WritableDb, path: string): void {
  refuseNewer(db, path);
  const version = db.pragma('user_version', { simple: true }) as number;
  for (const step of migrations.filter((m) => m.version > version)) {
    db.transaction(() => {
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
    })();
  }
}

function refuseNewer(db: Database.Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SCHEMA_VERSION) {
    throw new EngagementError(
      'NEWER_VERSION',
      `cannot open ${path}: it was written by a newer Keywitness (schema ${version}, this one knows ${SCHEMA_VERSION}). Update Keywitness.`,
    );
  }
}

function close(db: WritableDb, lock: { release(): void }): void {
  try {
    if (db.open) {
      // Back to a rollback journal: the closed file is one self-contained file, with no -wal or -shm beside it.
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.pragma('journal_mode = DELETE');
      db.close();
    }
  } finally {
    lock.release();
  }
}

/** Looks at the header only, so that a wrong file is named before SQLite touches it. */
function assertEngagement(path: string): void {
  if (!existsSync(path)) {
    throw new EngagementError('NOT_FOUND', `cannot open ${path}: there is no such file.`);
  }
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 100, 0);
  } finally {
    closeSync(file);
  }
  const isSqlite = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (!isSqlite || header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new EngagementError(
      'NOT_AN_ENGAGEMENT',
      `cannot open ${path}: it is not a Keywitness engagement file.`,
    );
  }
}

function asEngagementError(error: unknown, path: string): unknown {
  if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) {
    return new EngagementError('DAMAGED', `cannot open ${path}: the file is damaged (${error.message}).`, {
      cause: error,
    });
  }
  return error;
}

import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
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
  /** Schema version the file had before it was brought up to date; null when it was. Derived rows are then made anew. */
  readonly migratedFrom: number | null;
  readonly close: () => void;
}

/**
 * Creates an engagement file, readable by its owner only.
 *
 * @throws EngagementError NOT_FOUND (its folder), EXISTS, LOCKED.
 */
export function createEngagementFile(path: string): OpenEngagement {
  if (!existsSync(dirname(path))) {
    throw new EngagementError('NOT_FOUND', `cannot create ${path}: there is no such folder. Make it first.`);
  }
  const assertNew = () => {
    if (existsSync(path))
      throw new EngagementError('EXISTS', `cannot create ${path}: it exists already. Choose another name.`);
  };
  assertNew();
  // Asked again under the lock: another process may have made it in between.
  return openLocked(path, assertNew, (db) => {
    chmodSync(path, 0o600);
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  });
}

/**
 * Opens an engagement file for writing and brings its schema up to date.
 *
 * @throws EngagementError NOT_FOUND, NOT_AN_ENGAGEMENT, NEWER_VERSION, LOCKED, LINKED, DAMAGED.
 */
export function openEngagementFile(path: string): OpenEngagement {
  assertThere(path);
  assertOneName(path);
  // Not through a read-only handle first: what a killed writer left in mid-write can only be set right by a writer.
  return openLocked(path, undefined, (db) => assertEngagement(db, path));
}

/**
 * Opens an engagement file for reading, next to a writer or alone. The caller closes the handle.
 *
 * @throws EngagementError NOT_FOUND, NOT_AN_ENGAGEMENT, NEWER_VERSION, INTERRUPTED, DAMAGED.
 */
export function openReadable(path: string): ReadableDb {
  assertThere(path);
  let db: ReadableDb | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true }) as ReadableDb;
    assertEngagement(db, path);
    refuseNewer(db, path);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db?.close();
    throw asEngagementError(error, path);
  }
}

function openLocked(
  path: string,
  assertUnderLock: () => void = () => undefined,
  prepare: (db: Database.Database) => void = () => undefined,
): OpenEngagement {
  const lock = takeLock(path);
  let db: WritableDb | undefined;
  try {
    assertUnderLock();
    db = new Database(path) as WritableDb;
    prepare(db);
    configure(db);
    const migratedFrom = migrate(db, path);
    return { path, db, migratedFrom, close: () => close(db!, lock) };
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

/** @returns the version before, when an older file was changed; null for a new or current one. */
function migrate(db: WritableDb, path: string): number | null {
  refuseNewer(db, path);
  const version = db.pragma('user_version', { simple: true }) as number;
  for (const step of migrations.filter((m) => m.version > version)) {
    db.transaction(() => {
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
    })();
  }
  return version > 0 && version < SCHEMA_VERSION ? version : null;
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
    if (db.open) foldLog(db);
  } finally {
    db.close();
    lock.release();
  }
}

/**
 * Back to a rollback journal: the closed file is one self-contained file, with no -wal or -shm beside it. While somebody
 * reads the file that cannot be done: the log stays beside it, nothing is lost, and the next to close folds it in.
 */
function foldLog(db: WritableDb): void {
  try {
    db.pragma('busy_timeout = 200');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
  }
}

/**
 * Asked through SQLite, never by opening the file beside it: where locks are POSIX, closing any other descriptor of a
 * file drops the locks that SQLite holds on it in the same process (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
function assertEngagement(db: Database.Database, path: string): void {
  if (applicationId(db) !== APPLICATION_ID) {
    throw new EngagementError(
      'NOT_AN_ENGAGEMENT',
      `cannot open ${path}: it is not a Keywitness engagement file.`,
    );
  }
}

function applicationId(db: Database.Database): unknown {
  try {
    return db.pragma('application_id', { simple: true });
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') return null;
    throw error;
  }
}

/** A second hard link would have a lock and a write-ahead log of its own: two writers would spoil the file. */
function assertOneName(path: string): void {
  const { nlink } = statSync(path);
  if (nlink > 1) {
    throw new EngagementError(
      'LINKED',
      `cannot open ${path} for writing: it has ${nlink} names (hard links). Copy it and open the copy.`,
    );
  }
}

function assertThere(path: string): void {
  if (!existsSync(path)) {
    throw new EngagementError('NOT_FOUND', `cannot open ${path}: there is no such file.`);
  }
}

function asEngagementError(error: unknown, path: string): unknown {
  if (error instanceof Database.SqliteError && /^SQLITE_(READONLY|CANTOPEN)/.test(error.code)) {
    return new EngagementError(
      'INTERRUPTED',
      `cannot open ${path}: whoever wrote it last was stopped in mid-write, and that can only be set right where the file and its folder may be written (${error.message}). Open it there once for writing.`,
      { cause: error },
    );
  }
  if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) {
    return new EngagementError('DAMAGED', `cannot open ${path}: the file is damaged (${error.message}).`, {
      cause: error,
    });
  }
  return error;
}

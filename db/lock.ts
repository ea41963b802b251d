import { randomUUID } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { EngagementError } from './error.ts';

/** A held writer's lock; release it when the engagement is closed. */
export interface Lock {
  release(): void;
}

interface Holder {
  /** Tells one taking of the lock from every other. */
  token: string;
  pid: number;
  host: string;
  since: string;
}

/** Contenders that release at the same moment can make a try void; many in a row mean something else is wrong. */
const MOST_TRIES = 50;

/**
 * Takes the one writer's lock of an engagement file, across processes and whatever name leads to the file.
 *
 * The lock is an open write transaction on a small SQLite file beside the engagement. The operating system drops it
 * when the process ends in whatever way, so there are no stale locks to clean up, and SQLite already knows how to lock
 * on every platform. The holder removes the file while it still holds the lock, so whoever got hold of a removed file
 * sees that the path leads elsewhere, and tries again.
 *
 * @throws EngagementError LOCKED with who holds it, or why the lock file cannot be written.
 */
export function takeLock(engagementFile: string): Lock {
  const path = `${realPath(engagementFile)}-lock`;
  let reason: unknown = new Error('the lock file keeps changing');
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    let lock: Database.Database | undefined;
    try {
      lock = new Database(path, { timeout: 0 });
      if (hold(lock, path)) {
        const held = lock;
        return { release: () => release(held, path) };
      }
    } catch (error) {
      if (isBusy(error)) throw lockedBy(lock, engagementFile, error);
      reason = error;
    }
    lock?.close();
  }
  throw new EngagementError(
    'LOCKED',
    `cannot lock ${engagementFile}: ${reason instanceof Error ? reason.message : String(reason)}. Check that you may write to its folder, and try again.`,
    { cause: reason },
  );
}

/**
 * True when the lock is held on the file that the path leads to, under our own name.
 *
 * The holder's name is the text of a view, so that the file is one page, written in one piece: it needs no journal. A
 * journal is found by its name, and would be taken for that of the next file after this one was removed.
 */
function hold(lock: Database.Database, path: string): boolean {
  lock.pragma('journal_mode = MEMORY');
  lock.pragma('synchronous = OFF');
  const token = randomUUID();
  const host = hostname().replaceAll("'", "''");
  // Committed before the lock is taken, or nobody could read who holds it.
  lock.exec(`
    BEGIN IMMEDIATE;
    DROP VIEW IF EXISTS holder;
    CREATE VIEW holder AS
      SELECT '${token}' AS token, ${process.pid} AS pid, '${host}' AS host, '${new Date().toISOString()}' AS since;
    COMMIT;`);
  lock.exec('BEGIN IMMEDIATE');
  return readHolder(lock)?.token === token && tokenAt(path) === token;
}

function release(lock: Database.Database, path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Windows keeps an open file; an unlocked lock file left behind harms nobody.
  }
  lock.close();
}

/** Token in the lock file that the path leads to now, or null. */
function tokenAt(path: string): string | null {
  let other: Database.Database | undefined;
  try {
    other = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
    return readHolder(other)?.token ?? null;
  } catch {
    return null;
  } finally {
    other?.close();
  }
}

function readHolder(lock: Database.Database): Holder | undefined {
  return lock.prepare<[], Holder>('SELECT token, pid, host, since FROM holder').get();
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Links to one file must lead to one lock. A file that does not exist yet is named by its real folder. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}

/** Closes the lock that could not be had, and says who has it. */
function lockedBy(
  lock: Database.Database | undefined,
  engagementFile: string,
  cause: unknown,
): EngagementError {
  let who = 'another process';
  try {
    const holder = lock && readHolder(lock);
    if (holder) who = `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  } catch {
    // The holder is just now writing its name.
  }
  lock?.close();
  return new EngagementError(
    'LOCKED',
    `cannot open ${engagementFile} for writing: it is in use by ${who}. Close it there, or open it read-only.`,
    { cause },
  );
}

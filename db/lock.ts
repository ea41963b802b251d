import { rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { EngagementError } from './error.ts';

/** A held writer's lock; release it when the engagement is closed. */
export interface Lock {
  release(): void;
}

/**
 * Takes the one writer's lock of an engagement file, across processes.
 *
 * The lock is an open write transaction on a small SQLite file beside the engagement. The operating system drops it
 * when the process ends in whatever way, so there are no stale locks to clean up, and SQLite already knows how to lock
 * on every platform.
 *
 * @throws EngagementError LOCKED with who holds it.
 */
export function takeLock(engagementFile: string): Lock {
  const path = `${engagementFile}-lock`;
  for (let tries = 0; tries < 5; tries += 1) {
    const lock = new Database(path, { timeout: 0 });
    try {
      lock.exec(
        'CREATE TABLE IF NOT EXISTS holder (one INTEGER PRIMARY KEY, pid INTEGER, host TEXT, since TEXT)',
      );
      lock
        .prepare('REPLACE INTO holder VALUES (1, ?, ?, ?)')
        .run(process.pid, hostname(), new Date().toISOString());
      lock.exec('BEGIN IMMEDIATE');
    } catch (error) {
      const message = describeHolder(lock, engagementFile);
      lock.close();
      if (!isBusy(error)) throw error;
      throw new EngagementError('LOCKED', message, { cause: error });
    }
    // A previous holder may have removed the file between our open and our lock; then ours is a lock on nothing.
    if (sameFile(lock, path)) return { release: () => release(lock, path) };
    lock.close();
  }
  throw new EngagementError(
    'LOCKED',
    `cannot lock ${engagementFile}: the lock file keeps changing. Try again.`,
  );
}

function release(lock: Database.Database, path: string): void {
  try {
    rmSync(path, { force: true });
    rmSync(`${path}-journal`, { force: true });
  } catch {
    // Windows keeps an open file; an unlocked lock file left behind harms nobody.
  }
  if (lock.inTransaction) lock.exec('ROLLBACK');
  lock.close();
}

/** True when the path still leads to the file that is open: a row written through the path is seen by the lock. */
function sameFile(lock: Database.Database, path: string): boolean {
  try {
    statSync(path);
    const other = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
    try {
      const mine = lock.prepare<[], { pid: number; since: string }>('SELECT pid, since FROM holder').get();
      const seen = other.prepare<[], { pid: number; since: string }>('SELECT pid, since FROM holder').get();
      return mine?.pid === seen?.pid && mine?.since === seen?.since;
    } finally {
      other.close();
    }
  } catch {
    return false;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function describeHolder(lock: Database.Database, engagementFile: string): string {
  let holder: { pid: number; host: string; since: string } | undefined;
  try {
    holder = lock
      .prepare<[], { pid: number; host: string; since: string }>('SELECT pid, host, since FROM holder')
      .get();
  } catch {
    // The holder is just now writing its name.
  }
  const who = holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'another process';
  return `cannot open ${engagementFile} for writing: it is in use by ${who}. Close it there, or open it read-only.`;
}

import type { WritableDb } from '../handle.ts';

const CACHE_KIB = 256 * 1024;

/**
 * Runs work with a page cache of 256 MB. Bodies and results are found and stored in random order of their keys: SQLite's
 * usual 2 MB would be read and written over and over.
 */
export function withLargeCache<T>(db: WritableDb, work: () => T): T {
  const before = db.pragma('cache_size', { simple: true }) as number;
  db.pragma(`cache_size = -${CACHE_KIB}`);
  try {
    return work();
  } finally {
    db.pragma(`cache_size = ${before}`);
  }
}

import type { WritableDb } from '../handle.ts';

/**
 * Whether kept records of a log file have line breaks inside, so that a pack need not read them all to know in what file
 * they go. Null where it was not looked at: rows of an earlier version, and sources that are no log files.
 */
export default function multiLine(db: WritableDb): void {
  db.exec('ALTER TABLE usage_source ADD COLUMN multi_line INTEGER');
}

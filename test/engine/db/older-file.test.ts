import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../db/migrations/index.ts';
import { createEngagementFile, openEngagementFile } from '../../../db/open.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('opening a file of an older version says which it was, so that its rows are derived anew', () => {
  const path = join(temporaryFolder(), 'older.keywitness');
  const made = createEngagementFile(path);
  expect(made.migratedFrom).toBeNull();
  made.close();
  // As an earlier version left it: before the last step.
  const raw = new Database(path);
  raw.exec('ALTER TABLE usage_source DROP COLUMN multi_line');
  raw.pragma(`user_version = ${SCHEMA_VERSION - 10}`);
  raw.close();
  const opened = openEngagementFile(path);
  expect(opened.migratedFrom).toBe(SCHEMA_VERSION - 10);
  opened.close();
  const again = openEngagementFile(path);
  expect(again.migratedFrom).toBeNull();
  again.close();
});

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../../db/migrations/index.ts';
import { createEngagementFile, openEngagementFile } from '../../../db/open.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('opening a file of an older version says which it was, so that its rows are derived anew', () => {
  const path = join(temporaryFolder(), 'older.keywitness');
  const made = createEngagementFile(path);
  expect(made.migratedFrom).toBeNull();
  made.close();
  // As an earlier version left it: before the last step.
  const raw = new Database(path);
  raw.exec('DROP TABLE federated_group; DROP TABLE federated_member;');
  const older = migrations.at(-2)!.version;
  raw.pragma(`user_version = ${older}`);
  raw.close();
  const opened = openEngagementFile(path);
  expect(opened.migratedFrom).toBe(older);
  opened.close();
  const again = openEngagementFile(path);
  expect(again.migratedFrom).toBeNull();
  again.close();
});

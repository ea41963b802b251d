import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from './support/host.ts';
import { dropFile } from './actions/drop-file.ts';
import { goTo } from './actions/go-to.ts';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';

test('a file of a newer version is refused with words', async ({ window, folder }) => {
  await openSample(window);
  const { open } = await invoke(window, 'engagement.get', {});
  await invoke(window, 'engagement.close', {});
  const newer = join(folder, 'newer.keywitness');
  const source = new Database(open!.file, { readonly: true });
  await source.backup(newer);
  source.close();
  const db = new Database(newer);
  db.pragma('user_version = 999999');
  db.close();
  await dropFile(window, newer);
  const message = window.getByRole('region', { name: 'Messages' });
  await expect(message).toContainText(/written by a newer Keywitness.*Update Keywitness/);
  expect((await invoke(window, 'engagement.get', {})).open).toBeNull();
});

test('a source that cannot be reached says why, and what that means', async ({ window, folder }) => {
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  await invoke(window, 'app.saveSettings', { operator: { name: 'Ada Auditor', email: null } });
  const parameters = await invoke(window, 'engagement.defaultParameters', {});
  await invoke(window, 'engagement.create', {
    file: join(folder, 'acme.keywitness'),
    operator: { name: 'Ada Auditor', email: null },
    engagement: {
      client: 'Acme',
      criteria: ['CC6.1'],
      mode: 'management',
      type: 2,
      period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
      parameters,
      sample: false,
    },
  });
  await goTo(window, 'Sources');
  await window.getByRole('button', { name: 'Add a source' }).first().click();
  await window.getByLabel('Name').fill('Production');
  await window.getByRole('button', { name: 'Next' }).click();
  await expect(window.getByRole('heading', { name: '2 of 5: Credentials' })).toBeFocused();
  await window.getByRole('button', { name: 'Next' }).click();
  await expect(window.getByText('Name the profile, as in ~/.aws/config.')).toBeVisible();
  await window.getByRole('textbox', { name: 'Profile' }).fill('no-such-profile');
  await window.keyboard.press('Enter');
  await window.getByRole('button', { name: 'Back' }).click();
  await window.getByRole('button', { name: 'Next' }).click();
  await expect(window.getByRole('heading', { name: '3 of 5: Scope' })).toBeVisible();
  await window.getByRole('button', { name: 'Add and test' }).click();
  const failure = window.getByRole('alert');
  await expect(failure).toContainText('The source could not be reached', { timeout: 30_000 });
  await expect(failure).toContainText('no-such-profile');
  await expect(failure).toContainText('Nothing was collected.');
});

import { join } from 'node:path';
import { expect, test } from './support/host.ts';
import { goTo } from './actions/go-to.ts';
import { invoke } from './actions/invoke.ts';
import { twoSnapshots } from './support/two-snapshots.ts';

test('two snapshots: what changed of a key, before and after, and change by change', async ({
  window,
  folder,
}) => {
  const file = join(folder, 'two.keywitness');
  await twoSnapshots(file);
  await invoke(window, 'engagement.open', { file });
  await expect(
    window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Compare' }),
  ).toBeVisible();
  await goTo(window, 'Compare');
  await expect(window.getByRole('region', { name: 'In numbers' })).toContainText('1 changed');
  const changes = window.getByRole('region', { name: 'Keys that differ' });
  await expect(changes.getByRole('row', { name: /description/ })).toContainText(
    'Changed since the first snapshot',
  );
  await expect(changes.getByRole('row', { name: /rotation enabled/ })).toContainText('yesno');
  await expect(changes.getByRole('region', { name: /AllowPartner: added/ })).toContainText('999988887777');
  await changes.getByRole('button', { name: /^Next change/ }).click();
  await expect(changes.getByRole('listitem').first()).toBeFocused();
});

import { expect, test } from './support/host.ts';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';
import { startCollecting } from './actions/start-collecting.ts';
import { waitForCollection } from './actions/wait-for-collection.ts';

test('a cancelled collection is kept, and goes on from the last call', async ({ window }) => {
  await openSample(window);
  await startCollecting(window);
  await expect(window.getByText(/[1-9][\d,]* of [\d,]+ calls/).first()).toBeVisible();
  const asked = Date.now();
  await window.getByRole('button', { name: 'Cancel', exact: true }).click();
  await window.getByRole('button', { name: 'Cancel the collection' }).click();
  await expect(window.getByText('Cancelled', { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  expect(Date.now() - asked, 'time until it stopped').toBeLessThan(15_000);

  const { open } = await invoke(window, 'engagement.get', {});
  expect(open!.snapshots).toHaveLength(1);
  expect(open!.snapshots[0]!.state).toBe('open');
  await window.getByRole('button', { name: 'Resume' }).click();
  await waitForCollection(window);
  await expect(window.getByText(/of them from the earlier run/)).toBeVisible();
  expect((await invoke(window, 'engagement.get', {})).open!.snapshots, 'the same snapshot').toHaveLength(1);
});

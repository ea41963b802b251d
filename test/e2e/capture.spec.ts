import { expect, test } from './support/host.ts';
import { goTo } from './actions/go-to.ts';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';
import { startCollecting } from './actions/start-collecting.ts';
import { waitForCollection } from './actions/wait-for-collection.ts';

test('a key is photographed in its console, view by view', async ({ window }) => {
  test.skip(
    process.platform === 'linux' && !process.env.DISPLAY,
    'no display to show the window of the console on',
  );
  await openSample(window);
  await startCollecting(window);
  await waitForCollection(window);
  await goTo(window, 'Keys');
  await window.getByRole('searchbox').fill('alias/payroll');
  await expect(window.getByText(/^1 of /)).toBeVisible();
  await window.getByRole('grid', { name: 'Keys' }).getByRole('row').nth(1).click();
  await window.getByRole('button', { name: 'Console screenshot…' }).click();
  const dialog = window.getByRole('dialog', { name: /Console screenshots of 1 key/ });
  await dialog.getByRole('button', { name: 'Open the console' }).click();
  await expect(dialog.getByRole('status')).toHaveText('3 pictures recorded.', { timeout: 60_000 });

  const { jobs } = await invoke(window, 'jobs.list', {});
  const { taken } = jobs.find(({ kind }) => kind === 'capture')!.result as {
    taken: { seq: number; sha256: string; key: string; view: string }[];
  };
  expect(taken.map(({ view }) => view)).toEqual(['general configuration', 'rotation', 'policy']);
  for (const { seq, sha256, key } of taken) {
    const entry = await invoke(window, 'keys.exchange', { seq });
    expect(entry.kind).toBe('capture');
    expect(entry.body).toMatchObject({ sha256, download: { mediaType: 'image/png' } });
    expect(JSON.parse(entry.values.about!)).toMatchObject({ key, sample: true, account: key.split(':')[4] });
  }
  // Three views are three pictures: the tabs were really chosen.
  expect(new Set(taken.map(({ sha256 }) => sha256)).size).toBe(3);
});

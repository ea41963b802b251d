import { expect, test } from './support/host.ts';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';

test('opens to the first screen, in the host that was asked for', async ({ window, host }) => {
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  const info = await invoke(window, 'app.info', {});
  expect(info.host).toBe(host);
});

test('starts the engine again after it was killed, with the same engagement', async ({ window, running }) => {
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  await openSample(window);
  const before = await invoke(window, 'engagement.get', {});
  const pid = running.enginePid();
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(
      async () => {
        try {
          return (await invoke(window, 'engagement.get', {})).open?.file;
        } catch {
          return null;
        }
      },
      { timeout: 30_000 },
    )
    .toBe(before.open!.file);
  expect(running.enginePid()).not.toBe(pid);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';
import { startCollecting } from './actions/start-collecting.ts';
import { electronBinary, testSwitches } from './support/electron-host.ts';
import { expect, test } from './support/host.ts';
import { ROOT } from './support/root.ts';

/* What a desktop app is expected to do, beside what the window shows. */
test.beforeEach(({ host }) => test.skip(host !== 'electron', 'of the desktop host'));

test('a second start hands its file to the first and ends', async ({ running, home }) => {
  const { page } = running;
  await openSample(page);
  const { file } = (await invoke(page, 'engagement.get', {})).open!;
  await invoke(page, 'engagement.close', {});
  const second = spawn(electronBinary()!, [...testSwitches(), join(ROOT, 'dist/app'), file], {
    env: { ...process.env, KEYWITNESS_HOME: home },
    stdio: 'ignore',
  });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  await expect.poll(async () => (await invoke(page, 'engagement.get', {})).open?.file).toBe(file);
  const { engagements } = await invoke(page, 'app.recent', {});
  expect(engagements[0]!.file).toBe(file);
});

test('opens the file that it is started with', async ({ startHost }) => {
  const first = await startHost();
  await openSample(first.page);
  const { file } = (await invoke(first.page, 'engagement.get', {})).open!;
  await first.close();
  const second = await startHost([file]);
  await expect(second.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(async () => (await invoke(second.page, 'engagement.get', {})).open?.file).toBe(file);
});

test('the window is where it was', async ({ startHost }) => {
  const first = await startHost();
  await expect(first.page.getByRole('heading', { level: 1 })).toBeVisible();
  const wanted = { x: 60, y: 70, width: 1200, height: 700 };
  await first.app!.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
    wanted,
  );
  await first.close();
  const second = await startHost();
  const bounds = await second.app!.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.getNormalBounds(),
  );
  expect(bounds).toEqual(wanted);
});

test('closing while collecting asks, and stays when told to', async ({ running }) => {
  const { page, app } = running;
  await openSample(page);
  await startCollecting(page);
  await expect(page.getByText(/[1-9][\d,]* of [\d,]+ calls/).first()).toBeVisible();
  const asked = await app!.evaluate(async ({ BrowserWindow, dialog }) => {
    const questions: string[] = [];
    // The function that takes a window first; what is asked is in the second.
    dialog.showMessageBox = ((_window: unknown, options: { message: string }) => {
      questions.push(options.message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    }) as unknown as typeof dialog.showMessageBox;
    BrowserWindow.getAllWindows()[0]!.close();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { questions, windows: BrowserWindow.getAllWindows().length };
  });
  expect(asked).toEqual({ questions: ['A collection is running.'], windows: 1 });
  const { jobs } = await invoke(page, 'jobs.list', {});
  expect(jobs.find(({ kind }) => kind === 'collect')!.state).toBe('running');
});

test('the menu leads where it says, and its keys are known', async ({ running }) => {
  const { page, app } = running;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const keys = await app!.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()!.items.flatMap((menu) => menu.submenu?.items ?? []);
    const shown = items.flatMap(({ accelerator, label }) => (accelerator ? [`${accelerator} ${label}`] : []));
    (items.find(({ label }) => label === 'Verify a pack…')!.click as () => void)();
    return shown;
  });
  expect(keys).toContain('CmdOrCtrl+N New engagement…');
  expect(keys).toContain('CmdOrCtrl+O Open engagement…');
  expect(new Set(keys.map((key) => key.split(' ')[0])).size, 'no key stands twice').toBe(keys.length);
  await expect(page).toHaveURL(/#\/verify/);
});

test('no secret is stored where the keychain protects nothing', async ({ running }) => {
  await expect(running.page.getByRole('heading', { level: 1 })).toBeVisible();
  const backend = await running.app!.evaluate(({ safeStorage }) =>
    process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'other',
  );
  test.skip(backend !== 'basic_text', 'this computer has a keychain');
  const { secretStore } = await invoke(running.page, 'app.info', {});
  expect(secretStore).toMatchObject({ protected: false, backend: 'basic_text' });
});

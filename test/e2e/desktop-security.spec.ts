import { join } from 'node:path';
import { expect, test } from './support/host.ts';
import { ROOT } from './support/root.ts';

/*
 * Electron's checklist (https://www.electronjs.org/docs/latest/tutorial/security) against the app as it runs; what the page
 * itself can reach is tried in security.spec.ts, fuses are read in packaged.ts.
 */
test.beforeEach(({ host }) => test.skip(host !== 'electron', 'of the desktop host'));

test('the window is sandboxed and isolated, whatever the defaults are', async ({ running }) => {
  await expect(running.page.getByRole('heading', { level: 1 })).toBeVisible();
  const preferences = await running.app!.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return (
      window!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    ...{ sandbox: true, contextIsolation: true, nodeIntegration: false },
    ...{ webSecurity: true, webviewTag: false, nodeIntegrationInSubFrames: false },
  });
  expect(preferences.nodeIntegrationInWorker ?? false).toBe(false);
  expect(preferences.allowRunningInsecureContent ?? false).toBe(false);
  expect(preferences.experimentalFeatures ?? false).toBe(false);
});

test('permissions, webviews and other windows are refused', async ({ running }) => {
  const { page, app } = running;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const denied = await page.evaluate(async () => {
    const name = (error: unknown) => (error as Error).name;
    const webview = document.createElement('webview');
    webview.setAttribute('src', 'https://example.com/');
    document.body.append(webview);
    return {
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          (error) => resolve(error.code === 1 ? 'denied' : `other ${error.code}`),
        ),
      ),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', name),
      screen: await navigator.mediaDevices.getDisplayMedia().then(() => 'given', name),
      clipboard: await navigator.clipboard.readText().then(() => 'given', name),
      windows: globalThis.open('app://bundle/') === null,
      webview: webview instanceof HTMLUnknownElement || !('getURL' in webview),
    };
  });
  expect(denied).toEqual({
    ...{ place: 'denied', clipboard: 'NotAllowedError' },
    // Where there is no camera, that is what is said first.
    ...{ camera: expect.stringMatching(/^Not/), screen: expect.stringMatching(/Error$/) },
    ...{ windows: true, webview: true },
  });
  expect(await app!.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('its protocol serves the window’s files with a policy, and nothing beside them', async ({ running }) => {
  const { page: window } = running;
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  const answers = await window.evaluate(async () => {
    const ask = async (path: string, method = 'GET') => {
      const answer = await fetch(path, { method }).catch(() => null);
      return answer && { status: answer.status, policy: answer.headers.get('content-security-policy') };
    };
    return {
      page: await ask('/'),
      above: await ask('/..%2f..%2fpackage.json'),
      encoded: await ask('/%2e%2e/%2e%2e/electron/main.js'),
      backslash: await ask('/..\\..\\package.json'),
      absolute: await ask('/%2fetc%2fpasswd'),
      posted: await ask('/', 'POST'),
      otherHost: await ask('app://other/'),
    };
  });
  expect(answers.page).toMatchObject({ status: 200 });
  expect(answers.page!.policy).toContain("default-src 'none'");
  for (const refused of [answers.above, answers.encoded, answers.backslash, answers.absolute]) {
    expect(refused?.status).toBe(404);
    expect(refused?.policy).toContain("default-src 'none'");
  }
  expect(answers.posted?.status).toBe(405);
  expect(answers.otherHost).toBeNull();
});

test('messages of another window are not answered, nor what no schema knows', async ({ running }) => {
  const { page, app } = running;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  // Another window with the very same page and preload, as an attacker would want it.
  const answered = await app!.evaluate(
    async ({ BrowserWindow }, preload) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await other.loadURL('app://bundle/');
      const got = (await other.webContents.executeJavaScript(`new Promise((resolve) => {
      keywitnessBridge.listen((message) => { if (message.id === 4242) resolve('answered'); });
      keywitnessBridge.send({ type: 'call', id: 4242, name: 'app.info', input: {} });
      setTimeout(() => resolve('not answered'), 1500);
    })`)) as string;
      other.destroy();
      return got;
    },
    join(ROOT, 'dist/app/electron/preload.cjs'),
  );
  expect(answered).toBe('not answered');

  const own = await page.evaluate(async () => {
    interface Answer {
      id?: number;
      type: string;
      error?: { kind: string };
    }
    const bridge = (
      globalThis as unknown as {
        keywitnessBridge: { send(message: unknown): void; listen(hear: (answer: Answer) => void): void };
      }
    ).keywitnessBridge;
    const heard = new Map<number, Answer>();
    bridge.listen((answer) => answer.id && heard.set(answer.id, answer));
    bridge.send('text');
    bridge.send({ type: 'call', id: 900_001, name: 'app.info', input: {}, more: 1 });
    bridge.send({ type: 'call', id: 900_002, name: 'app.info', input: { more: 1 } });
    bridge.send({ type: 'call', id: 900_003, name: '__proto__', input: {} });
    bridge.send({ type: 'call', id: 900_004, name: 'app.info', input: {} });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const kind = (id: number) => heard.get(id)?.error?.kind ?? heard.get(id)?.type ?? 'nothing';
    return [900_001, 900_002, 900_003, 900_004].map(kind);
  });
  expect(own).toEqual(['nothing', 'input', 'input', 'answer']);
});

test('only allowlisted pages are opened outside', async ({ running }) => {
  const { page, app } = running;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await app!.evaluate(({ shell }) => {
    const seen: string[] = [];
    (globalThis as unknown as { opened: string[] }).opened = seen;
    shell.openExternal = (url) => Promise.resolve(void seen.push(url));
  });
  for (const url of [
    'https://example.com/',
    'http://docs.aws.amazon.com/',
    'file:///etc/passwd',
    'javascript:1',
  ]) {
    const refused = await page.evaluate(
      (asked) =>
        (
          globalThis as unknown as { keywitness: { invoke(name: string, input: unknown): Promise<unknown> } }
        ).keywitness
          .invoke('app.openExternal', { url: asked })
          .then(
            () => null,
            (error: { kind: string }) => error.kind,
          ),
      url,
    );
    expect(refused, url).toMatch(/refused|input/);
  }
  expect(await app!.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([]);
});

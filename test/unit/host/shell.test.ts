import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { allowedLink } from '../../../electron/host/external-links.ts';
import { windowPolicy } from '../../../electron/host/content.ts';
import { filesIn, OpenedFiles } from '../../../electron/shell/opened-files.ts';
import { isOwnAddress } from '../../../electron/shell/origin.ts';
import { secretStore } from '../../../electron/shell/secret-store.ts';
import { refusalOf } from '../../../electron/shell/trusted-sender.ts';

const main = { url: 'app://bundle/', parent: null };

describe('the sender of a message', () => {
  it('is trusted when it is the main frame of our window, on our page', () => {
    expect(refusalOf({ contentsId: 3, frame: main }, 3)).toBeNull();
    expect(refusalOf({ contentsId: 3, frame: { ...main, url: 'app://bundle/#/keys' } }, 3)).toBeNull();
  });

  it.each([
    ['another window', { contentsId: 4, frame: main }, 3],
    ['no window of ours', { contentsId: 3, frame: main }, null],
    ['a frame that is gone', { contentsId: 3, frame: null }, 3],
    ['a frame within the page', { contentsId: 3, frame: { ...main, parent: {} } }, 3],
    ['a foreign page', { contentsId: 3, frame: { url: 'https://evil.example/', parent: null } }, 3],
    ['a page that only looks like ours', { contentsId: 3, frame: { url: 'app://evil/', parent: null } }, 3],
    ['a file', { contentsId: 3, frame: { url: 'file:///bundle/', parent: null } }, 3],
  ])('is refused for %s', (_what, sender, window) => {
    expect(refusalOf(sender, window)).toMatch(/^Refused a message because /);
  });
});

describe('own addresses', () => {
  it.each(['app://bundle/', 'app://bundle/index.html'])('%s', (url) => expect(isOwnAddress(url)).toBe(true));
  it.each(['app://other/', 'https://bundle/', 'app:bundle', '', 'javascript:alert(1)', 'app://bundle.evil/'])(
    'not %s',
    (url) => expect(isOwnAddress(url)).toBe(false),
  );
});

describe('pages opened outside', () => {
  it.each(['https://docs.aws.amazon.com/kms/', 'https://eu-west-1.console.aws.amazon.com/kms/home'])(
    '%s may',
    (url) => expect(allowedLink(url).href).toBe(url),
  );
  it.each([
    'http://docs.aws.amazon.com/',
    'https://docs.aws.amazon.com:8443/',
    'https://a:b@docs.aws.amazon.com/',
    'https://notdocs.aws.amazon.com.evil.example/',
    'https://evilaws.amazon.com.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'not a url',
  ])('%s may not', (url) => expect(() => allowedLink(url)).toThrow(/^cannot open that page/));
});

describe('a secret', () => {
  const storage = (backend: string, available = true) =>
    ({
      isEncryptionAvailable: () => available,
      getSelectedStorageBackend: () => backend,
    }) as Parameters<typeof secretStore>[0];

  it('is not protected by plain text, or where there is no keychain', () => {
    expect(secretStore(storage('basic_text'), 'linux').protected).toBe(false);
    expect(secretStore(storage('unknown'), 'linux').protected).toBe(false);
    expect(secretStore(storage('gnome_libsecret', false), 'linux').protected).toBe(false);
    expect(secretStore(storage('x'), 'freebsd').protected).toBe(false);
  });
  it('is protected by a keychain', () => {
    expect(secretStore(storage('gnome_libsecret'), 'linux').protected).toBe(true);
    expect(secretStore(storage('unused'), 'darwin')).toMatchObject({ protected: true, backend: 'keychain' });
  });
});

describe('files opened from outside', () => {
  it('are engagements and packs that exist, and no switches', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kw-opened-'));
    writeFileSync(join(folder, 'a.keywitness'), '');
    writeFileSync(join(folder, 'p.ZIP'), '');
    const args = ['--no-sandbox', '.', 'a.keywitness', join(folder, 'p.ZIP'), 'gone.zip', 'notes.txt'];
    expect(filesIn(args, folder)).toEqual([join(folder, 'a.keywitness'), join(folder, 'p.ZIP')]);
  });
  it('are taken once', () => {
    const opened = new OpenedFiles();
    expect(opened.add(['a'])).toBe(true);
    expect(opened.add(['a'])).toBe(false);
    expect(opened.take()).toEqual(['a']);
    expect(opened.take()).toEqual([]);
  });
});

/*
 * Electron's security checklist, https://www.electronjs.org/docs/latest/tutorial/security: what can be read off the source.
 * What the page can reach is tried from inside it, in test/e2e/security.spec.ts; refusals of senders are above.
 */
describe('the checklist', () => {
  const shell = new URL('../../../electron/', import.meta.url);
  const source = (path: string) => readFileSync(new URL(path, shell), 'utf8');
  const everything = [
    'main.ts',
    'preload.ts',
    ...readdirSync(new URL('shell/', shell)).map((name) => `shell/${name}`),
  ].map((path) => [path, source(path)] as const);

  it.each([
    ['isolates contexts', 'shell/window.ts', /contextIsolation: true/],
    ['sandboxes the window', 'shell/window.ts', /sandbox: true/],
    ['gives it no Node', 'shell/window.ts', /nodeIntegration: false/],
    ['nor its workers', 'shell/window.ts', /nodeIntegrationInWorker: false/],
    ['keeps web security', 'shell/window.ts', /webSecurity: true/],
    ['no insecure content', 'shell/window.ts', /allowRunningInsecureContent: false/],
    ['no experiments', 'shell/window.ts', /experimentalFeatures: false/],
    ['no webview', 'shell/window.ts', /webviewTag: false/],
    [
      'denies attaching one',
      'shell/lock-down.ts',
      /'will-attach-webview', \(event\) => event\.preventDefault/,
    ],
    ['denies navigation', 'shell/lock-down.ts', /'will-navigate', stay/],
    ['denies redirects', 'shell/lock-down.ts', /'will-redirect', stay/],
    ['denies windows', 'shell/lock-down.ts', /setWindowOpenHandler\(\(\) => \(\{ action: 'deny' \}\)\)/],
    ['handles permission requests', 'shell/lock-down.ts', /setPermissionRequestHandler/],
    ['and checks', 'shell/lock-down.ts', /setPermissionCheckHandler/],
    ['and devices', 'shell/lock-down.ts', /setDevicePermissionHandler\(\(\) => false\)/],
    ['sandboxes everything', 'main.ts', /app\.enableSandbox\(\)/],
    ['checks every sender', 'shell/bridge.ts', /refusalOf\(sender/],
  ])('%s', (_what, path, pattern) => expect(source(path)).toMatch(pattern));

  it('sends a policy that allows no inline script and no other origin', () => {
    const policy = windowPolicy();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('opens outside in one place, and shows nothing from files', () => {
    const opening = everything.filter(([, text]) => text.includes('openExternal(')).map(([path]) => path);
    expect(opening).toEqual(['shell/desktop-methods.ts']);
    expect(everything.filter(([, text]) => /loadFile|file:\/\//.test(text))).toEqual([]);
  });

  it('hands the window three functions, and nothing of Electron', async () => {
    const exposed: Record<string, object> = {};
    vi.doMock('electron', () => ({
      contextBridge: { exposeInMainWorld: (name: string, api: object) => (exposed[name] = api) },
      ipcRenderer: { send: () => undefined, on: () => undefined },
      webUtils: { getPathForFile: () => '' },
    }));
    await import('../../../electron/preload.ts');
    expect(Object.keys(exposed)).toEqual(['keywitnessBridge']);
    expect(Object.keys(exposed.keywitnessBridge!).sort()).toEqual(['listen', 'pathOf', 'send']);
  });

  it('sets the fuses', async () => {
    // @ts-expect-error -- plain JavaScript of the build
    const { builderConfig } = (await import('../../../build/builder-config.mjs')) as {
      builderConfig: (options: object) => { electronFuses: Record<string, boolean> };
    };
    expect(builderConfig({ electronVersion: '45.4.1' }).electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});

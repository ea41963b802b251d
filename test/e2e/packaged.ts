import { _electron } from '@playwright/test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { invoke } from './actions/invoke.ts';
import { electronBinary, testSwitches } from './support/electron-host.ts';
import { ROOT } from './support/root.ts';

/*
 * `npm run test:packaged`: packs the app around the Electron at hand, without network, and starts the package. Says what
 * that Electron could not show.
 */
const say = (text: string) => void process.stdout.write(`${text}\n`);
const binary = electronBinary();
if (!binary || process.platform !== 'linux') {
  say(
    'NOT COVERED: the packaged app, because there is no Electron for Linux (KEYWITNESS_ELECTRON names one).',
  );
  process.exit(0);
}
const packed = join(ROOT, 'dist/packages/linux-unpacked');
const built = spawnSync(
  process.execPath,
  ['build/package.mjs', '--dir', '--test-flavour', '--electron', dirname(binary)],
  { cwd: ROOT, encoding: 'utf8' },
);
assert.equal(built.status, 0, built.stdout + built.stderr);

say('the layout: one archive, only this platform’s native file beside it');
assert.ok(existsSync(join(packed, 'resources/app.asar')));
assert.ok(!existsSync(join(packed, 'resources/app')));
const natives = readdirSync(
  join(packed, 'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds'),
);
assert.deepEqual(natives, [`linux-${process.arch}.node`]);

say('the fuses');
const fuses = execFileSync(
  process.execPath,
  ['node_modules/@electron/fuses/dist/bin.js', 'read', '--app', join(packed, 'keywitness-app')],
  { cwd: ROOT, encoding: 'utf8' },
);
for (const [fuse, state] of [
  ['RunAsNode', 'Disabled'],
  ['EnableNodeOptionsEnvironmentVariable', 'Disabled'],
  ['EnableEmbeddedAsarIntegrityValidation', 'Enabled'],
  ['OnlyLoadAppFromAsar', 'Enabled'],
  ['EnableCookieEncryption', 'Enabled'],
  ['GrantFileProtocolExtraPrivileges', 'Disabled'],
] as const) {
  assert.match(fuses, new RegExp(`${fuse} is ${state}`));
}

say('the bill of materials');
const bill = JSON.parse(readFileSync(join(ROOT, 'dist/packages/keywitness.cdx.json'), 'utf8')) as {
  components: { name: string }[];
};
assert.ok(bill.components.some(({ name }) => name === 'better-sqlite3'));
assert.ok(!bill.components.some(({ name }) => name === 'vitest'));

say('the window, out of the archive');
const root = process.getuid?.() === 0;
const home = mkdtempSync(join(tmpdir(), 'keywitness-packaged-'));
const launch = {
  executablePath: join(packed, 'keywitness-app'),
  args: testSwitches(),
  // Names another Node for the engine: a packaged app must not care.
  env: { ...(process.env as Record<string, string>), KEYWITNESS_HOME: home, KEYWITNESS_ENGINE_NODE: '/none' },
  timeout: 30_000,
};
// A package takes no module that would hold it back until the test is connected (see electron-host.ts): that may go wrong.
const app = await _electron.launch(launch).catch(() => _electron.launch(launch));
let complaint = '';
app.process().stderr!.on('data', (part: Buffer) => (complaint += part.toString('utf8')));
const page = await app.firstWindow();
await page.waitForURL('app://bundle/');
await page.locator('h1').first().waitFor();
const inside = await app.evaluate(({ app: main }) => ({
  packaged: main.isPackaged,
  path: main.getAppPath(),
}));
assert.equal(inside.packaged, true);
assert.match(inside.path, /app\.asar$/);

const works = await invoke(page, 'app.settings', {}).then(
  () => null,
  (error: unknown) => String(error),
);
const version = readFileSync(join(dirname(binary), 'version'), 'utf8').trim();
const oldNode = works !== null;
if (oldNode) {
  say(
    `NOT COVERED: the engine as a utility process. Electron ${version} started it and it ended, because its Node is`,
  );
  say(
    `too old for it: ${complaint.split('\n').find((line) => /cannot work|does not provide|Node-API/.test(line)) ?? works}`,
  );
} else say('the engine, as a utility process');
await app.close().catch(() => undefined);

say('the command in the package');
const command = spawnSync(join(packed, 'resources/bin/keywitness'), ['--version'], {
  encoding: 'utf8',
  env: { ...process.env, DISPLAY: '', ...(root ? { KEYWITNESS_CHROMIUM_ARGS: '--no-sandbox' } : {}) },
  timeout: 60_000,
});
if (oldNode) {
  assert.equal(command.status, 1, 'the command ends with a message, also where it cannot work');
  say(
    `NOT COVERED: what the command does, for the same reason. It started without a display and ended with a message.`,
  );
} else {
  const { version: own } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(command.stdout.trim(), own);
}
say('NOT COVERED: macOS, Windows, the installers themselves, signatures and notarising.');

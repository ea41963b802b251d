import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../../electron/capture/find-browser.ts';
import { electronBinary } from './support/electron-host.ts';
import { ROOT } from './support/root.ts';

/*
 * `npm run test:e2e`: builds the window and drives it in both hosts. What cannot be had here is said and left out; no host
 * at all is a failure.
 */
const say = (text: string) => void process.stdout.write(`${text}\n`);

const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const browser = findBrowser();
const electron = electronBinary();
const needsDisplay = process.platform === 'linux' && !process.env.DISPLAY;
const xvfb = ['/usr/bin/xvfb-run', '/usr/local/bin/xvfb-run'].find((path) => existsSync(path));
if (!browser)
  say('NOT COVERED: the browser host, because there is no Chrome, Edge or Chromium on this machine.');
if (!electron)
  say('NOT COVERED: the desktop host, because there is no Electron binary (KEYWITNESS_ELECTRON names one).');
else if (needsDisplay && !xvfb)
  say('NOT COVERED: the desktop host, because there is no display and no xvfb-run.');
const projects = [
  ...(browser ? ['--project=browser'] : []),
  ...(electron && (!needsDisplay || xvfb) ? ['--project=electron'] : []),
];
if (projects.length === 0) {
  say('cannot test: no host can be started here. Install Chromium (Debian: apt-get install chromium).');
  process.exit(1);
}
const command = [
  process.execPath,
  join(ROOT, 'node_modules/@playwright/test/cli.js'),
  'test',
  `--config=${join(ROOT, 'test/e2e/playwright.config.ts')}`,
  ...projects,
  ...process.argv.slice(2),
];
const [program, ...args] =
  needsDisplay && xvfb ? [xvfb, '-a', '--server-args=-screen 0 1600x1000x24', ...command] : command;
process.exit(spawnSync(program!, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1);

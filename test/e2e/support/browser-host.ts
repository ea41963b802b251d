import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findBrowser } from '../../../electron/capture/find-browser.ts';
import { childWith } from './child-with.ts';
import type { RunningHost } from './host.ts';
import { ROOT } from './root.ts';

/** Starts `keywitness serve` as a user would, and opens its address in the machine's own browser. */
export async function startBrowserHost(home: string, args: readonly string[]): Promise<RunningHost> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('cannot test in a browser: there is none. Install Chromium.');
  const server = spawn(process.execPath, ['electron/start.mjs', 'serve', '--no-open', ...args], {
    cwd: ROOT,
    env: { ...process.env, KEYWITNESS_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0];
      if (found) resolve(found);
    });
    server.once('exit', (code) => reject(new Error(`keywitness serve ended with ${code}`)));
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  // A context of its own: the accessibility scan opens a second page beside this one.
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.waitForURL(`${new URL(url).origin}/`);
  return {
    kind: 'browser',
    page,
    app: null,
    enginePid: () => childWith(server.pid!, 'engine/process'),
    async close() {
      await browser.close();
      if (server.exitCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}

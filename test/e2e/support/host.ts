import { test as base, type ElectronApplication, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrowserHost } from './browser-host.ts';
import { electronMissing, startElectronHost } from './electron-host.ts';

export interface HostOptions {
  host: 'electron' | 'browser';
}

/** The product while a test uses it. */
export interface RunningHost {
  kind: HostOptions['host'];
  page: Page;
  /** Its main process; null where there is none. */
  app: ElectronApplication | null;
  /** Process id of the engine. */
  enginePid(): number;
  close(): Promise<void>;
}

/** How to start it again with the same settings, or with files to open. */
export type StartHost = (args?: readonly string[]) => Promise<RunningHost>;

interface Fixtures {
  /** Folder of settings, thrown away afterwards. */
  home: string;
  /** A folder for the test's own files. */
  folder: string;
  startHost: StartHost;
  /** The host, started. */
  running: RunningHost;
  /** Its window. */
  window: Page;
}

const SCREEN = { width: 1280, height: 800 };

export const test = base.extend<Fixtures & HostOptions>({
  host: ['browser', { option: true }],
  home: async ({}, use) => withFolder('keywitness-home-', use),
  folder: async ({}, use) => withFolder('keywitness-e2e-', use),
  startHost: async ({ host, home }, use) => {
    const missing = host === 'electron' ? electronMissing() : null;
    test.skip(missing !== null, missing ?? '');
    const started: RunningHost[] = [];
    await use(async (args = []) => {
      const one =
        host === 'electron' ? await startElectronHost(home, args) : await startBrowserHost(home, args);
      await one.page.setViewportSize(SCREEN);
      started.push(one);
      return one;
    });
    for (const one of started) await one.close();
  },
  running: async ({ startHost }, use) => use(await startHost()),
  window: async ({ running }, use) => {
    const faults: string[] = [];
    running.page.on('pageerror', (error) => faults.push(error.message));
    running.page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await use(running.page);
    // A journey that ends well on a page that reported faults did not end well.
    test.expect(faults, 'errors on the page').toEqual([]);
  },
});

export const { expect } = test;

async function withFolder(prefix: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  await use(folder);
  rmSync(folder, { recursive: true, force: true });
}

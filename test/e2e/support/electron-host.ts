import { _electron } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childWith } from './child-with.ts';
import type { RunningHost } from './host.ts';
import { ROOT } from './root.ts';

/** The Electron to test with: the one that KEYWITNESS_ELECTRON names, or the project's own. */
export function electronBinary(): string | null {
  if (process.env.KEYWITNESS_ELECTRON) return process.env.KEYWITNESS_ELECTRON;
  const folder = join(ROOT, 'node_modules/electron');
  const name = existsSync(join(folder, 'path.txt')) ? readFileSync(join(folder, 'path.txt'), 'utf8') : null;
  const path = name && join(folder, 'dist', name);
  return path && existsSync(path) ? path : null;
}

/** Why the desktop host cannot be tested here; null when it can. */
export function electronMissing(): string | null {
  if (!electronBinary()) return 'no Electron binary: give one with KEYWITNESS_ELECTRON';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'no display: run with xvfb-run';
  }
  return null;
}

/**
 * Switches a test gives Electron. The sandbox does not work as root; and where Xvfb has no OpenGL, a GPU process that ends
 * while the page starts leaves the page without an answer for ever (in every second start, measured).
 */
export function testSwitches(): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'];
}

/**
 * Holds the app back until the test is connected. Playwright gives it to its own Electron only; without it a window may
 * open in the middle of connecting, which then never ends (once in some fifty starts, measured).
 */
const LOADER = join(ROOT, 'node_modules/playwright-core/lib/server/electron/loader.js');

/** Electron's major version, as its folder says. */
function majorOf(binary: string): number {
  try {
    return Number(readFileSync(join(binary, '../version'), 'utf8').split('.')[0]?.replace('v', ''));
  } catch {
    return Infinity;
  }
}

/** First Electron whose Node has Node-API 10, which the database needs. */
const OWN_ENGINE = 37;

/** Starts the desktop app. An older Electron than the project's gets its engine run by this Node. */
export async function startElectronHost(home: string, args: readonly string[]): Promise<RunningHost> {
  const executablePath = electronBinary()!;
  const app = await _electron.launch({
    executablePath,
    args: ['-r', LOADER, ...testSwitches(), join(ROOT, 'dist/app'), ...args],
    env: {
      ...(process.env as Record<string, string>),
      KEYWITNESS_HOME: home,
      ...(majorOf(executablePath) < OWN_ENGINE ? { KEYWITNESS_ENGINE_NODE: process.execPath } : {}),
    },
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  return {
    kind: 'electron',
    page,
    app,
    enginePid: () => childWith(app.process().pid!, 'engine/process'),
    async close() {
      // The question that a running job asks has nobody to answer it here.
      await app
        .evaluate(({ dialog }) => {
          dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
        })
        .catch(() => undefined);
      await app.close().catch(() => undefined);
    },
  };
}

import { chromium, type Browser, type Page } from 'playwright-core';
import type { KeyRow } from '../../db/derived/keys.ts';
import { getKey } from '../../db/derived/keys.ts';
import { currentEngagement } from '../engagement/current.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { Work } from '../engine/with-engagement.ts';
import type { ConsolePage, ConsoleView } from './console-pages.ts';
import { findBrowser } from './find-browser.ts';
import { framePicture } from './frame-picture.ts';
import { recordCapture } from './record-capture.ts';

export interface CaptureOptions {
  snapshot: string;
  /** Full ids of the keys. */
  keys: readonly string[];
  operator: Operator;
  pageOf: (key: KeyRow) => ConsolePage | null;
  /** Asked before the first picture, while the window shows the first page: the operator signs in. */
  whenSignedIn: () => Promise<void>;
  onProgress?: (done: number, of: number, key: string) => void;
  signal?: AbortSignal;
  /** Only tests run without a window that can be seen. */
  headless?: boolean;
  /** How long a page may take to show the key, ms. */
  quietMs?: number;
}

export interface CaptureResult {
  taken: { key: string; view: string; seq: number; sha256: string }[];
  /** What could not be taken, and why. */
  missed: { key: string; view: string; reason: string }[];
}

/** How long a page may take to become quiet, ms. */
const QUIET_MS = 30_000;

/**
 * Takes pictures of the providers' own pages in the machine's browser: a visible window with a session of its own, which is
 * thrown away afterwards with everything in it. Each picture is an entry of the ledger.
 */
export async function captureConsole({ db, writer }: Work, options: CaptureOptions): Promise<CaptureResult> {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(
      'cannot take pictures of a console: this machine has no Chrome, Edge or Chromium. Install one, or name it with KEYWITNESS_BROWSER.',
    );
  }
  const keys = options.keys.map((id) => {
    const key = getKey(db, options.snapshot, id);
    if (!key) throw new Error(`cannot capture ${id}: snapshot ${options.snapshot} has no such key.`);
    return key;
  });
  const { client, sample } = currentEngagement(db);
  const result: CaptureResult = { taken: [], missed: [] };
  const browser = await chromium.launch({
    executablePath,
    headless: options.headless ?? false,
    // Chromium's own sandbox cannot work for root, which only a test machine is.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: false,
    });
    const page = await context.newPage();
    const first = keys.map(options.pageOf).find((found) => found !== null);
    if (first) {
      await page.goto(first.url, { waitUntil: 'domcontentloaded' });
      await options.whenSignedIn();
    }
    for (const [i, key] of keys.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.(i, keys.length, key.id);
      const shown = options.pageOf(key);
      if (!shown) {
        result.missed.push({
          key: key.id,
          view: '',
          reason: 'its provider has no page that could be opened',
        });
        continue;
      }
      for (const view of shown.views) {
        const picture = await take(page, shown.url, view, key, options.quietMs ?? QUIET_MS);
        if (typeof picture === 'string') {
          result.missed.push({ key: key.id, view: view.name, reason: picture });
          continue;
        }
        const stamp = {
          ...{ url: page.url(), account: key.account, key: key.id, view: view.name },
          ...{ at: new Date().toISOString(), operator: options.operator.name, client, sample },
        };
        const framed = await framePicture(browser, picture, stamp);
        const at = { snapshot: options.snapshot, source: key.source };
        const { seq, sha256 } = await recordCapture(writer, at, framed, picture, stamp);
        result.taken.push({ key: key.id, view: view.name, seq, sha256 });
      }
    }
    return result;
  } finally {
    await endSession(browser);
  }
}

/** The picture of one view, or why there is none: a page that does not show the key's id is not its page. */
async function take(
  page: Page,
  url: string,
  view: ConsoleView,
  key: KeyRow,
  quietMs: number,
): Promise<Buffer | string> {
  try {
    if (view.tab === null) await page.goto(url, { waitUntil: 'load' });
    else {
      const tab = page.getByRole('tab', { name: view.tab }).or(page.getByRole('link', { name: view.tab }));
      if ((await tab.count()) === 0) return `the page has no tab ${view.name}`;
      await tab.first().click();
    }
    await page.waitForLoadState('networkidle', { timeout: quietMs }).catch(() => undefined);
    const shows = page.getByText(key.native_id.split('/').at(-1)!).first();
    await shows.waitFor({ timeout: quietMs }).catch(() => undefined);
    if ((await shows.count()) === 0)
      return `the page does not show ${key.native_id}: is the operator signed in?`;
    return await page.screenshot({ fullPage: true, animations: 'disabled' });
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]! : String(error);
  }
}

/** Closing the browser removes the profile it was started with: cookies, storage and cache go with it. */
async function endSession(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.clearCookies();
  await browser.close();
}

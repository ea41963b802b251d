import { chromium, type Browser, type Page } from 'playwright-core';
import type { Camera } from './camera.ts';
import { isConsoleAddress } from './console-hosts.ts';
import { findBrowser } from './find-browser.ts';
import { framePage } from './frame-html.ts';
import { takeView, type Surface } from './take-view.ts';

export interface BrowserCameraOptions {
  /** Only tests run without a window that can be seen. */
  headless?: boolean;
  /** Further switches of the browser; only tests have any. */
  args?: readonly string[];
}

const SIZE = { width: 1440, height: 900 };

/**
 * A camera of the machine's own Chrome, Edge or Chromium, with a profile that is removed afterwards.
 *
 * @throws Error when the machine has none.
 */
export function browserCamera({ headless = false, args = [] }: BrowserCameraOptions = {}): Camera {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(
      'cannot take pictures of a console: this machine has no Chrome, Edge or Chromium. Install one, or name it with KEYWITNESS_BROWSER.',
    );
  }
  let browser: Browser | null = null;
  let page: Page | null = null;
  return {
    async open(url, hosts) {
      browser = await chromium.launch({
        ...{ executablePath, headless, args: [...args] },
        // Chromium's own sandbox cannot work for root, which only a test machine is.
        chromiumSandbox: process.getuid?.() !== 0,
      });
      const context = await browser.newContext({ viewport: SIZE, acceptDownloads: false });
      page = await context.newPage();
      await stayOn(page, hosts);
      await page.goto(url, { waitUntil: 'domcontentloaded' });
    },
    take: (view) => takeView(surfaceOf(page!), view),
    async frame(png, stamp) {
      const { html, width, height } = framePage(png, stamp);
      const context = await browser!.newContext({
        ...{ javaScriptEnabled: false, offline: true, deviceScaleFactor: 1 },
      });
      try {
        const sheet = await context.newPage();
        await sheet.setViewportSize({ width, height });
        await sheet.setContent(html);
        return await sheet.screenshot({ clip: { x: 0, y: 0, width, height }, animations: 'disabled' });
      } finally {
        await context.close();
      }
    },
    async close() {
      // Closing the browser removes the profile it was started with: cookies, storage and cache go with it.
      for (const context of browser?.contexts() ?? []) await context.clearCookies();
      await browser?.close();
      browser = null;
    },
  };
}

/** Refuses to navigate anywhere but to the provider's own pages. */
async function stayOn(page: Page, hosts: readonly string[]): Promise<void> {
  await page.route('**/*', async (route) => {
    const request = route.request();
    const away = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (away && !isConsoleAddress(request.url(), hosts)) await route.abort('blockedbyclient');
    else await route.continue();
  });
}

function surfaceOf(page: Page): Surface {
  return {
    go: async (url) => void (await page.goto(url, { waitUntil: 'load' })),
    evaluate: (expression) => page.evaluate(expression),
    quiet: (ms) => page.waitForLoadState('networkidle', { timeout: ms }).catch(() => undefined),
    url: () => page.url(),
    async picture(height) {
      await page.setViewportSize({ ...SIZE, height: Math.max(SIZE.height, height) });
      try {
        return await page.screenshot({ fullPage: true, animations: 'disabled' });
      } finally {
        await page.setViewportSize(SIZE);
      }
    },
  };
}

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { findBrowser } from '../../../electron/capture/find-browser.ts';
import { keywitness } from '../../support/run-cli.ts';

const executablePath = findBrowser();
if (!executablePath)
  process.stdout.write('NOT COVERED: the offline viewer, because no Chrome, Edge or Chromium is here.\n');

async function unpack(zipPath: string, folder: string): Promise<void> {
  const zip = await openPromise(zipPath);
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName);
    mkdirSync(dirname(path), { recursive: true });
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    writeFileSync(path, Buffer.concat(parts));
  }
}

describe.skipIf(!executablePath)('index.html of an unpacked pack, from file://', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keywitness-viewer-'));
  const pack = join(folder, 'pack');
  let browser: Browser;

  beforeAll(async () => {
    expect((await keywitness('demo', '--out', folder)).code).toBe(0);
    await unpack(join(folder, 'pack.zip'), pack);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  }, 240_000);
  afterAll(() => browser?.close());

  async function open(colorScheme: 'light' | 'dark'): Promise<{ page: Page; problems: string[] }> {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`network: ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(pack, 'index.html')).href);
    return { page, problems };
  }

  it.each(['light', 'dark'] as const)(
    'is free of accessibility violations in every part, %s',
    async (scheme) => {
      const { page, problems } = await open(scheme);
      const tabs = await page.getByRole('tab').allTextContents();
      expect(tabs).toEqual(
        expect.arrayContaining([
          'Overview',
          'Keys',
          'Access',
          'Logs',
          'Tests',
          'Gaps',
          'Ledger',
          'Check files',
        ]),
      );
      for (const tab of tabs) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        // Every row is made the same way, and a table of hundreds takes axe minutes.
        await page.evaluate(
          "document.querySelectorAll('tbody tr').forEach((row, i) => { if (i >= 12) row.remove(); })",
        );
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        expect(violations.map((v) => `${tab}: ${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
      }
      // axe itself is injected; the page's own policy must not have blocked anything of the page.
      expect(problems).toEqual([]);
    },
  );

  it('shows keys, finds a ledger entry by its request id, and links files that exist', async () => {
    const { page, problems } = await open('light');
    const anchors = await page.locator('main a').all();
    const links = await Promise.all(anchors.map(async (a) => (await a.getAttribute('href'))!));
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(readFileSync(join(pack, link)).length).toBeGreaterThan(0);
    await page.getByRole('tab', { name: 'Keys', exact: true }).click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(60);
    await page.getByRole('tab', { name: 'Ledger', exact: true }).click();
    const requestId = await page.locator('tbody tr').nth(7).locator('td').nth(5).textContent();
    await page.getByRole('searchbox').fill(requestId!);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('is steered by arrow keys', async () => {
    const { page } = await open('light');
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Keys');
  });

  it('tells unchanged files from changed ones', async () => {
    const { page } = await open('dark');
    const changed = join(folder, 'pack.json');
    writeFileSync(changed, `${readFileSync(join(pack, 'data/pack.json'), 'utf8')} `);
    await page.getByRole('tab', { name: 'Check files' }).click();
    await page
      .getByLabel('Files to check')
      .setInputFiles([join(pack, 'manifest-sha256.txt'), join(pack, 'data/report.pdf'), changed]);
    const rows = page.locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.nth(0).textContent()).toContain('unchanged: data/report.pdf');
    expect(await rows.nth(1).textContent()).toContain('NOT in the manifest');
    const sum = execFileSync('sha256sum', [changed], { encoding: 'utf8' }).slice(0, 64);
    expect(await rows.nth(1).textContent()).toContain(sum);
  });
});

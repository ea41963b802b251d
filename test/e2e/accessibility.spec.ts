import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/host.ts';
import { previewPack } from './actions/preview-pack.ts';
import { openSample } from './actions/open-sample.ts';
import { startCollecting } from './actions/start-collecting.ts';
import { waitForCollection } from './actions/wait-for-collection.ts';

/** Every place of the window, and what opens on it. */
const PLACES: readonly { name: string; hash: string; open?: (window: Page) => Promise<void> }[] = [
  { name: 'start', hash: '#/start' },
  { name: 'new engagement', hash: '#/new' },
  { name: 'engagement', hash: '#/engagement' },
  { name: 'sources', hash: '#/sources' },
  {
    name: 'source wizard',
    hash: '#/sources',
    open: (window) => window.getByRole('button', { name: 'Add a source' }).first().click(),
  },
  { name: 'collect', hash: '#/collect' },
  { name: 'tests', hash: '#/tests?control=rotation-enabled' },
  { name: 'keys', hash: '#/keys' },
  ...['Configuration', 'Tests', 'Rotation', 'Access', 'Use'].map((tab) => ({
    name: `key, ${tab}`,
    hash: '#/keys',
    open: async (window: Page) => {
      await window.getByRole('grid', { name: 'Keys' }).getByRole('row').nth(3).click();
      await window.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    },
  })),
  {
    name: 'access',
    hash: '#/access',
    open: (window) => window.getByRole('grid', { name: 'Principals' }).getByRole('row').nth(4).click(),
  },
  { name: 'logs', hash: '#/logs' },
  { name: 'procedure', hash: '#/procedure' },
  { name: 'approved access', hash: '#/approvals' },
  {
    name: 'a record’s form',
    hash: '#/approvals',
    open: (window) => window.getByRole('button', { name: 'Enter a list' }).click(),
  },
  { name: 'review', hash: '#/review' },
  { name: 'samples', hash: '#/samples' },
  { name: 'compare, with one snapshot', hash: '#/compare' },
  { name: 'pack', hash: '#/pack' },
  { name: 'pack, previewed', hash: '#/pack', open: previewPack },
  { name: 'verify', hash: '#/verify' },
  { name: 'activity', hash: '#/activity' },
  { name: 'settings', hash: '#/settings' },
  { name: 'palette', hash: '#/keys', open: (window) => window.keyboard.press('Control+k') },
];

test('no screen has a violation, in either theme', async ({ window, host }) => {
  test.skip(host === 'electron', 'the same pages; scanned once');
  test.setTimeout(400_000);
  await openSample(window);
  await startCollecting(window);
  await waitForCollection(window);
  const violations: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    for (const place of PLACES) {
      // By way of another screen, so that each place is drawn anew.
      await window.evaluate("location.hash = '#/settings'");
      await expect(window.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
      await window.evaluate(`location.hash = '${place.hash}'`);
      await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
      await place.open?.(window);
      await expect(window.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      const found = await new AxeBuilder({ page: window }).analyze();
      for (const { id, nodes } of found.violations) {
        violations.push(
          `${place.name}, ${colorScheme}: ${id} at ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
        );
      }
      await window.keyboard.press('Escape');
    }
  }
  expect(violations).toEqual([]);
});

import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/host.ts';
import { buildPack } from './actions/build-pack.ts';
import { dropFile } from './actions/drop-file.ts';
import { goTo } from './actions/go-to.ts';
import { invoke } from './actions/invoke.ts';
import { openSample } from './actions/open-sample.ts';
import { startCollecting } from './actions/start-collecting.ts';
import { waitForCollection } from './actions/wait-for-collection.ts';

test('from first launch to a verified pack, and the same pack altered', async ({ window, folder }) => {
  await test.step('first launch offers to connect, to verify and a marked sample', async () => {
    await expect(window.getByRole('link', { name: /Connect a provider/ })).toBeVisible();
    await expect(window.getByRole('button', { name: /Open a pack to verify/ })).toBeVisible();
    await expect(window.getByText('SAMPLE — NOT EVIDENCE')).toBeVisible();
  });

  await test.step('the plan says what will be asked before it is', async () => {
    await openSample(window);
    await expect(window.getByRole('heading', { level: 1, name: 'Collect' })).toBeVisible();
    await expect(window.getByRole('region', { name: 'Planned calls' })).toContainText('aws.kms.ListKeys');
  });

  await test.step('collects, with gaps listed', async () => {
    await startCollecting(window);
    await waitForCollection(window);
    await expect(window.getByRole('region', { name: 'All gaps' })).toContainText('AccessDenied');
  });

  await test.step('keys: counts add up, search narrows, a value leads to its exchange', async () => {
    await goTo(window, 'Keys');
    const { of } = await invoke(window, 'keys.count', {});
    const grid = window.getByRole('grid', { name: 'Keys' });
    await expect(grid).toHaveAttribute('aria-rowcount', String(of + 1));
    await window.getByRole('searchbox').fill('alias/payroll');
    await expect(window.getByText(`1 of ${of} keys`)).toBeVisible();
    await grid.focus();
    await window.keyboard.press('Enter');
    const key = window.getByRole('complementary', { name: 'Key' });
    await expect(key.getByRole('heading', { level: 2 })).toHaveText('alias/payroll');
    await key
      .getByRole('button', { name: /^entry/ })
      .first()
      .click();
    const entry = window.getByRole('dialog', { name: /^Ledger entry/ });
    await expect(entry.getByText('aws.kms.', { exact: false }).first()).toBeVisible();
    await expect(entry.getByRole('region', { name: 'Body, as received' })).toBeVisible();
    await window.keyboard.press('Escape');
    await expect(entry).toBeHidden();
  });

  await test.step('tests: an exception says why and cites entries', async () => {
    await goTo(window, 'Tests', 'Tests of controls');
    await window.getByRole('button', { name: /Automatic rotation is enabled/ }).click();
    const control = window.getByRole('complementary', { name: 'Test' });
    await expect(control.getByText('Automatic rotation is off at collection.').first()).toBeVisible();
    await expect(control.getByRole('button', { name: /^entry/ }).first()).toBeVisible();
  });

  await test.step('logs: coverage in words, zoom by keyboard, a record opens', async () => {
    await goTo(window, 'Logs');
    await expect(window.getByText('of the period covered, over all places')).toBeVisible();
    const events = window.getByRole('grid', { name: 'Events' });
    const whole = Number(await events.getAttribute('aria-rowcount'));
    await window.getByRole('group', { name: /^Events by operation/ }).press('+');
    await expect.poll(async () => Number(await events.getAttribute('aria-rowcount'))).toBeLessThan(whole);
    await events.focus();
    await window.keyboard.press('End');
    await expect(
      events.locator(`[aria-rowindex="${await events.getAttribute('aria-rowcount')}"]`),
    ).not.toHaveClass(/wait/);
    await window.keyboard.press('Enter');
    await expect(window.getByRole('region', { name: 'The record, as logged' })).toBeVisible();
    await window.keyboard.press('Escape');
  });

  const { zip, pdf, previewSha256 } = await test.step('previews the report, and signs what was shown', () =>
    buildPack(window, folder));

  await test.step('the signed PDF begins with the previewed bytes', () => {
    const shown = createHash('sha256')
      .update(unsigned(readFileSync(pdf)))
      .digest('hex');
    expect(shown).toBe(previewSha256);
  });

  await test.step('the pack verifies, verdict first', async () => {
    await window.getByRole('button', { name: 'Verify now' }).click();
    await expect(window.getByRole('region', { name: 'Verdict' })).toContainText('Intact', {
      timeout: 60_000,
    });
    await expect(window.getByText(/ 0 failed/)).toBeVisible();
  });

  await test.step('the same pack with one byte changed does not', async () => {
    const altered = join(folder, 'altered.zip');
    copyFileSync(zip, altered);
    changeByte(altered, 2000);
    await dropFile(window, altered);
    const verdict = window.getByRole('region', { name: 'Verdict' });
    await expect(verdict).toContainText('Altered', { timeout: 60_000 });
    await expect(verdict).toContainText('Do not rely on it');
    await expect(window.getByText('Fail', { exact: true }).first()).toBeVisible();
  });
});

/** A PDF up to its first end: what stood before anything was appended to it. */
function unsigned(pdf: Buffer): Buffer {
  const end = '%%EOF\n';
  return pdf.subarray(0, pdf.indexOf(end) + end.length);
}

function changeByte(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = byte[0]! ^ 0xff;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

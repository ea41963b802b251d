import { expect, type Page } from '@playwright/test';

/** On the screen of the pack: draws the report of a pack with the sample signer, and waits until its first page is on the screen. */
export async function previewPack(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Preview' }).click();
  const report = window.getByRole('region', { name: 'Report', exact: true });
  await expect(report, 'the report drawn from 5,000 entries').toBeVisible({ timeout: 60_000 });
  // The text of a page stands there once its picture is drawn.
  await expect(report.getByRole('group', { name: /^Page 1 of/ })).toContainText('Encryption key management', {
    timeout: 30_000,
  });
}

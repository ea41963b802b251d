import { expect, type Page } from '@playwright/test';

/** Waits until the collection has ended and what it gave is analysed. */
export async function waitForCollection(window: Page): Promise<void> {
  await expect(window.getByText(/^Complete( with gaps)?$/).first()).toBeVisible({ timeout: 150_000 });
  await expect(window.getByRole('heading', { name: 'Completeness' })).toBeVisible();
}

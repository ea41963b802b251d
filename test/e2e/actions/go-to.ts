import { expect, type Page } from '@playwright/test';

/** Goes to a screen through the navigation and waits for its title. */
export async function goTo(window: Page, screen: string, title: string | RegExp = screen): Promise<void> {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
  await expect(window.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

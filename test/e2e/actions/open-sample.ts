import { expect, type Page } from '@playwright/test';
import { invoke } from './invoke.ts';

/** Starts the sample environment from the first screen and waits until its engagement is open. */
export async function openSample(window: Page): Promise<void> {
  await window.getByRole('button', { name: /Try the sample environment/ }).click();
  await expect
    .poll(async () => (await invoke(window, 'engagement.get', {})).open?.engagement.sample, {
      timeout: 60_000,
    })
    .toBe(true);
}

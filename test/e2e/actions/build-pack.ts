import { expect, type Page } from '@playwright/test';
import { invoke } from './invoke.ts';
import { goTo } from './go-to.ts';

/** Builds a pack into a folder with the sample signer. @returns the path of its zip. */
export async function buildPack(window: Page, folder: string): Promise<string> {
  await goTo(window, 'Pack');
  await window.getByRole('textbox', { name: 'Folder for the pack' }).fill(folder);
  await window.getByRole('button', { name: 'Build and sign' }).click();
  await expect(window.getByRole('button', { name: 'Verify now' })).toBeVisible({ timeout: 150_000 });
  const { packs } = await invoke(window, 'pack.list', {});
  return packs.at(-1)!.zip;
}

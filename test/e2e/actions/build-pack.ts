import { expect, type Page } from '@playwright/test';
import type { BuiltPackResult } from '../../../electron/api/pack.ts';
import { goTo } from './go-to.ts';
import { invoke } from './invoke.ts';
import { previewPack } from './preview-pack.ts';

/** Previews a pack, signs it into a folder with the sample signer, and gives what was made. */
export async function buildPack(window: Page, folder: string): Promise<BuiltPackResult> {
  await goTo(window, 'Pack');
  await window.getByRole('textbox', { name: 'Folder for the pack' }).fill(folder);
  await previewPack(window);
  await window.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(window.getByRole('button', { name: 'Verify now' }), 'a pack of 5,000 entries').toBeVisible({
    timeout: 90_000,
  });
  const { packs } = await invoke(window, 'pack.list', {});
  return packs.at(-1)!;
}

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Page } from '@playwright/test';

/** Drops a file on the window, as from a file manager. */
export async function dropFile(window: Page, path: string): Promise<void> {
  const bytes = readFileSync(path).toString('base64');
  const transfer = await window.evaluateHandle(
    ({ base64, name }) => {
      const data = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const list = new DataTransfer();
      list.items.add(new File([data], name));
      return list;
    },
    { base64: bytes, name: basename(path) },
  );
  await window.locator('main').dispatchEvent('drop', { dataTransfer: transfer });
}

import type { Page } from '@playwright/test';

/** Drops a file on the window, as from a file manager: one that the desktop host finds the path of. */
export async function dropFile(window: Page, path: string): Promise<void> {
  const chosen = await window.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    return input;
  });
  await chosen.setInputFiles(path);
  const transfer = await chosen.evaluateHandle((input) => {
    const list = new DataTransfer();
    list.items.add(input.files![0]!);
    return list;
  });
  await window.locator('main').dispatchEvent('drop', { dataTransfer: transfer });
}

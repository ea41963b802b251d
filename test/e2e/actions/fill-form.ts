import { expect, type Page } from '@playwright/test';

/** Fills a form that makes a record, sends it, and waits until it was taken. */
export async function fillForm(
  window: Page,
  title: string | RegExp,
  fields: Record<string, string>,
  action: string,
): Promise<void> {
  const form = window.getByRole('dialog', { name: title });
  for (const [label, value] of Object.entries(fields)) {
    await form.getByRole('textbox', { name: label, exact: true }).fill(value);
  }
  await form.getByRole('button', { name: action, exact: true }).click();
  await expect(form, `${action}: the record is made and what depends on it derived again`).toBeHidden({
    timeout: 45_000,
  });
}

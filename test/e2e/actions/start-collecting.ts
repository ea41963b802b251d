import type { Page } from '@playwright/test';

/** Starts a collection from the plan, under a name that is given when it is asked for. */
export async function startCollecting(window: Page, name = 'Ada Auditor'): Promise<void> {
  await window.getByRole('button', { name: 'Start collecting' }).click();
  const question = window.getByRole('dialog', { name: 'Who is working?' });
  await question
    .or(window.getByRole('button', { name: 'Pause' }))
    .first()
    .waitFor();
  if (!(await question.isVisible())) return;
  await question.getByLabel('Your name').fill(name);
  await question.getByRole('button', { name: 'Go on under this name' }).click();
}

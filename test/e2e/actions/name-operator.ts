import type { Page } from '@playwright/test';
import { invoke } from './invoke.ts';

/** Names who is working, so that no record asks for it. */
export async function nameOperator(window: Page, name = 'Ada Auditor'): Promise<void> {
  await invoke(window, 'app.saveSettings', { operator: { name, email: null } });
}

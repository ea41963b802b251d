import type { Page } from '@playwright/test';
import type { InputOf, MethodName, OutputOf } from '../../../electron/api/contract.ts';

interface Client {
  keywitness: { invoke(name: string, input: unknown): Promise<unknown> };
}

/** Calls a method as the window itself does: what a test looks up rather than reads from the screen. */
export function invoke<N extends MethodName>(page: Page, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  return page.evaluate(
    ({ method, given }: { method: string; given: unknown }) =>
      (globalThis as unknown as Client).keywitness.invoke(method, given),
    { method: name, given: input },
  ) as Promise<OutputOf<N>>;
}

import type { ControlContext } from './context.ts';

const cache = new WeakMap<ControlContext, Map<string, Map<string, unknown>>>();
const NONE: ReadonlyMap<string, unknown> = new Map();

/** Settings of a key that only its provider has, under the provider's own names. */
export function keySettings(context: ControlContext, key: string): ReadonlyMap<string, unknown> {
  let all = cache.get(context);
  if (!all) {
    all = new Map();
    const rows = context.db
      .prepare<[string], { key: string; name: string; value: string }>(
        'SELECT key, name, value FROM key_setting WHERE snapshot = ?',
      )
      .iterate(context.snapshot);
    for (const { key, name, value } of rows) {
      const settings = all.get(key) ?? new Map<string, unknown>();
      all.set(key, settings);
      settings.set(name, JSON.parse(value));
    }
    cache.set(context, all);
  }
  return all.get(key) ?? NONE;
}

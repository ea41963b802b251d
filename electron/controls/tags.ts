import { tagsOf, type KeyRow } from '../../db/derived/keys.ts';
import type { ControlContext } from './context.ts';

/** The first of these tags that a key has, with its value; null when it has none of them, or an empty one. */
export function tagOf(
  context: ControlContext,
  key: KeyRow,
  names: readonly string[],
): { name: string; value: string; seq: number } | null {
  const tags = tagsOf(context.db, context.snapshot, key.id).filter((tag) => tag.value.trim() !== '');
  for (const name of names) {
    const found = tags.find((tag) => tag.name === name);
    if (found) return found;
  }
  return null;
}

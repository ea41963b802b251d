import { iterateInventory } from '../../db/derived/inventory.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { latestDeclared } from '../engagement/declarations.ts';

/** The list of systems against the keys, both ways. Null when no list was given. */
export interface Reconciliation {
  /** Ledger entry of the list. */
  seq: number;
  asOf: string;
  systems: { name: string; owner: string | null; dataClass: string | null; keys: string[] }[];
  /** Keys whose inventory names no system. */
  keysWithoutSystem: string[];
  /** Systems that keys name and the list does not have, with those keys. */
  unlisted: { name: string; keys: string[] }[];
}

/** Reconciles systems and keys by name; case and blanks do not count. */
export function reconcile(db: ReadableDb, snapshot: string): Reconciliation | null {
  const list = latestDeclared(db, 'systems.list').get('');
  if (!list) return null;
  const bySystem = new Map<string, { name: string; keys: string[] }>();
  const keysWithoutSystem: string[] = [];
  for (const { key, systems } of iterateInventory(db, snapshot)) {
    if (systems.length === 0) keysWithoutSystem.push(key);
    for (const name of systems) {
      const found = bySystem.get(plain(name)) ?? { name, keys: [] };
      bySystem.set(plain(name), found);
      found.keys.push(key);
    }
  }
  const listed = new Set(list.value.systems.map(({ name }) => plain(name)));
  return {
    ...{ seq: list.seq, asOf: list.value.asOf, keysWithoutSystem },
    systems: list.value.systems.map(({ name, owner, dataClass }) => ({
      ...{ name, owner, dataClass, keys: bySystem.get(plain(name))?.keys ?? [] },
    })),
    unlisted: [...bySystem].filter(([name]) => !listed.has(name)).map(([, found]) => found),
  };
}

/** A name of a system as it is compared. */
export const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

import { iterateInventory, type InventoryRow } from '../../db/derived/inventory.ts';
import type { Declared, DeclarationKind, Declaration } from '../engagement/declarations.ts';
import { latestDeclared } from '../engagement/declarations.ts';
import type { ControlContext } from './context.ts';

const inventories = new WeakMap<ControlContext, Map<string, InventoryRow>>();

/** What is on record about each key, read once per run. */
export function inventory(context: ControlContext): ReadonlyMap<string, InventoryRow> {
  let rows = inventories.get(context);
  if (!rows) {
    rows = new Map([...iterateInventory(context.db, context.snapshot)].map((row) => [row.key, row]));
    inventories.set(context, rows);
  }
  return rows;
}

const latest = new WeakMap<ControlContext, Map<DeclarationKind, Map<string, Declaration<DeclarationKind>>>>();

/** The latest record of one kind by subject, read once per run. */
export function recordsOf<W extends DeclarationKind>(
  context: ControlContext,
  what: W,
): ReadonlyMap<string, Declaration<W>> {
  const kinds = latest.get(context) ?? new Map<DeclarationKind, Map<string, Declaration<DeclarationKind>>>();
  latest.set(context, kinds);
  let found = kinds.get(what);
  if (!found) {
    found = latestDeclared(context.db, what);
    kinds.set(what, found);
  }
  return found;
}

/** The latest record of a kind that concerns the engagement as a whole; undefined when there is none. */
export function recordOf<W extends DeclarationKind>(
  context: ControlContext,
  what: W,
): (Declaration<W> & { value: Declared<W> }) | undefined {
  return recordsOf(context, what).get('');
}

/** Ledger entries that a key's inventory row rests on. */
export function originsOf(row: InventoryRow): number[] {
  return Object.values(row.origins).map((origin) => origin.seq);
}

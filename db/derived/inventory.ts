import type { ReadableDb } from '../handle.ts';
import { cutPage, pageLimit, type Page, type PageRequest } from './page.ts';
import { statement } from '../statement.ts';

/** Where a field of the inventory comes from: a record of the key, a tag, or a set the key is in. */
export interface FieldOrigin {
  from: 'record' | 'tag' | 'set';
  /** Name of the tag or of the set; empty for a record. */
  name: string;
  seq: number;
}

export type InventoryField =
  'owner' | 'deputy' | 'systems' | 'purposes' | 'dataClass' | 'approvedBy' | 'approvedAt';

/** What is on record about one key. */
export interface InventoryRow {
  key: string;
  sets: string[];
  owner: string | null;
  deputy: string | null;
  systems: string[];
  purposes: string[];
  dataClass: string | null;
  approvedBy: string | null;
  /** YYYY-MM-DD */
  approvedAt: string | null;
  origins: Partial<Record<InventoryField, FieldOrigin>>;
}

interface Stored {
  key: string;
  sets: string;
  owner: string | null;
  deputy: string | null;
  systems: string;
  purposes: string;
  data_class: string | null;
  approved_by: string | null;
  approved_at: string | null;
  origins: string;
}

const COLUMNS = 'key, sets, owner, deputy, systems, purposes, data_class, approved_by, approved_at, origins';

/** The inventory of a snapshot in key order, one at a time. */
export function* iterateInventory(db: ReadableDb, snapshot: string): Generator<InventoryRow> {
  const rows = db
    .prepare<[string], Stored>(`SELECT ${COLUMNS} FROM key_inventory WHERE snapshot = ? ORDER BY key`)
    .iterate(snapshot);
  for (const row of rows) yield open(row);
}

/** What is on record about one key; undefined for a key that is not in the inventory. */
export function inventoryOf(db: ReadableDb, snapshot: string, key: string): InventoryRow | undefined {
  const row = statement<[string, string], Stored>(
    db,
    `SELECT ${COLUMNS} FROM key_inventory WHERE snapshot = ? AND key = ?`,
  ).get(snapshot, key);
  return row && open(row);
}

/** The inventory of a snapshot, one page. */
export function listInventory(db: ReadableDb, snapshot: string, request: PageRequest): Page<InventoryRow> {
  const limit = pageLimit(request);
  const rows = db
    .prepare<(string | number)[], Stored>(
      `SELECT ${COLUMNS} FROM key_inventory WHERE snapshot = ? AND key > ? ORDER BY key LIMIT ?`,
    )
    .all(snapshot, request.after ?? '', limit + 1);
  return cutPage(rows.map(open), limit, (row) => row.key);
}

function open(row: Stored): InventoryRow {
  return {
    ...{ key: row.key, owner: row.owner, deputy: row.deputy, dataClass: row.data_class },
    ...{ approvedBy: row.approved_by, approvedAt: row.approved_at },
    sets: JSON.parse(row.sets) as string[],
    systems: JSON.parse(row.systems) as string[],
    purposes: JSON.parse(row.purposes) as string[],
    origins: JSON.parse(row.origins) as InventoryRow['origins'],
  };
}

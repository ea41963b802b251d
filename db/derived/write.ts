import type { WritableDb } from '../handle.ts';

/** A value that a derived row holds. Booleans are stored as 0 and 1. */
export type Cell = string | number | boolean | null | undefined;

/**
 * Version of the rules that turn ledger entries into rows; every derived row carries it. Raise it whenever the same
 * ledger would give other rows.
 */
export const RULES_VERSION = 1;

/**
 * Derived tables filled from the ledger by electron/derive, in the order they are digested. Events and coverage belong
 * to electron/logs, which lists its own.
 */
export const DERIVED_TABLES = [
  'key',
  'key_answer',
  'key_alias',
  'key_tag',
  'key_rotation',
  'key_grant',
  'key_policy',
  'key_setting',
  'key_store',
  'principal',
  'access_right',
  'access_right_of_key',
  'access_evidence',
  'access_fact',
  'federated_group',
  'federated_member',
  'trail',
  'trail_status',
  'log_route',
  'log_setting',
  'alert',
  'region',
  'gap',
  'closed_gap',
  'call_count',
  'identity',
  'host',
  'listing',
  'cluster_setting',
  'secret',
  'setting_change',
  'key_inventory',
  'test_result',
] as const;
export type DerivedTable = (typeof DERIVED_TABLES)[number];

/**
 * Prepares an insert into a derived table. A row that is there already is replaced: the later answer of the same kind
 * decides. Missing columns are null.
 */
export function inserter<C extends string>(
  db: WritableDb,
  table: DerivedTable,
  columns: readonly C[],
): (row: Record<C, Cell>) => void {
  const statement = db.prepare<(string | number | null)[]>(
    `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}, rules) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
  );
  return (row) => {
    statement.run(...columns.map((column) => cell(row[column])), RULES_VERSION);
  };
}

/** As SQLite stores it. */
export function cell(value: Cell): string | number | null {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Number(value) : value;
}

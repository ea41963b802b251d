import { inventoryOf, iterateInventory, type InventoryRow } from '../../db/derived/inventory.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { declare, latestDeclared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { InventoryMapping, KeyRecord, KeySet } from '../engagement/records.ts';
import { csvFile, type Cell } from '../pack/files/csv.ts';
import { attach, attachments, madeFile, type Attachment, type GivenFile } from './attachments.ts';
import { purposesOf } from './derive-inventory.ts';
import { ReviewError } from './error.ts';
import { keySets, withParents } from './key-sets.ts';
import { onlyManagement } from './mode.ts';
import { cellOf, dayOf, listOf, readTable } from './table-file.ts';
import type { Work } from '../engine/with-engagement.ts';

/** Columns of the inventory as a file, in the order of the exhibit. */
export const INVENTORY_COLUMNS = [
  ...['key', 'name', 'key_sets', 'owner', 'deputy', 'systems', 'purposes', 'data_class', 'approved_by'],
  ...['approved_at', 'owner_from'],
];

/** What would change about one key. */
export interface KeyChange {
  key: string;
  /** By field, before and after, as printed. */
  fields: { field: keyof KeyRecord; before: string; after: string }[];
}

/** What an import would do. Nothing is recorded by asking. */
export interface InventoryPreview {
  rows: number;
  changes: KeyChange[];
  unchanged: number;
  /** Rows that name no key of the inventory, or a name that several keys have. */
  unknown: { line: number; key: string; reason: string }[];
  /** Keys of the inventory that the file does not name. */
  missing: string[];
}

const FIELDS = [
  ...(['owner', 'deputy', 'systems', 'purposes', 'dataClass', 'approvedBy', 'approvedAt'] as const),
];

/** Records about keys, by hand or in bulk. @throws ReviewError INDEPENDENCE, NOT_KNOWN. */
export async function recordKeys(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  request: { keys: readonly string[]; record: KeyRecord; reason: string | null },
): Promise<void> {
  onlyManagement(db, 'record an owner', 'Import the inventory that the client gave');
  for (const key of request.keys) {
    if (!inventoryOf(db, snapshot, key)) {
      throw new ReviewError(
        'NOT_KNOWN',
        `cannot record ${key}: the inventory has no such key. Name it as in keys.csv.`,
      );
    }
  }
  const bulk = request.keys.length > 1;
  if (bulk && !request.reason) {
    throw new ReviewError(
      'NOT_KNOWN',
      'cannot record several keys at once: a reason is missing. Give --reason.',
    );
  }
  await declare(writer, by, 'key.records', '', {
    from: bulk ? 'bulk' : 'hand',
    attachment: null,
    reason: request.reason,
    rows: request.keys.map((key) => ({ key, record: request.record })),
  });
}

/** Declares a key set. @throws ReviewError INDEPENDENCE, NOT_KNOWN (its parent, or a circle of parents). */
export async function recordKeySet(
  { db, writer }: Work,
  by: Operator,
  id: string,
  value: KeySet,
): Promise<void> {
  onlyManagement(db, 'define a key set', 'Import the inventory that the client gave');
  const sets = keySets(db);
  if (value.parent !== null) {
    const parent = sets.get(value.parent);
    if (!parent || value.parent === id || withParents(parent, sets).some((set) => set.id === id)) {
      throw new ReviewError(
        'NOT_KNOWN',
        `cannot put the key set ${id} under ${value.parent}: ${parent ? 'that would close a circle' : 'there is no such set'}. Sets: ${[...sets.keys()].join(', ') || 'none'}.`,
      );
    }
  }
  await declare(writer, by, 'key.set', id, value);
}

/** Takes a key set away; its keys keep their own records. */
export async function removeKeySet(
  { db, writer }: Work,
  by: Operator,
  id: string,
  reason: string,
): Promise<void> {
  onlyManagement(db, 'remove a key set', 'Import the inventory that the client gave');
  if (!keySets(db).has(id))
    throw new ReviewError('NOT_KNOWN', `cannot remove the key set ${id}: there is none.`);
  await declare(writer, by, 'key.set.removed', id, { reason });
}

/** Which tags hold which field. */
export async function recordMapping(
  { writer }: Work,
  by: Operator,
  mapping: InventoryMapping,
): Promise<void> {
  await declare(writer, by, 'inventory.mapping', '', mapping);
}

/** What importing this table would change. @throws ReviewError BAD_FILE */
export async function previewInventory(
  db: ReadableDb,
  snapshot: string,
  file: GivenFile,
): Promise<InventoryPreview> {
  return (await readInventory(db, snapshot, file)).preview;
}

/**
 * Attaches an inventory and records what it says. Empty cells say nothing; `-` takes back. In a service auditor's
 * engagement it is the client's record, imported as such.
 *
 * @throws ReviewError BAD_FILE
 */
export async function importInventory(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  file: GivenFile,
): Promise<InventoryPreview> {
  const { preview, rows } = await readInventory(db, snapshot, file);
  if (rows.length === 0) {
    throw new ReviewError(
      'BAD_FILE',
      `cannot import ${file.name}: none of its rows names a key of the inventory. Its column "key" must hold key ids or ARNs.`,
    );
  }
  const { sha256 } = await attach(writer, 'inventory', file);
  await declare(writer, by, 'key.records', '', { from: 'file', attachment: sha256, reason: null, rows });
  return preview;
}

async function readInventory(db: ReadableDb, snapshot: string, file: GivenFile) {
  const table = await readTable(file);
  if (!['key', 'key_id', 'arn', 'alias'].some((heading) => table.headings.includes(heading))) {
    throw new ReviewError(
      'BAD_FILE',
      `cannot import ${file.name}: it has no column "key", "key_id", "arn" or "alias".`,
    );
  }
  const find = keyFinder(db, snapshot);
  const preview: InventoryPreview = {
    rows: table.rows.length,
    changes: [],
    unchanged: 0,
    unknown: [],
    missing: [],
  };
  const rows = new Map<string, { key: string; record: KeyRecord }>();
  for (const { line, cells } of table.rows) {
    const name = cellOf(cells, 'key', 'arn', 'key_id', 'alias') ?? '';
    const found = find(name);
    if (found.length !== 1) {
      const reason =
        found.length === 0 ? 'no such key in the inventory' : `${found.length} keys have this name`;
      preview.unknown.push({ line, key: name, reason });
    } else rows.set(found[0]!, { key: found[0]!, record: recordOf(cells, `${file.name}, line ${line}`) });
  }
  for (const current of iterateInventory(db, snapshot)) {
    const row = rows.get(current.key);
    if (!row) {
      preview.missing.push(current.key);
      continue;
    }
    const fields = FIELDS.filter(
      (f) => row.record[f] !== undefined && printed(current[f]) !== printed(row.record[f]),
    ).map((field) => ({ field, before: printed(current[field]), after: printed(row.record[field]) }));
    if (fields.length === 0) preview.unchanged += 1;
    else preview.changes.push({ key: current.key, fields });
  }
  return { preview, rows: [...rows.values()].filter(({ record }) => Object.keys(record).length > 0) };
}

const printed = (value: string | readonly string[] | null | undefined): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : value.join('; ');

function recordOf(cells: Record<string, string>, where: string): KeyRecord {
  const record: KeyRecord = {};
  const text = (field: 'owner' | 'deputy' | 'dataClass' | 'approvedBy', ...columns: string[]) => {
    const cell = cellOf(cells, ...columns);
    if (cell !== null) record[field] = cell === '-' ? null : cell;
  };
  text('owner', 'owner', 'key_owner');
  text('deputy', 'deputy', 'backup_owner');
  text('dataClass', 'data_class', 'classification', 'data_classification');
  text('approvedBy', 'approved_by', 'approver');
  const systems = cellOf(cells, 'systems', 'system');
  if (systems !== null) record.systems = systems === '-' ? null : listOf(systems);
  const purposes = cellOf(cells, 'purposes', 'purpose', 'use');
  if (purposes !== null) {
    record.purposes = purposes === '-' ? null : purposesOf(purposes);
    if (record.purposes?.length === 0) {
      throw new ReviewError(
        'BAD_FILE',
        `cannot read ${where}: "${purposes}" is no purpose. Write data at rest, data in transit or application level; several with a semicolon.`,
      );
    }
  }
  const approvedAt = cellOf(cells, 'approved_at', 'approved_on', 'approval_date');
  if (approvedAt !== null) record.approvedAt = approvedAt === '-' ? null : dayOf(approvedAt, where);
  return record;
}

/** Finds keys by ARN, key id or alias (with or without `alias/`). */
export function keyFinder(db: ReadableDb, snapshot: string): (name: string) => string[] {
  const byName = new Map<string, Set<string>>();
  const add = (name: string, key: string) => {
    const keys = byName.get(name) ?? new Set();
    byName.set(name, keys.add(key));
  };
  const rows = db.prepare<[string], { id: string; native_id: string; alias: string | null }>(
    `SELECT k.id, k.native_id, a.name AS alias FROM key_inventory i
       JOIN key k ON k.snapshot = i.snapshot AND k.id = i.key
       LEFT JOIN key_alias a ON a.snapshot = i.snapshot AND a.key = i.key
      WHERE i.snapshot = ? ORDER BY k.id, a.name`,
  );
  for (const { id, native_id, alias } of rows.iterate(snapshot)) {
    add(id, id);
    add(native_id, id);
    if (alias !== null) {
      add(alias, id);
      add(alias.replace(/^alias\//, ''), id);
    }
  }
  return (name) => [...(byName.get(name) ?? [])];
}

/** Rows of the inventory as a file. */
export function* inventoryCells(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  const alias = db
    .prepare<[string, string], string>('SELECT min(name) FROM key_alias WHERE snapshot = ? AND key = ?')
    .pluck();
  for (const row of iterateInventory(db, snapshot)) {
    yield [
      ...[row.key, alias.get(snapshot, row.key), row.sets.join('; '), row.owner, row.deputy],
      ...[row.systems.join('; '), row.purposes.join('; '), row.dataClass, row.approvedBy, row.approvedAt],
      originText(row, 'owner'),
    ];
  }
}

/** Where a field comes from, in words. */
export function originText({ origins }: InventoryRow, field: keyof KeyRecord): string {
  const origin = origins[field];
  if (!origin) return '';
  const words = { record: 'recorded for the key', tag: `tag ${origin.name}`, set: `key set ${origin.name}` };
  return `${words[origin.from]} (ledger entry ${origin.seq})`;
}

/** The inventory as a CSV file; the same inventory gives the same bytes. */
export function inventoryCsv(db: ReadableDb, snapshot: string): Buffer {
  return Buffer.concat([...csvFile(INVENTORY_COLUMNS, inventoryCells(db, snapshot))]);
}

/**
 * Freezes the inventory as it stands as an approved version.
 *
 * @returns the version and the frozen file.
 * @throws ReviewError INDEPENDENCE
 */
export async function approveInventory(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  approval: { approver: string; approvedAt: string },
): Promise<{ version: string; file: Attachment }> {
  onlyManagement(db, 'approve the inventory', 'Import the inventory that the client approved');
  const version = `v${latestDeclared(db, 'inventory.version').size + 1}`;
  const bytes = inventoryCsv(db, snapshot);
  const file = await attach(writer, 'inventory', madeFile(`inventory-${version}.csv`, bytes));
  const keys = [...iterateInventory(db, snapshot)].length;
  const value = { snapshot, keys, attachment: file.sha256, ...approval };
  await declare(writer, by, 'inventory.version', version, value);
  return { version, file };
}

/** Approved inventories, oldest first, and whether what is on record is still the same. */
export function inventoryVersions(db: ReadableDb) {
  const files = new Map(attachments(db).map((a) => [a.sha256, a]));
  return [...latestDeclared(db, 'inventory.version').values()].map(({ subject, seq, at, by, value }) => ({
    ...{ version: subject, seq, recordedAt: at, by: by.name, ...value },
    file: files.get(value.attachment)!,
  }));
}

import { inventoryOf, type InventoryRow } from '../../../db/derived/inventory.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { answeredBySql } from '../../controls/equivalents.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import { workbookFiles, type LongTable, type Sheet } from '../files/workbook.ts';

/** Columns of the key inventory, as heading and as expression over key `k`; the order is that of the exhibit. */
const KEY_COLUMNS: readonly (readonly [heading: string, sql: string])[] = [
  ['provider', 'k.provider'],
  ['source', 'k.source'],
  ['account', 'k.account'],
  ['region', 'k.region'],
  ['key_id', 'k.native_id'],
  ['key', 'k.id'],
  [
    'aliases',
    `(SELECT group_concat(name, ' ') FROM (SELECT name FROM key_alias a WHERE a.snapshot = k.snapshot AND a.key = k.id ORDER BY name))`,
  ],
  ['description', 'k.description'],
  ['state', 'k.state'],
  ['algorithm', 'k.algorithm'],
  ['usage', 'k.usage'],
  ['origin', 'k.origin'],
  ['material_held_by', 'k.material_holder'],
  ['managed_by', 'k.manager'],
  ['multi_region', 'k.multi_region'],
  ['created', 'k.created'],
  ['deletion_date', 'k.deletion_date'],
  ['material_expires', 'k.valid_to'],
  ['rotation_support', 'k.rotation_support'],
  [
    'rotation',
    `CASE k.rotation_enabled WHEN 1 THEN 'enabled' WHEN 0 THEN 'not enabled' ELSE 'not known: ' || coalesce(
       (SELECT status || coalesce(' (' || code || ')', '') FROM key_answer x
         WHERE x.snapshot = k.snapshot AND x.key = k.id AND x.op = ${answeredBySql('k', 'GetKeyRotationStatus')}), 'not asked') END`,
  ],
  ['rotation_period_days', 'k.rotation_period_days'],
  ['last_rotation', 'k.last_rotation'],
  ['next_rotation', 'k.next_rotation'],
  ['last_used', 'k.last_used'],
  ['basis', 'k.basis'],
  ['ledger_entry', 'k.seq'],
];

/** What is on record about a key; where it comes from stands beside the owner. */
const RECORD_COLUMNS = [
  'owner',
  'owner_from',
  'deputy',
  'systems',
  'purposes',
  'data_class',
  'approved_by',
  'approved_at',
  'key_sets',
];

/** data/1-key-configuration/ but its pictures. */
export function keyConfigurationFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const folder = 'data/1-key-configuration';
  return [
    { path: `${folder}/keys.csv`, content: () => csvFile(HEADINGS, keyRows(db, snapshot)) },
    ...workbookFiles(`${folder}/keys`, keyTable(db, snapshot), () => [rotationSheet(db, snapshot)]),
    {
      path: `${folder}/rotations.csv`,
      content: () => csvFile(ROTATION_HEADINGS, rotationRows(db, snapshot)),
    },
  ];
}

const HEADINGS = [...KEY_COLUMNS.map(([heading]) => heading), ...RECORD_COLUMNS];

/** A negative count means all. */
function* keyRows(db: ReadableDb, snapshot: string, from = 0, count = -1): Generator<Cell[]> {
  const rows = db
    .prepare<[string, number, number], Cell[]>(
      `SELECT ${KEY_COLUMNS.map(([, sql]) => sql).join(', ')} FROM key k
        WHERE k.snapshot = ? AND k.belongs = 'inventory' ORDER BY k.id LIMIT ? OFFSET ?`,
    )
    .raw()
    .iterate(snapshot, count, from);
  const at = KEY_COLUMNS.findIndex(([heading]) => heading === 'key');
  for (const row of rows) yield [...row, ...recordCells(inventoryOf(db, snapshot, row[at] as string))];
}

function recordCells(record: InventoryRow | undefined): Cell[] {
  if (!record) return RECORD_COLUMNS.map(() => null);
  const { owner: origin } = record.origins;
  return [
    record.owner,
    origin ? [origin.from, origin.name].filter(Boolean).join(' ') : null,
    record.deputy,
    record.systems.join('; '),
    record.purposes.join('; '),
    record.dataClass,
    record.approvedBy,
    record.approvedAt,
    record.sets.join('; '),
  ];
}

const ROTATION_HEADINGS = [
  'key',
  'n',
  'rotated_at',
  'type',
  'material',
  'state',
  'import_state',
  'material_expires',
  'basis',
  'ledger_entry',
];

function* rotationRows(db: ReadableDb, snapshot: string): Generator<Cell[]> {
  yield* db
    .prepare<[string], Cell[]>(
      `SELECT key, n, at, type, material, state, import_state, valid_to, basis, seq
         FROM key_rotation WHERE snapshot = ? ORDER BY key, n`,
    )
    .raw()
    .iterate(snapshot);
}

function keyTable(db: ReadableDb, snapshot: string): LongTable {
  const total = db
    .prepare<[string], number>("SELECT count(*) FROM key WHERE snapshot = ? AND belongs = 'inventory'")
    .pluck()
    .get(snapshot)!;
  return {
    name: 'Keys',
    header: HEADINGS,
    total,
    rows: (from, count) => keyRows(db, snapshot, from, count),
  };
}

function rotationSheet(db: ReadableDb, snapshot: string): Sheet {
  return { name: 'Rotations', header: ROTATION_HEADINGS, rows: rotationRows(db, snapshot) };
}

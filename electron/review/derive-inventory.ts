import { inserter } from '../../db/derived/write.ts';
import type { FieldOrigin, InventoryField, InventoryRow } from '../../db/derived/inventory.ts';
import type { ReadableDb, WritableDb } from '../../db/handle.ts';
import { declared, latestDeclared } from '../engagement/declarations.ts';
import { defaultParameters } from '../engagement/parameters.ts';
import { purpose, type InventoryMapping, type KeyRecord, type Purpose } from '../engagement/records.ts';
import { keySets, setFinder } from './key-sets.ts';
import { listOf } from './table-file.ts';

/** Tag names tried when the operator set no mapping. */
export const DEFAULT_MAPPING: InventoryMapping = {
  deputy: ['Deputy', 'deputy', 'KeyDeputy', 'key-deputy'],
  purposes: ['Purpose', 'purpose', 'Encrypts'],
  approvedBy: ['ApprovedBy', 'approved-by'],
  approvedAt: ['ApprovedOn', 'approved-on', 'ApprovedAt'],
};

type Names = Record<InventoryField, readonly string[]>;
type Field = keyof KeyRecord;

/**
 * Writes what is on record about each key: a record of the key goes before its tags, and those before what its sets say.
 * Deterministic: the same ledger gives the same rows.
 */
export function deriveInventory(db: WritableDb, snapshot: string): void {
  db.prepare('DELETE FROM key_inventory WHERE snapshot = ?').run(snapshot);
  const insert = inserter(db, 'key_inventory', [
    ...(['snapshot', 'key', 'sets', 'owner', 'deputy', 'systems', 'purposes', 'data_class'] as const),
    ...(['approved_by', 'approved_at', 'origins'] as const),
  ]);
  for (const row of inventoryRows(db, snapshot)) {
    insert({
      ...{ snapshot, key: row.key, sets: JSON.stringify(row.sets), owner: row.owner, deputy: row.deputy },
      ...{ systems: JSON.stringify(row.systems), purposes: JSON.stringify(row.purposes) },
      ...{ data_class: row.dataClass, approved_by: row.approvedBy, approved_at: row.approvedAt },
      origins: JSON.stringify(row.origins),
    });
  }
}

function inventoryRows(db: ReadableDb, snapshot: string): InventoryRow[] {
  const keys = db
    .prepare<[string], { id: string; account: string }>(
      `SELECT id, account FROM key WHERE snapshot = ? AND belongs = 'inventory'
          AND (manager IS NULL OR manager <> 'provider') ORDER BY id`,
    )
    .all(snapshot);
  const tags = grouped<{ name: string; value: string; seq: number }>(
    db,
    'key_tag',
    'name, value, seq',
    snapshot,
  );
  const aliases = grouped<{ name: string }>(db, 'key_alias', 'name', snapshot);
  const setsOf = setFinder(keySets(db));
  const named = recordsByKey(db);
  const names = tagNames(db);
  return keys.map(({ id, account }) => {
    const own = tags.get(id) ?? [];
    const sets = setsOf({ id, account, tags: own, aliases: (aliases.get(id) ?? []).map((a) => a.name) });
    return inventoryRow(id, sets, [
      ...(named.get(id) ?? []),
      { record: tagRecord(own, names), origin: tagOrigin(own, names) },
      ...sets.map((set) => ({
        record: set.value.record,
        origin: (): FieldOrigin => ({ from: 'set', name: set.id, seq: set.seq }),
      })),
    ]);
  });
}

/** Something that says fields, strongest first in a list; `origin` of a field that it says. */
interface Saying {
  record: KeyRecord;
  origin: (field: Field) => FieldOrigin;
}

function inventoryRow(
  key: string,
  sets: readonly { id: string }[],
  sayings: readonly Saying[],
): InventoryRow {
  const origins: InventoryRow['origins'] = {};
  const value = <F extends Field>(field: F): KeyRecord[F] | null => {
    const saying = sayings.find(({ record }) => record[field] !== undefined);
    if (!saying || saying.record[field] === null) return null;
    origins[field] = saying.origin(field);
    return saying.record[field];
  };
  return {
    ...{
      key,
      sets: sets.map((set) => set.id),
      owner: value('owner') ?? null,
      deputy: value('deputy') ?? null,
    },
    ...{ systems: value('systems') ?? [], purposes: value('purposes') ?? [] },
    ...{ dataClass: value('dataClass') ?? null, approvedBy: value('approvedBy') ?? null },
    ...{ approvedAt: value('approvedAt') ?? null, origins },
  };
}

/** Records of keys, the latest first. */
function recordsByKey(db: ReadableDb): Map<string, Saying[]> {
  const found: { key: string; seq: number; record: KeyRecord }[] = [
    ...declared(db, 'key.records').flatMap(({ seq, value }) => value.rows.map((row) => ({ ...row, seq }))),
    ...declared(db, 'owner').map(({ seq, subject, value }) => ({
      ...{ key: subject, seq },
      record: { owner: value.owner, ...(value.deputy === null ? {} : { deputy: value.deputy }) },
    })),
  ].sort((a, b) => b.seq - a.seq);
  const byKey = new Map<string, Saying[]>();
  for (const { key, seq, record } of found) {
    const sayings = byKey.get(key) ?? [];
    byKey.set(key, sayings);
    sayings.push({ record, origin: () => ({ from: 'record', name: '', seq }) });
  }
  return byKey;
}

function tagNames(db: ReadableDb): Names {
  const parameters = declared(db, 'engagement').at(-1)?.value.parameters ?? defaultParameters;
  const mapping = latestDeclared(db, 'inventory.mapping').get('')?.value ?? DEFAULT_MAPPING;
  return {
    ...mapping,
    owner: parameters.ownerTags.value,
    systems: parameters.systemTags.value,
    dataClass: parameters.dataClassTags.value,
  };
}

type Tag = { name: string; value: string; seq: number };

function tagFor(tags: readonly Tag[], names: readonly string[]): Tag | undefined {
  for (const name of names) {
    const found = tags.find((tag) => tag.name === name && tag.value.trim() !== '');
    if (found) return found;
  }
  return undefined;
}

function tagRecord(tags: readonly Tag[], names: Names): KeyRecord {
  const text = (field: InventoryField) => tagFor(tags, names[field])?.value.trim();
  const purposes = text('purposes');
  const known = purposes === undefined ? [] : purposesOf(purposes);
  const approvedAt = /^\d{4}-\d{2}-\d{2}/.exec(text('approvedAt') ?? '')?.[0];
  const systems = text('systems');
  return withoutUndefined({
    ...{ owner: text('owner'), deputy: text('deputy'), dataClass: text('dataClass') },
    ...{ approvedBy: text('approvedBy'), approvedAt },
    // Tag values cannot hold a semicolon in AWS; a blank separates systems there.
    systems: systems === undefined ? undefined : listOf(systems.replaceAll(',', ';').replaceAll(' / ', ';')),
    purposes: known.length === 0 ? undefined : known,
  });
}

const tagOrigin =
  (tags: readonly Tag[], names: Names) =>
  (field: Field): FieldOrigin => {
    const { name, seq } = tagFor(tags, names[field])!;
    return { from: 'tag', name, seq };
  };

function withoutUndefined(record: { [F in Field]: KeyRecord[F] | undefined }): KeyRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

const PURPOSE_WORDS = {
  'data at rest': 'rest',
  'data in transit': 'transit',
  'application level': 'application',
};

/** Purposes that a text names, in the words of the inventory or shorter: "at rest", "in-transit", "application". */
export function purposesOf(text: string): Purpose[] {
  const words = text.toLowerCase().split(/[^a-z]+/);
  return purpose.options.filter((p) => words.includes(PURPOSE_WORDS[p]));
}

function grouped<T>(db: ReadableDb, table: string, columns: string, snapshot: string): Map<string, T[]> {
  const rows = db
    .prepare<[string], T & { key: string }>(
      `SELECT key, ${columns} FROM ${table} WHERE snapshot = ? ORDER BY key, name`,
    )
    .iterate(snapshot);
  return Map.groupBy(rows, (row) => row.key);
}

import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { keyRecord } from '../engagement/records.ts';
import { nothing, ofSnapshot, page, pageOf } from './shared.ts';
import { engine, read } from './method.ts';

const origin = z.strictObject({ from: z.enum(['record', 'tag', 'set']), name: z.string(), seq: z.int() });

/** What is on record about one key, and where each field comes from. */
export const inventoryRow = z.strictObject({
  key: z.string(),
  sets: z.array(z.string()),
  owner: z.string().nullable(),
  deputy: z.string().nullable(),
  systems: z.array(z.string()),
  purposes: z.array(z.string()),
  dataClass: z.string().nullable(),
  approvedBy: z.string().nullable(),
  approvedAt: z.string().nullable(),
  origins: z.partialRecord(
    z.enum(['owner', 'deputy', 'systems', 'purposes', 'dataClass', 'approvedBy', 'approvedAt']),
    origin,
  ),
});
export type InventoryRow = z.infer<typeof inventoryRow>;

/** What importing a table would change. */
export const inventoryPreview = z.strictObject({
  rows: z.int(),
  changes: z.array(
    z.strictObject({
      key: z.string(),
      fields: z.array(z.strictObject({ field: z.string(), before: z.string(), after: z.string() })),
    }),
  ),
  unchanged: z.int(),
  unknown: z.array(z.strictObject({ line: z.int(), key: z.string(), reason: z.string() })),
  missing: z.array(z.string()),
});
export type InventoryPreview = z.infer<typeof inventoryPreview>;

const version = z.strictObject({
  version: z.string(),
  seq: z.int(),
  snapshot: z.string(),
  keys: z.int(),
  approver: z.string(),
  approvedAt: z.string(),
  by: z.string(),
});

export const inventory = {
  'inventory.list': read(z.strictObject({ ...ofSnapshot, ...pageOf }), page(inventoryRow)),
  'inventory.of': read(
    z.strictObject({ ...ofSnapshot, key: z.string().min(1) }),
    z.strictObject({ row: inventoryRow.nullable() }),
  ),
  'inventory.versions': read(nothing, z.strictObject({ versions: z.array(version) })),
  /** Records fields of keys; several at once need a reason. Tests that depend on it are run again. */
  'inventory.record': engine(
    z.strictObject({
      ...ofSnapshot,
      keys: z.array(z.string().min(1)).min(1),
      record: keyRecord,
      reason: z.string().min(1).nullable().default(null),
      operator,
    }),
    nothing,
  ),
  /** Reads a CSV or XLSX; records it only with `apply`. */
  'inventory.import': engine(
    z.strictObject({ ...ofSnapshot, path: z.string().min(1), apply: z.boolean(), operator }),
    inventoryPreview,
  ),
  /** Freezes the inventory as it is now, with who approved it. */
  'inventory.approve': engine(
    z.strictObject({ ...ofSnapshot, approver: z.string().min(1), approvedAt: z.iso.date(), operator }),
    z.strictObject({ version: z.string() }),
  ),
};

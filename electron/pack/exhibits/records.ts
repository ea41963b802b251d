import type { ReadableDb } from '../../../db/handle.ts';
import { latestDeclared } from '../../engagement/declarations.ts';
import { attachmentPath, attachments, attachedBytes, type Attachment } from '../../review/attachments.ts';
import { INVENTORY_COLUMNS, inventoryCells, inventoryVersions } from '../../review/inventory.ts';
import { reconcile } from '../../review/reconcile.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';

const SCOPE = 'data/0-scope';

/** data/0-scope/ but the engagement: policy with its clauses, inventory and its approved versions, people, systems and their reconciliation. */
export function recordFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const policy = latestDeclared(db, 'policy.document').get('');
  const reconciled = reconcile(db, snapshot);
  return [
    {
      path: `${SCOPE}/inventory.csv`,
      content: () => csvFile(INVENTORY_COLUMNS, inventoryCells(db, snapshot)),
    },
    ...(inventoryVersions(db).length === 0
      ? []
      : [{ path: `${SCOPE}/inventory-versions.json`, content: () => json(inventoryVersions(db)) }]),
    ...(policy
      ? [
          {
            path: `${SCOPE}/policy.json`,
            content: () => json({ ledgerEntry: policy.seq, recordedBy: policy.by.name, ...policy.value }),
          },
        ]
      : []),
    ...(reconciled
      ? [
          {
            path: `${SCOPE}/systems-and-keys.csv`,
            content: () => csvFile(RECONCILED, reconciledRows(reconciled)),
          },
        ]
      : []),
    ...attachedFiles(db, SCOPE, ['policy', 'inventory', 'people', 'systems']),
  ];
}

const RECONCILED = ['finding', 'system', 'owner', 'data_class', 'key'];

function* reconciledRows(found: NonNullable<ReturnType<typeof reconcile>>): Generator<Cell[]> {
  for (const { name, owner, dataClass, keys } of found.systems) {
    if (keys.length === 0) yield ['system without a key', name, owner, dataClass, null];
    for (const key of keys) yield ['reconciled', name, owner, dataClass, key];
  }
  for (const { name, keys } of found.unlisted)
    for (const key of keys) yield ['system not on the list', name, null, null, key];
  for (const key of found.keysWithoutSystem) yield ['key without a system', null, null, null, key];
}

/** Attached files of these purposes, as given. */
export function attachedFiles(
  db: ReadableDb,
  folder: string,
  purposes: readonly Attachment['purpose'][],
): PackFile[] {
  const once = new Map(
    attachments(db)
      .filter((a) => purposes.includes(a.purpose))
      .map((a) => [attachmentPath(folder, a), a] as const),
  );
  return [...once].map(([path, { sha256 }]) => ({ path, content: () => attachedBytes(db, sha256) }));
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

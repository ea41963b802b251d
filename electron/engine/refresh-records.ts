import type { WritableDb } from '../../db/handle.ts';
import { runControls } from '../controls/run-controls.ts';
import { snapshots } from '../engagement/current.ts';
import { deriveInventory } from '../review/derive-inventory.ts';

/**
 * Derives again what depends on management's records, after one was made: the inventory and the results of tests. The
 * rows are those that deriving everything gives.
 */
export function refreshRecords(db: WritableDb): void {
  for (const { id } of snapshots(db)) {
    db.transaction(() => deriveInventory(db, id)).immediate();
    runControls(db, { snapshot: id });
  }
}

import type { WritableDb } from '../../db/handle.ts';
import { derive } from '../derive/derive.ts';
import { deriveEvents } from '../logs/derive-events.ts';
import { runControls } from '../controls/run-controls.ts';
import { snapshots } from '../engagement/current.ts';

/**
 * Derives every table from the ledger and runs the tests of controls on each snapshot. Deterministic: the same ledger
 * gives the same rows, which is what `rebuild` shows.
 *
 * @returns number of answers of tests.
 */
export function analyse(db: WritableDb): number {
  deriveEvents(db);
  derive(db);
  return snapshots(db).reduce((sum, snapshot) => sum + runControls(db, { snapshot: snapshot.id }), 0);
}

import type { ReadableDb } from '../../db/handle.ts';
import { snapshots, type Snapshot } from '../engagement/current.ts';
import { EngineError } from './error.ts';

/**
 * The snapshot asked for, or the latest one.
 *
 * @throws EngineError NO_SNAPSHOT when there is none of that name, or none at all.
 */
export function chosenSnapshot(db: ReadableDb, id?: string): Snapshot {
  const all = snapshots(db);
  const found = id === undefined ? all.at(-1) : all.find((snapshot) => snapshot.id === id);
  if (found) return found;
  throw new EngineError(
    'NO_SNAPSHOT',
    id === undefined
      ? 'cannot go on: nothing was collected yet. Run: keywitness collect --engagement FILE'
      : `cannot use snapshot ${id}: the engagement has ${all.map((s) => s.id).join(', ') || 'none'}.`,
  );
}

/** The snapshot to resume: the latest that is still open. @throws EngineError NO_SNAPSHOT */
export function openSnapshot(db: ReadableDb): Snapshot {
  const found = snapshots(db).findLast((snapshot) => snapshot.close === null);
  if (found) return found;
  throw new EngineError(
    'NO_SNAPSHOT',
    'cannot resume: no collection was stopped before its end. Run it without --resume.',
  );
}

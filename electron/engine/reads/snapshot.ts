import type { ReadableDb } from '../../../db/handle.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';

/** The snapshot that a method was asked about, by name; the latest without one. @throws EngineError NO_SNAPSHOT */
export function snapshotOf(db: ReadableDb, input: { snapshot?: string | undefined }): string {
  return chosenSnapshot(db, input.snapshot).id;
}

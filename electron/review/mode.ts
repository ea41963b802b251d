import type { ReadableDb } from '../../db/handle.ts';
import { currentEngagement } from '../engagement/current.ts';
import { ReviewError } from './error.ts';

/**
 * Stops a service auditor from making management's records: that would impair independence. What management made can be
 * imported and inspected.
 *
 * @param what the act as it completes "cannot …": "assign owners".
 * @param instead what an auditor does: "Import the client's inventory".
 * @throws ReviewError INDEPENDENCE
 */
export function onlyManagement(db: ReadableDb, what: string, instead: string): void {
  if (currentEngagement(db).mode === 'management') return;
  throw new ReviewError(
    'INDEPENDENCE',
    `cannot ${what}: this engagement is a service auditor's, and that is management's to do. ${instead}.`,
  );
}

import type { WritableDb } from '../../../../db/handle.ts';
import type { Answer } from '../../../derive/answer.ts';
import {
  dataPlaneKeys,
  deletedKeys,
  keyLists,
  keyVersions,
  refusedVaults,
  rotationPolicies,
  vaultKeys,
} from './keys.ts';
import { azureTarget } from './target.ts';
import { vaultLists } from './vault-index.ts';

/** Turns the Azure answers of one snapshot into provider-neutral rows. */
export function normaliseAzure(
  db: WritableDb,
  snapshot: string,
  answersTo: (action: string) => readonly Answer[],
): null {
  const to = azureTarget(db, snapshot);
  // Answers are read once and let go; some are looked at twice here.
  const known = new Map<string, readonly Answer[]>();
  const answers = (action: string): readonly Answer[] => {
    let found = known.get(action);
    if (!found) known.set(action, (found = answersTo(action)));
    return found;
  };
  for (const step of [
    vaultLists,
    keyLists,
    vaultKeys,
    dataPlaneKeys,
    rotationPolicies,
    keyVersions,
    deletedKeys,
    refusedVaults,
  ]) {
    step(answers, to);
  }
  return null;
}

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
import { alerts } from './alerts.ts';
import { entraDirectory, type EntraDirectory } from './entra.ts';
import { directory, type Directory } from './directory.ts';
import { logRoutes, logStoreSettings } from './log-routes.ts';
import { azureTarget, type AzureTarget } from './target.ts';
import { vaultLists } from './vault-index.ts';

/** What evaluating access needs besides the rows. */
export interface NormalisedAzure extends Pick<AzureTarget, 'vaults' | 'vaultOfKey' | 'shapes'> {
  directory: Directory;
  /** Null when Microsoft Graph told nothing. */
  entra: EntraDirectory | null;
  /** When the roles were listed: the moment that dates of activations are judged at. UTC. */
  at: string | null;
}

/** Turns the Azure answers of one snapshot into provider-neutral rows. */
export function normaliseAzure(
  db: WritableDb,
  snapshot: string,
  answersTo: (action: string) => readonly Answer[],
): NormalisedAzure {
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
    logRoutes,
    logStoreSettings,
    alerts,
  ]) {
    step(answers, to);
  }
  const at = answers('ListRoleAssignments').at(-1)?.at ?? null;
  const { vaults, vaultOfKey, shapes } = to;
  return {
    vaults,
    vaultOfKey,
    shapes,
    directory: directory(answers, to),
    entra: entraDirectory(answers, to),
    at,
  };
}

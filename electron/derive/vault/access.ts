import type { WritableDb } from '../../../db/handle.ts';
import { evaluateVaultAccess } from '../../access/vault/index.ts';
import type { AccessPath, Principal } from '../../access/types.ts';
import { principalId } from '../../providers/vault/normalise/place.ts';
import type { Answer } from '../answer.ts';
import type { EvaluatedAccess, SharedPath } from '../derivation.ts';
import { vaultAccessFacts } from './access-facts.ts';
import { clusterAccess, type ClusterAccess } from './access-input.ts';
import { checkCapabilities } from './capabilities.ts';

/** Who may reach the transit keys of a snapshot; null when it has none. */
export function vaultAccess(
  db: WritableDb,
  snapshot: string,
  capabilities: readonly Answer[],
): EvaluatedAccess | null {
  const clusters = clusterAccess(db, snapshot);
  if (clusters.length === 0) return null;
  const cites = new Map<string, readonly number[]>();
  for (const { input, cites: shared, keySeqs } of clusters) {
    for (const { id } of input.keys) {
      const own = keySeqs.get(id);
      cites.set(id, own === undefined ? shared : [...shared, own].sort((a, b) => a - b));
    }
  }
  return {
    cites,
    *chunks() {
      for (const cluster of clusters) yield* chunksOf(cluster);
    },
    *facts() {
      for (const cluster of clusters)
        yield* vaultAccessFacts(cluster, checkCapabilities(db, capabilities, cluster));
    },
  };
}

function* chunksOf({ cluster, input }: ClusterAccess): Generator<{ key: string; paths: SharedPath[] }> {
  const named = new WeakMap<Principal, Principal>();
  const across = (principal: Principal): Principal => {
    let known = named.get(principal);
    if (!known) {
      known = { ...principal, arn: principalId(cluster, principal.id) };
      named.set(principal, known);
    }
    return known;
  };
  let chunk = { key: '', paths: [] as SharedPath[] };
  for (const path of evaluateVaultAccess(input).paths()) {
    const { key, ...shared } = path satisfies AccessPath;
    if (chunk.key !== key) {
      if (chunk.key !== '') yield chunk;
      chunk = { key, paths: [] };
    }
    chunk.paths.push({ ...shared, principal: across(path.principal) });
  }
  if (chunk.key !== '') yield chunk;
}

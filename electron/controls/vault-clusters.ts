import type { KeyRow } from '../../db/derived/keys.ts';
import type { AccessFact } from './access-facts.ts';
import { exception, pass, undetermined, type Answer } from './control.ts';
import type { ControlContext } from './context.ts';
import { factsText } from './test-access.ts';

/** A Vault cluster that was collected. */
export interface Cluster {
  /** The cluster's id. */
  id: string;
  /** Places in which its changes are logged: its engines with keys. */
  regions: string[];
}

/** Clusters that were asked, or that keys are of, in order. */
export function clusters(context: ControlContext): Cluster[] {
  const asked = context.db
    .prepare<[string], string>(
      'SELECT DISTINCT account FROM cluster_setting WHERE snapshot = ? ORDER BY account',
    )
    .pluck()
    .all(context.snapshot);
  const keys: readonly KeyRow[] = context.keys.filter((key) => key.provider === 'vault');
  const ids = [...new Set([...asked, ...keys.map((key) => key.account)])].sort();
  return ids.map((id) => ({
    id,
    regions: [...new Set(keys.filter((key) => key.account === id).map((key) => key.region))].sort(),
  }));
}

/** Where changes of the cluster are logged: audit devices record all of it, so one of its places stands for all. */
export const logPlace = ({ regions }: Cluster): string => regions[0] ?? 'root';

/** One setting of a cluster as the server answered it. */
export interface ClusterSetting {
  status: string;
  code: string | null;
  value: unknown;
  seq: number;
}

/** A setting of the cluster's root namespace; undefined when it was not asked. */
export function clusterSetting(
  context: ControlContext,
  cluster: string,
  kind: string,
): ClusterSetting | undefined {
  const row = context.db
    .prepare<
      [string, string, string],
      { status: string; code: string | null; value: string | null; seq: number }
    >(
      `SELECT status, code, value, seq FROM cluster_setting
        WHERE snapshot = ? AND account = ? AND kind = ? AND region = 'root' AND name = ''`,
    )
    .get(context.snapshot, cluster, kind);
  return row && { ...row, value: row.value === null ? null : (JSON.parse(row.value) as unknown) };
}

/** Answers from what policies, roles and identities of a cluster show. */
export function clusterAccess(
  context: ControlContext,
  cluster: string,
  facts: readonly AccessFact[],
  words: { finding: string; none: string },
): Answer {
  const cites = [...context.iam(cluster)];
  if (facts.length > 0) return exception(`${words.finding}: ${factsText(facts)}.`, cites);
  const why = context.access.iamMissing.get(cluster);
  if (why !== undefined || !context.access.available || cites.length === 0) {
    return undetermined(
      `Part of the policies and identities of ${cluster} was not read${why === undefined ? '' : `: ${why}`}.`,
      cites,
    );
  }
  return pass(`At collection ${words.none}.`, cites);
}

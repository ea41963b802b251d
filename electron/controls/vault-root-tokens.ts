import { exception, results, type Answer, type Control } from './control.ts';
import { membersJson } from '../engagement/view.ts';
import type { ControlContext } from './context.ts';
import { count, day, earlier } from './dates.ts';
import { throughout } from './throughout.ts';
import { clusterAccess, clusters, logPlace, type Cluster } from './vault-clusters.ts';

const ID = 'vault-root-tokens';
const WORDS = {
  finding: 'Somebody is given the root policy',
  none: 'no role, entity or group carried the root policy (Vault lists no root tokens: only logs show one that is used)',
};

/** Root tokens are made for an emergency and revoked after it. */
export const vaultRootTokens: Control = {
  id: ID,
  title: 'No root token is given or used',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.2', 'CC6.3'],
  question: 'Is the root policy given to anybody, and was a root token used in the period?',
  method:
    'Look for the root policy in auth roles, entities and groups. For the period, look in the audit logs for requests by tokens with the root policy. Vault does not list root tokens.',
  permissions: ['sys/policies/acl/* [read]', 'auth/+/role/+ [read]'],
  remediation:
    'Revoke the root token, and generate one only under control of several people (vault operator generate-root).',
  standards: [{ name: 'HashiCorp Vault', version: 'production hardening', ref: 'avoid root tokens' }],
  appliesTo: 'Vault and OpenBao clusters',
  test: (context) =>
    clusters(context).flatMap((cluster) => {
      const holders = context.access.rootHolders.get(cluster.id) ?? [];
      const now = clusterAccess(context, cluster.id, holders, WORDS);
      return results(ID, 'account', cluster.id, {
        collection: now,
        period: usedInPeriod(context, cluster, now),
      });
    }),
};

function usedInPeriod(context: ControlContext, cluster: Cluster, now: Answer): Answer {
  const { period } = context.engagement;
  const to = earlier(period.to, context.collectedAt);
  const used = context.db
    .prepare<[string, string, number, number], { n: number; first: number | null; seq: number | null }>(
      `SELECT count(*) AS n, min(e.time) AS first, min(e.seq) AS seq FROM usage_event e JOIN usage_source s ON s.seq = e.seq
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND e.account = ? AND e.service = 'vault' AND e.actor_type = 'root token'
          AND e.time >= ? AND e.time < ?`,
    )
    .get(membersJson(context.db, context.snapshot), cluster.id, Date.parse(period.from), Date.parse(to))!;
  if (used.n > 0) {
    return exception(
      `A root token was used in the period: ${count(used.n, 'request')}, first on ${day(new Date(used.first!).toISOString())}.`,
      [...now.cites, ...(used.seq === null ? [] : [used.seq])],
    );
  }
  return throughout(context, {
    ...{ subject: cluster.id, account: cluster.id, region: logPlace(cluster), created: null, now },
    ...{ settings: ['iam'], what: 'no root token was given, and none was used' },
  });
}

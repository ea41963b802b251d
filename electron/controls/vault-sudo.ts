import { results, type Control } from './control.ts';
import { throughout } from './throughout.ts';
import { clusterAccess, clusters, logPlace } from './vault-clusters.ts';

const ID = 'vault-sudo-wildcards';
const WORDS = {
  finding: 'Policies give sudo through wildcards',
  none: 'no policy that anybody holds gave sudo through a wildcard',
};

/** Nobody holds sudo on more than one named path. */
export const vaultSudo: Control = {
  id: ID,
  title: 'Vault policies give sudo on named paths only',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does a policy that somebody holds give the sudo capability through a wildcard?',
  method:
    'Read every ACL policy for paths with + or * that have the sudo capability, with the roles, entities and groups that hold the policy. Sudo opens audit devices, raw storage and root-protected paths.',
  permissions: ['sys/policies/acl/* [read]'],
  remediation: 'Give sudo on the one path that needs it, to a role that is used under control.',
  standards: [],
  appliesTo: 'Vault and OpenBao clusters',
  test: (context) =>
    clusters(context).flatMap((cluster) => {
      const now = clusterAccess(
        context,
        cluster.id,
        context.access.wildcardSudo.get(cluster.id) ?? [],
        WORDS,
      );
      const period = throughout(context, {
        ...{ subject: cluster.id, account: cluster.id, region: logPlace(cluster), created: null, now },
        ...{ settings: ['iam'], what: WORDS.none },
      });
      return results(ID, 'account', cluster.id, { collection: now, period });
    }),
};

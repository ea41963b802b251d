import { plannedCall, type PlannedCall } from '../../collect/plan.ts';
import type { CollectSettings } from '../../engagement/collection.ts';
import type { Period } from '../../engagement/engagement.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import { ROOT } from './ask-vault.ts';
import { CLUSTER_QUESTIONS } from './collect-cluster.ts';
import type { VaultOperation } from './operation.ts';
import { auth, identity, kv, signInOperations, sys, transit } from './operations/index.ts';

/** Assumptions of a plan: nothing of a cluster is known before it is asked. The plan says so. */
const ASSUMED = {
  mounts: 4,
  keysPerMount: 20,
  policies: 30,
  authMethods: 4,
  roles: 40,
  entities: 50,
  secrets: 200,
};
const GUESS =
  'numbers of mounts, keys, policies, roles and identities are assumed until the cluster is asked';

/** The calls that collecting a Vault source takes, by operation and namespace, before any is made. */
export function planVault(
  source: VaultSource,
  _period: Period,
  settings: Pick<CollectSettings, 'quotas' | 'usageEventBudget'>,
): PlannedCall[] {
  const plan: PlannedCall[] = [];
  const add = (op: VaultOperation, scope: string, calls: number, estimate: string | null): void => {
    plan.push(plannedCall(source.id, op, scope, calls, estimate, settings.quotas));
  };
  add(sys.health, 'cluster', 1, null);
  const login = loginOperation(source);
  if (login) add(login, 'cluster', 1, null);
  add(signInOperations.lookupSelf, 'cluster', 1, null);
  if (source.namespace === null) {
    for (const [op, calls] of counted(CLUSTER_QUESTIONS.map(([op]) => op))) add(op, 'cluster', calls, null);
  }
  const unhashed = (source.sought ?? []).filter(({ hash }) => hash === null).length;
  if (unhashed > 0)
    add(sys.auditHash, 'cluster', unhashed * 2, 'two audit devices are assumed until the cluster is asked');
  const namespaces = source.namespaces ?? [source.namespace ?? ROOT];
  const below = source.namespaces ? GUESS : `${GUESS}; as much again for each namespace below`;
  const mounts = source.mounts?.length ?? ASSUMED.mounts;
  for (const namespace of namespaces) {
    add(sys.namespaces, namespace, 1, below);
    for (const op of [
      sys.mounts,
      sys.authMethods,
      sys.listPolicies,
      sys.listRoleGoverning,
      sys.listEndpointGoverning,
    ])
      add(op, namespace, 1, null);
    add(sys.mountTune, namespace, mounts, below);
    add(sys.readPolicy, namespace, ASSUMED.policies, below);
    add(transit.listKeys, namespace, 2 * mounts, below);
    for (const op of [transit.readKeysConfig, transit.readCacheConfig]) add(op, namespace, mounts, below);
    add(transit.readKey, namespace, mounts * ASSUMED.keysPerMount, below);
    add(sys.capabilitiesSelf, namespace, mounts, below);
    add(kv.readConfig, namespace, 1, below);
    if (source.kvMetadata) {
      add(kv.listMetadata, namespace, Math.ceil(ASSUMED.secrets / 10), below);
      add(kv.readMetadata, namespace, ASSUMED.secrets, below);
    }
    add(auth.listRoles, namespace, ASSUMED.authMethods, below);
    add(auth.readRole, namespace, ASSUMED.roles, below);
    for (const op of [
      identity.listEntities,
      identity.listGroups,
      identity.listEntityAliases,
      identity.listGroupAliases,
    ])
      add(op, namespace, 1, null);
    add(identity.readEntity, namespace, ASSUMED.entities, below);
    add(identity.readGroup, namespace, Math.ceil(ASSUMED.entities / 5), below);
  }
  return plan;
}

function loginOperation({ login }: VaultSource): VaultOperation | null {
  switch (login.from) {
    case 'token':
      return null;
    case 'approle':
      return signInOperations.appRole;
    case 'userpass':
      return signInOperations.userpass;
    case 'oidc':
      return signInOperations.oidcCallback;
  }
}

function counted(operations: readonly VaultOperation[]): Map<VaultOperation, number> {
  const counts = new Map<VaultOperation, number>();
  for (const op of operations) counts.set(op, (counts.get(op) ?? 0) + 1);
  return counts;
}

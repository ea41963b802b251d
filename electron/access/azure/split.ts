import type { AzureSubscription, AzureVault } from './model.ts';
import { normalScope } from './scope.ts';

/** A vault with what is assigned there: the whole, or one part of it. */
export interface Share {
  vault: AzureVault;
  subscription: AzureSubscription | undefined;
}

export interface Split {
  /** Everything that is the same for each key of the vault. */
  common: Share;
  /**
   * By lower-case key name, what is assigned to that key alone, on top of `common`. `whole`: a deny assignment is on the
   * key, so nothing about it can be shared.
   */
  own: ReadonlyMap<string, Share | 'whole'>;
}

interface Own {
  roleAssignments: NonNullable<AzureSubscription['roleAssignments']>[number][];
  eligibilities: NonNullable<AzureSubscription['eligibilities']>[number][];
  activeInstances: NonNullable<AzureSubscription['activeInstances']>[number][];
  local: NonNullable<AzureVault['local']>['roleAssignments'][number][];
}

/** Splits by scope, so that many keys with roles of their own do not each repeat what they have in common. */
export function split(vault: AzureVault, subscription: AzureSubscription | undefined): Split {
  const own = new Map<string, Own>();
  const inside = `${normalScope(vault.id)}/keys/`;
  const take = <T extends { properties: { scope: string } }>(
    items: readonly T[] | null | undefined,
    prefix: string,
    put: (into: Own, item: T) => void,
  ): T[] =>
    (items ?? []).filter((item) => {
      const scope = normalScope(item.properties.scope);
      if (!scope.startsWith(prefix)) return true;
      const name = scope.slice(prefix.length);
      const into = own.get(name) ?? {
        roleAssignments: [],
        eligibilities: [],
        activeInstances: [],
        local: [],
      };
      own.set(name, into);
      put(into, item);
      return false;
    });
  const roleAssignments = take(subscription?.roleAssignments, inside, (o, item) =>
    o.roleAssignments.push(item),
  );
  const eligibilities = take(subscription?.eligibilities, inside, (o, item) => o.eligibilities.push(item));
  const activeInstances = take(subscription?.activeInstances, inside, (o, item) =>
    o.activeInstances.push(item),
  );
  const local = take(vault.local?.roleAssignments, '/keys/', (o, item) => o.local.push(item));
  const denied = new Set(
    (subscription?.denyAssignments ?? [])
      .map(({ properties }) => normalScope(properties.scope))
      .filter((scope) => scope.startsWith(inside))
      .map((scope) => scope.slice(inside.length)),
  );
  // Access policies are for every key alike: they belong to the common part alone.
  const bare = vault.properties === null ? null : { ...vault.properties, accessPolicies: [] };
  const shares = new Map<string, Share | 'whole'>();
  for (const [name, { local: localOwn, ...lists }] of own) {
    shares.set(name, {
      vault: {
        ...vault,
        properties: bare,
        ...(vault.local ? { local: { ...vault.local, roleAssignments: localOwn } } : {}),
      },
      subscription: subscription && { ...subscription, ...lists },
    });
  }
  for (const name of denied) shares.set(name, 'whole');
  return {
    common: {
      vault: vault.local ? { ...vault, local: { ...vault.local, roleAssignments: local } } : vault,
      subscription: subscription && { ...subscription, roleAssignments, eligibilities, activeInstances },
    },
    own: shares,
  };
}

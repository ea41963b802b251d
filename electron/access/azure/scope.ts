/** Scopes as ARM writes them, compared without regard to case. */

/** Lower case, no slash at the end; the root is the empty string. */
export const normalScope = (scope: string): string => scope.toLowerCase().replace(/\/+$/, '');

/** True when `scope` is `target` or one of its ancestors by path. Both normalised. */
export const atOrAbove = (scope: string, target: string): boolean =>
  target === scope || target.startsWith(`${scope}/`);

/** The last part of an ARM id, lower case: a role definition's GUID wherever it was listed. */
export const lastPart = (id: string): string => normalScope(id).split('/').at(-1) ?? '';

const MANAGEMENT_GROUP = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/;

/** Name of the management group (lower case) when the normalised scope is one. */
export const managementGroupOf = (scope: string): string | undefined => MANAGEMENT_GROUP.exec(scope)?.[1];

/** How far out a scope lies from a key: 0 key, 1 vault, 2 resource group, 3 subscription, 4 above. */
export type Level = 0 | 1 | 2 | 3 | 4;

export interface KeyScopes {
  key: string;
  vault: string;
  resourceGroup: string;
  subscription: string;
  subscriptionId: string;
  /** Lower-case names of the management groups above; undefined when unknown. */
  managementGroups: readonly string[] | undefined;
}

/** The scopes of a vault (and, with a name, of a key in it). */
export function scopesOf(vaultId: string, key: string, managementGroups?: readonly string[]): KeyScopes {
  const vault = normalScope(vaultId);
  const parts = vault.split('/');
  return {
    vault,
    key: `${vault}/keys/${key.toLowerCase()}`,
    resourceGroup: parts.slice(0, 5).join('/'),
    subscription: parts.slice(0, 3).join('/'),
    subscriptionId: parts[2] ?? '',
    managementGroups: managementGroups?.map((name) => name.toLowerCase()),
  };
}

/**
 * The level of a scope that a key lies in, or undefined when the key does not lie in it. A scope between vault and key
 * that is not the key (another key, a secret) does not count.
 */
export function levelOf(scope: string, at: KeyScopes): Level | undefined {
  const normal = normalScope(scope);
  if (normal === '') return 4;
  if (normal === at.key) return 0;
  if (normal === at.vault) return 1;
  if (normal === at.resourceGroup) return 2;
  if (normal === at.subscription) return 3;
  const group = managementGroupOf(normal);
  if (group === undefined) return undefined;
  return at.managementGroups === undefined || at.managementGroups.includes(group) ? 4 : undefined;
}

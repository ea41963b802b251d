import type { AzureInput } from './operation.ts';

/** Parts of a resource id, in the case they were given in; null when it is none. */
export interface ResourceParts {
  subscription: string;
  group: string;
  type: string;
  name: string;
}

/** `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/name` and what lies below it. */
export function resourceParts(id: string): ResourceParts | null {
  const found =
    /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)(?:\/|$)/i.exec(
      id,
    );
  if (!found) return null;
  const [, subscription = '', group = '', type = '', name = ''] = found;
  return { subscription: subscription.toLowerCase(), group, type, name };
}

/** Where a question is asked, as the ledger writes it: `<subscription>/<vault>`, `<subscription>/global`. */
export function scopeOf(tenant: string, input: AzureInput): string {
  const parts = input.resource === undefined ? null : resourceParts(input.resource);
  if (parts) return `${parts.subscription}/${isVault(parts.type) ? parts.name.toLowerCase() : 'global'}`;
  return `${input.subscription?.toLowerCase() ?? tenant}/global`;
}

const isVault = (type: string): boolean => /^microsoft\.keyvault\/(vaults|managedhsms)$/i.test(type);

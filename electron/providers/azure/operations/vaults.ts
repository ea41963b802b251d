import type { AzureCloud } from '../clouds.ts';
import { json, restOperation, type AzureInput, type Page } from '../operation.ts';
import { armReads } from './quotas.ts';

/** Earlier versions retire on 27 February 2027. */
const VERSION = '2026-02-01';
const common = { service: 'vaults', plane: 'arm', quota: armReads, answer: json('value') } as const;
const docs = (page: string) => `https://learn.microsoft.com/rest/api/keyvault/keyvault/${page}`;

/** A vault or managed HSM as Resource Manager lists it, as far as the collector follows it. */
export interface ListedVault {
  id?: string;
  name?: string;
  location?: string;
  properties?: {
    vaultUri?: string;
    hsmUri?: string;
    tenantId?: string;
    accessPolicies?: { objectId?: string; tenantId?: string }[] | null;
    initialAdminObjectIds?: string[] | null;
  };
}
export interface ListedKey {
  id?: string;
  name?: string;
}

const inSubscription =
  (type: string) =>
  (cloud: AzureCloud, { subscription, page }: AzureInput) => ({
    url:
      page ??
      `${cloud.arm}/subscriptions/${subscription}/providers/Microsoft.KeyVault/${type}?api-version=${VERSION}`,
  });
const ofResource = (path: (input: AzureInput) => string) => (cloud: AzureCloud, input: AzureInput) => ({
  url: input.page ?? `${cloud.arm}${input.resource}/${path(input)}?api-version=${VERSION}`,
});
const named = (name: string | undefined) => encodeURIComponent(name ?? '');

/** The control plane of Key Vault and Managed HSM. */
export const vaults = {
  listVaults: restOperation<Page<ListedVault>>({
    ...common,
    action: 'ListVaults',
    scopeKind: 'global',
    permissions: ['Microsoft.KeyVault/vaults/read'],
    purpose:
      'Vaults with their settings: who decides access, access policies, soft delete, purge protection, network rules and private endpoints.',
    rest: inSubscription('vaults'),
    docs: docs('vaults/list-by-subscription'),
  }),
  listDeletedVaults: restOperation<Page<ListedVault>>({
    ...common,
    action: 'ListDeletedVaults',
    scopeKind: 'global',
    permissions: ['Microsoft.KeyVault/deletedVaults/read'],
    purpose: 'Vaults that were deleted and can still be recovered, with the date of each deletion.',
    rest: inSubscription('deletedVaults'),
    docs: docs('vaults/list-deleted'),
  }),
  listManagedHsms: restOperation<Page<ListedVault>>({
    ...common,
    action: 'ListManagedHsms',
    scopeKind: 'global',
    permissions: ['Microsoft.KeyVault/managedHSMs/read'],
    purpose: 'Managed HSMs with their settings and first administrators.',
    rest: inSubscription('managedHSMs'),
    docs: docs('managed-hsms/list-by-subscription'),
  }),
  listDeletedManagedHsms: restOperation<Page<ListedVault>>({
    ...common,
    action: 'ListDeletedManagedHsms',
    scopeKind: 'global',
    permissions: ['Microsoft.KeyVault/deletedManagedHsms/read'],
    purpose: 'Managed HSMs that were deleted and can still be recovered.',
    rest: inSubscription('deletedManagedHSMs'),
    docs: docs('managed-hsms/list-deleted'),
  }),
  listVaultKeys: restOperation<Page<ListedKey>>({
    ...common,
    action: 'ListVaultKeys',
    scopeKind: 'region',
    permissions: ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/managedHSMs/keys/read'],
    purpose:
      'Which keys the vault holds, as the control plane lists them: also where the vault’s network refuses us. Listed at the start and again at the end.',
    rest: ofResource(() => 'keys'),
    docs: docs('keys/list'),
  }),
  getVaultKey: restOperation<Record<string, unknown>>({
    ...common,
    action: 'GetVaultKey',
    scopeKind: 'region',
    permissions: ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/managedHSMs/keys/read'],
    purpose: 'Type, size, state, dates and rotation policy of a key, as the control plane has them.',
    answer: json('properties'),
    rest: ofResource(({ key }) => `keys/${named(key)}`),
    docs: docs('keys/get'),
  }),
  listVaultKeyVersions: restOperation<Page>({
    ...common,
    action: 'ListVaultKeyVersions',
    scopeKind: 'region',
    permissions: [
      'Microsoft.KeyVault/vaults/keys/versions/read',
      'Microsoft.KeyVault/managedHSMs/keys/versions/read',
    ],
    purpose: 'Versions of a key from the control plane, where the vault itself does not answer.',
    rest: ofResource(({ key }) => `keys/${named(key)}/versions`),
    docs: docs('keys/list-versions'),
  }),
};

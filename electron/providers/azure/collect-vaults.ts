import { all, forEach } from '../../collect/for-each.ts';
import { allPages, type AzureRun, type Paged } from './azure-run.ts';
import { isVaultHost } from './clouds.ts';
import { collectKey } from './collect-key.ts';
import { insights, keys, managedHsm, vaults } from './operations/index.ts';
import type { DiagnosticSetting } from './operations/insights.ts';
import type { ListedKey, ListedVault } from './operations/vaults.ts';
import { resourceParts, scopeOf } from './scope.ts';

/** A vault or managed HSM as the collector works on it. */
export interface Vault {
  /** Resource id as listed. */
  id: string;
  subscription: string;
  isHsm: boolean;
  /** Address of its data plane; null when it must not be asked. */
  uri: string | null;
  settings: Paged<DiagnosticSetting>;
}

/** Keys of one vault worked on at once: enough to fill the rate budget, few enough to keep memory flat. */
const KEYS_AT_ONCE = 32;
const VAULTS_AT_ONCE = 8;

/** The vaults and managed HSMs of a subscription, also deleted ones, each with its diagnostic settings. */
export async function listVaults(azure: AzureRun, subscription: string): Promise<Vault[]> {
  const input = { subscription };
  const [live, hsms] = await Promise.all([
    allPages<ListedVault>(azure, vaults.listVaults, input),
    allPages<ListedVault>(azure, vaults.listManagedHsms, input),
    allPages(azure, vaults.listDeletedVaults, input),
    allPages(azure, vaults.listDeletedManagedHsms, input),
  ]);
  const found: Vault[] = [];
  const take = (isHsm: boolean) => async (listed: ListedVault) => {
    const id = listed.id ?? '';
    if (resourceParts(id) === null) return;
    for (const { objectId } of listed.properties?.accessPolicies ?? []) azure.principals.add(objectId);
    for (const admin of listed.properties?.initialAdminObjectIds ?? []) azure.principals.add(admin);
    const settings = await allPages<DiagnosticSetting>(azure, insights.listDiagnosticSettings, {
      resource: id,
    });
    found.push({ id, subscription, isHsm, uri: await addressOf(azure, listed), settings });
  };
  await forEach(live.items, VAULTS_AT_ONCE, take(false));
  await forEach(hsms.items, VAULTS_AT_ONCE, take(true));
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Where a vault's data plane is. A token is sent to the cloud's own vault hosts only. */
async function addressOf(azure: AzureRun, { id, properties }: ListedVault): Promise<string | null> {
  const uri = properties?.vaultUri ?? properties?.hsmUri;
  const home = properties?.tenantId?.toLowerCase();
  const why =
    uri === undefined || !URL.canParse(uri)
      ? 'its address is not known'
      : !isVaultHost(azure.cloud, new URL(uri).host)
        ? `its address ${new URL(uri).host} is no vault of this cloud`
        : home !== undefined && home !== azure.tenant
          ? `it trusts tenant ${home}`
          : null;
  if (why === null) return uri!.replace(/\/+$/, '');
  await azure.run.asking.note({
    scope: scopeOf(azure.tenant, { resource: id! }),
    op: keys.getKeys.id,
    what: 'data-plane-not-asked',
    from: null,
    to: null,
    reason: `the vault itself was not asked: ${why}`,
  });
  return null;
}

/** Keys of every vault, and the local roles of managed HSMs. */
export async function collectVaults(azure: AzureRun, found: readonly Vault[]): Promise<void> {
  await forEach(found, VAULTS_AT_ONCE, (vault) => collectVault(azure, vault));
}

async function collectVault(azure: AzureRun, vault: Vault): Promise<void> {
  const { asking } = azure.run;
  const listed = await listKeys(azure, vault, 'start');
  const scope = scopeOf(azure.tenant, { resource: vault.id });
  for (const op of [vaults.getVaultKey, keys.getKey, keys.getKeyVersions]) {
    asking.tracker.plan(op, scope, listed.names.length);
  }
  const data = { ...vault, uri: listed.dataPlane ? vault.uri : null };
  await all([
    forEach(listed.names, KEYS_AT_ONCE, (name) => collectKey(azure, data, name)),
    ...(data.uri === null
      ? []
      : [allPages(azure, keys.getDeletedKeys, { resource: vault.id, uri: data.uri })]),
    ...(vault.isHsm ? [collectLocalRoles(azure, vault)] : []),
  ]);
  // The lists again: keys that came or went meanwhile are the drift the pack reports.
  await listKeys(azure, { ...vault, uri: data.uri }, 'end');
}

/** Names of all keys: what the control plane lists and what the vault itself lists, each of which may be refused. */
async function listKeys(azure: AzureRun, vault: Vault, label: 'start' | 'end') {
  const resource = vault.id;
  const [control, data] = await Promise.all([
    allPages<ListedKey>(azure, vaults.listVaultKeys, { resource }, label),
    vault.uri === null ? null : allPages(azure, keys.getKeys, { resource, uri: vault.uri }, label),
  ]);
  const names = new Map<string, string>();
  for (const { name } of [...(data?.items ?? []), ...control.items]) {
    if (name) names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
  }
  // A vault that refuses its list refuses the rest for the same reason: it is not asked key by key.
  return { names: [...names.values()].sort(), dataPlane: data !== null && data.code === null };
}

async function collectLocalRoles(azure: AzureRun, vault: Vault): Promise<void> {
  if (vault.uri === null) return;
  const input = { resource: vault.id, uri: vault.uri };
  await all(
    Object.values(managedHsm).map(async (op) => {
      const { items } = await allPages(azure, op, input);
      for (const { properties } of items as { properties?: { principalId?: string } }[])
        azure.principals.add(properties?.principalId);
    }),
  );
}

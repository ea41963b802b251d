import { all } from '../../collect/for-each.ts';
import { allPages, type AzureRun } from './azure-run.ts';
import type { Vault } from './collect-vaults.ts';
import { keys, vaults } from './operations/index.ts';

/**
 * One key from both planes. The control plane is asked first for the rotation policy; the vault itself where that shows
 * none. Versions come from the vault, or from the control plane where the vault cannot be asked.
 */
export async function collectKey(azure: AzureRun, vault: Vault, key: string): Promise<void> {
  const resource = vault.id;
  const { uri } = vault;
  if (uri === null) {
    await all([
      azure.ask(vaults.getVaultKey, { resource, key }),
      allPages(azure, vaults.listVaultKeyVersions, { resource, key }),
    ]);
    return;
  }
  await all([
    collectRotation(azure, { resource, uri, key }),
    azure.ask(keys.getKey, { resource, uri, key }),
    collectVersions(azure, { resource, uri, key }),
  ]);
}

interface KeyInput {
  resource: string;
  uri: string;
  key: string;
}

async function collectRotation(azure: AzureRun, { resource, uri, key }: KeyInput): Promise<void> {
  const shown = await azure.ask(vaults.getVaultKey, { resource, key });
  const properties = shown.ok ? (shown.output['properties'] as { rotationPolicy?: unknown } | null) : null;
  if (properties?.rotationPolicy) return;
  await azure.ask(keys.getKeyRotationPolicy, { resource, uri, key });
}

async function collectVersions(azure: AzureRun, input: KeyInput): Promise<void> {
  const { code } = await allPages(azure, keys.getKeyVersions, input);
  if (code !== null) {
    await allPages(azure, vaults.listVaultKeyVersions, { resource: input.resource, key: input.key });
  }
}

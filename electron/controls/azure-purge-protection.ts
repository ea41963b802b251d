import { ACTIVITY_LOG, azureVaults, placeId, unreadSettings, type AzureVaultRow } from './azure-vaults.ts';
import { exception, pass, results, type Answer, type Control } from './control.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-purge-protection';

/** A deleted key cannot be destroyed at once. */
export const azurePurgeProtection: Control = {
  id: ID,
  title: 'Vaults have purge protection',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'Can nobody destroy a deleted key before its retention ends?',
  method:
    'Read enablePurgeProtection of each vault and managed HSM. It cannot be switched off once it is on: a vault that has it and was made before the period had it or got it in the period, and logged changes of the vault tell which.',
  permissions: ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/managedHSMs/read'],
  remediation: 'Turn purge protection on (az keyvault update --enable-purge-protection true).',
  standards: [{ name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '8.5' }],
  appliesTo: 'Azure vaults and managed HSMs',
  test: (context) =>
    azureVaults(context).flatMap((vault) => {
      const now = unreadSettings(vault) ?? answerNow(vault);
      const period = throughout(context, {
        ...{ subject: vault.id, account: vault.account, region: ACTIVITY_LOG, settings: ['vault'] },
        ...{ created: null, now, what: 'purge protection was on' },
      });
      return results(ID, 'place', placeId(vault), { collection: now, period });
    }),
};

function answerNow({ kind, region, properties, seq }: AzureVaultRow): Answer {
  const name = `${kind === 'vault' ? 'Vault' : 'Managed HSM'} ${region}`;
  return properties['enablePurgeProtection'] === true
    ? pass(`${name} has purge protection.`, [seq])
    : exception(`${name} has no purge protection: a deleted key can be destroyed at once.`, [seq]);
}

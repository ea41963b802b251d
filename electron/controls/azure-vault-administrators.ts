import { ACTIVITY_LOG, azureVaults, placeId, vaultAccessAnswer } from './azure-vaults.ts';
import { results, type Control } from './control.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-vault-administrators';
const WORDS = {
  finding: 'Roles that are everything over the vault, or can give it, are held',
  none: 'nobody held Owner, User Access Administrator, Role Based Access Control Administrator or Key Vault Administrator over the vault',
};

/** Who is everything over a vault is known, and few. */
export const azureVaultAdministrators: Control = {
  id: ID,
  title: 'Roles that are everything over a vault are not held standing',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question:
    'Who holds Owner, User Access Administrator, Role Based Access Control Administrator or Key Vault Administrator over the vault, or can activate it?',
  method:
    'Read role assignments and eligibilities at, above and on each vault, with the names of their roles. Every holder is listed; the client shows why each is needed. Members of groups are not read.',
  permissions: [
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/roleEligibilityScheduleInstances/read',
  ],
  remediation:
    'Give narrower roles on the vault, and the rest through Privileged Identity Management with approval.',
  standards: [{ name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '1.23' }],
  appliesTo: 'Azure vaults and managed HSMs',
  test: (context) =>
    azureVaults(context).flatMap((vault) => {
      const facts = context.access.vaultAdministrators.get(vault.id) ?? [];
      const now = vaultAccessAnswer(context, vault, facts, WORDS);
      const period = throughout(context, {
        ...{ subject: vault.id, account: vault.account, region: ACTIVITY_LOG, settings: ['roles'] },
        also: [{ subject: vault.account, settings: ['iam'], region: ACTIVITY_LOG }],
        ...{ created: null, now, what: WORDS.none },
      });
      return results(ID, 'place', placeId(vault), { collection: now, period });
    }),
};

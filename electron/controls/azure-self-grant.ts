import { ACTIVITY_LOG, azureVaults, placeId, unreadSettings, vaultAccessAnswer } from './azure-vaults.ts';
import { both, notApplicable, results, type Control } from './control.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-self-grant';
const WORDS = {
  finding:
    'The vault is under access policies, and whoever may write the vault can give himself every right on its keys',
  none: 'nobody held the right to write this vault’s access policies',
};

/** A management role is no way to the keys. */
export const azureSelfGrant: Control = {
  id: ID,
  title: 'No management role leads to the keys of a vault',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Can a holder of Contributor or a like role give himself rights on the keys?',
  method:
    'Read who decides access in each vault (enableRbacAuthorization; null means access policies). Under access policies, evaluate who holds Microsoft.KeyVault/vaults/write or accessPolicies/write at, above or on the vault: each can write himself into an access policy.',
  permissions: [
    'Microsoft.KeyVault/vaults/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
  ],
  remediation:
    'Move the vault to Azure RBAC (az keyvault update --enable-rbac-authorization true) after its roles are given.',
  standards: [{ name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '8.6' }],
  appliesTo: 'Azure vaults',
  test: (context) =>
    azureVaults(context).flatMap((vault) => {
      if (vault.kind === 'managed HSM' || vault.properties['enableRbacAuthorization'] === true) {
        const why =
          vault.kind === 'vault'
            ? 'Azure RBAC decides over this vault'
            : 'local roles decide over a managed HSM';
        return results(
          ID,
          'place',
          placeId(vault),
          both(notApplicable(`No access policy can be written: ${why}.`, [vault.seq])),
        );
      }
      const now =
        unreadSettings(vault) ??
        vaultAccessAnswer(context, vault, context.access.selfGrants.get(vault.id) ?? [], WORDS);
      const period = throughout(context, {
        ...{
          subject: vault.id,
          account: vault.account,
          region: ACTIVITY_LOG,
          settings: ['vault', 'policy', 'roles'],
        },
        also: [{ subject: vault.account, settings: ['iam'], region: ACTIVITY_LOG }],
        ...{ created: null, now, what: WORDS.none },
      });
      return results(ID, 'place', placeId(vault), { collection: now, period });
    }),
};

import { json, restOperation, type AzureInput, type Page } from '../operation.ts';
import { vaultReads } from './quotas.ts';

const VERSION = '7.5';
const common = {
  service: 'managedhsm',
  plane: 'vault',
  scopeKind: 'region',
  quota: vaultReads,
  answer: json('value'),
  dataPlane: true,
} as const;
const docs = (page: string) => `https://learn.microsoft.com/rest/api/keyvault/${page}`;

/** Lists at the scope of the whole HSM, which is `/`: also what is given on single keys. */
const atRoot =
  (type: string) =>
  (_cloud: unknown, { uri, page }: AzureInput) => ({
    url: page ?? `${uri}///providers/Microsoft.Authorization/${type}?api-version=${VERSION}`,
  });

/** Local roles of a managed HSM: Resource Manager knows nothing of them. */
export const managedHsm = {
  listLocalRoleDefinitions: restOperation<Page>({
    ...common,
    action: 'ListLocalRoleDefinitions',
    hsmAction: 'Microsoft.KeyVault/managedHsm/roleDefinitions/read/action',
    purpose: 'What the local roles of the managed HSM allow.',
    rest: atRoot('roleDefinitions'),
    docs: docs('role-definitions/list'),
  }),
  listLocalRoleAssignments: restOperation<Page>({
    ...common,
    action: 'ListLocalRoleAssignments',
    hsmAction: 'Microsoft.KeyVault/managedHsm/roleAssignments/read/action',
    purpose: 'Who holds local roles of the managed HSM, on all keys and on single ones.',
    rest: atRoot('roleAssignments'),
    docs: docs('role-assignments/list-for-scope'),
  }),
};

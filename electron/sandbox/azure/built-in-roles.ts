import type { AzurePermission, RoleDefinition } from '../../access/azure/model.ts';

/**
 * Azure's built-in roles that matter for keys, as roleDefinitions lists them ("Azure built-in roles for Security" and
 * "… for General"), and the local roles of a managed HSM ("Managed HSM local RBAC built-in roles").
 */

const role = (
  guid: string,
  roleName: string,
  permission: AzurePermission,
): RoleDefinition & { name: string; type: string } => ({
  id: `/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: guid,
  properties: {
    roleName,
    type: 'BuiltInRole',
    permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }],
  },
});

const KEY_VAULT_READ = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
];
const keys = (...names: string[]): string[] => names.map((name) => `Microsoft.KeyVault/vaults/keys/${name}`);

export const ROLE_IDS = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  keyVaultAdministrator: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  keyVaultReader: '21090545-7ca7-4776-b22c-e363652d74d2',
  keyVaultContributor: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  dataAccessAdministrator: '8b54135c-b56d-4d72-a534-26097cfdc8d8',
  cryptoOfficer: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
  cryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424',
  serviceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  serviceReleaseUser: '08bbd89e-9f13-488c-ac41-acfcb10c90ab',
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  logAnalyticsDataReader: '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
} as const;

export const BUILT_IN_ROLES: readonly (RoleDefinition & { name: string; type: string })[] = [
  role(ROLE_IDS.owner, 'Owner', { actions: ['*'] }),
  role(ROLE_IDS.contributor, 'Contributor', {
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
    ],
  }),
  role(ROLE_IDS.reader, 'Reader', { actions: ['*/read'] }),
  role(ROLE_IDS.userAccessAdministrator, 'User Access Administrator', {
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  }),
  role(ROLE_IDS.rbacAdministrator, 'Role Based Access Control Administrator', {
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  }),
  role(ROLE_IDS.keyVaultAdministrator, 'Key Vault Administrator', {
    actions: KEY_VAULT_READ,
    dataActions: ['Microsoft.KeyVault/vaults/*'],
  }),
  role(ROLE_IDS.keyVaultReader, 'Key Vault Reader', {
    actions: KEY_VAULT_READ,
    dataActions: [
      'Microsoft.KeyVault/vaults/*/read',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  }),
  role(ROLE_IDS.keyVaultContributor, 'Key Vault Contributor', {
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.KeyVault/*',
      'Microsoft.ResourceHealth/availabilityStatuses/read',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Support/*',
    ],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
  }),
  role(ROLE_IDS.dataAccessAdministrator, 'Key Vault Data Access Administrator', {
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/read',
      'Microsoft.KeyVault/vaults/*/read',
    ],
    conditionVersion: '2.0',
    condition: `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${ROLE_IDS.keyVaultAdministrator}, ${ROLE_IDS.cryptoOfficer}, ${ROLE_IDS.cryptoUser}, ${ROLE_IDS.serviceEncryptionUser}}))`,
  }),
  role(ROLE_IDS.cryptoOfficer, 'Key Vault Crypto Officer', {
    actions: KEY_VAULT_READ,
    dataActions: ['Microsoft.KeyVault/vaults/keys/*', 'Microsoft.KeyVault/vaults/keyrotationpolicies/*'],
  }),
  role(ROLE_IDS.cryptoUser, 'Key Vault Crypto User', {
    dataActions: keys(
      'read',
      'update/action',
      'backup/action',
      'encrypt/action',
      'decrypt/action',
      'wrap/action',
      'unwrap/action',
      'sign/action',
      'verify/action',
    ),
  }),
  role(ROLE_IDS.serviceEncryptionUser, 'Key Vault Crypto Service Encryption User', {
    actions: [
      'Microsoft.EventGrid/eventSubscriptions/write',
      'Microsoft.EventGrid/eventSubscriptions/read',
      'Microsoft.EventGrid/eventSubscriptions/delete',
    ],
    dataActions: keys('read', 'wrap/action', 'unwrap/action'),
  }),
  role(ROLE_IDS.serviceReleaseUser, 'Key Vault Crypto Service Release User', {
    dataActions: keys('release/action'),
  }),
  role(ROLE_IDS.secretsUser, 'Key Vault Secrets User', {
    dataActions: [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  }),
  role(ROLE_IDS.logAnalyticsDataReader, 'Log Analytics Data Reader', {
    actions: [
      'Microsoft.OperationalInsights/workspaces/read',
      'Microsoft.OperationalInsights/workspaces/query/read',
      'Microsoft.OperationalInsights/workspaces/tables/read',
    ],
    dataActions: ['Microsoft.OperationalInsights/workspaces/tables/data/read'],
  }),
  role(ROLE_IDS.storageBlobDataReader, 'Storage Blob Data Reader', {
    actions: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    ],
    dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  }),
];

const hsm = (...names: string[]): string[] => names.map((name) => `Microsoft.KeyVault/managedHsm/${name}`);

export const HSM_ROLE_IDS = {
  administrator: 'a290e904-7015-4bba-90c8-60543313cdb4',
  cryptoOfficer: '515eb02d-2335-4d2d-92f2-b1cbdf9c3778',
  cryptoUser: '21dbd100-6940-42c2-9190-5d6cb909625b',
  policyAdministrator: '4bd23610-cdcf-4971-bdee-bdc562cc28e4',
  cryptoAuditor: '2c18b078-7c48-4d3a-af88-5a3a1b3f82b3',
  serviceEncryptionUser: '33413926-3206-4cdd-b39a-83574fe37a17',
  backup: '7b127d3c-77bd-4e3e-bbe0-dbb8971fa7f8',
} as const;

const localRole = (
  guid: string,
  roleName: string,
  dataActions: string[],
): RoleDefinition & { name: string; type: string } => ({
  ...role(guid, roleName, { dataActions }),
  id: `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
});

export const HSM_ROLES: readonly (RoleDefinition & { name: string; type: string })[] = [
  localRole(
    HSM_ROLE_IDS.administrator,
    'Managed HSM Administrator',
    hsm(
      'roleAssignments/write/action',
      'roleAssignments/delete/action',
      'roleAssignments/read/action',
      'roleDefinitions/read/action',
      'roleDefinitions/write/action',
      'roleDefinitions/delete/action',
      'securitydomain/download/action',
      'securitydomain/upload/action',
      'securitydomain/upload/read',
      'securitydomain/transferkey/read',
      'backup/start/action',
      'backup/status/action',
      'restore/start/action',
      'restore/status/action',
    ),
  ),
  localRole(
    HSM_ROLE_IDS.cryptoOfficer,
    'Managed HSM Crypto Officer',
    hsm(
      'keys/deletedKeys/read/action',
      'keys/deletedKeys/recover/action',
      'keys/deletedKeys/delete',
      'roleAssignments/read/action',
      'roleDefinitions/read/action',
      'roleDefinitions/write/action',
      'roleDefinitions/delete/action',
      'roleAssignments/write/action',
      'roleAssignments/delete/action',
      'keys/export/action',
      'keys/release/action',
    ),
  ),
  localRole(
    HSM_ROLE_IDS.cryptoUser,
    'Managed HSM Crypto User',
    hsm(
      'keys/read/action',
      'keys/write/action',
      'keys/rotate/action',
      'keys/create',
      'keys/delete',
      'keys/import/action',
      'keys/encrypt/action',
      'keys/decrypt/action',
      'keys/wrap/action',
      'keys/unwrap/action',
      'keys/sign/action',
      'keys/verify/action',
      'keys/backup/action',
      'keys/restore/action',
      'keys/deletedKeys/read/action',
    ),
  ),
  localRole(
    HSM_ROLE_IDS.policyAdministrator,
    'Managed HSM Policy Administrator',
    hsm(
      'roleAssignments/read/action',
      'roleAssignments/write/action',
      'roleAssignments/delete/action',
      'roleDefinitions/read/action',
    ),
  ),
  localRole(
    HSM_ROLE_IDS.cryptoAuditor,
    'Managed HSM Crypto Auditor',
    hsm(
      'roleDefinitions/read/action',
      'keys/read/action',
      'keys/deletedKeys/read/action',
      'roleAssignments/read/action',
    ),
  ),
  localRole(
    HSM_ROLE_IDS.serviceEncryptionUser,
    'Managed HSM Crypto Service Encryption User',
    hsm('keys/wrap/action', 'keys/unwrap/action', 'keys/read/action'),
  ),
  localRole(
    HSM_ROLE_IDS.backup,
    'Managed HSM Backup',
    hsm('backup/start/action', 'backup/status/action', 'keys/backup/action'),
  ),
];

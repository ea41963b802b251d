import type { AzurePermission } from '../../access/azure/model.ts';

/** The custom role that the sample company gives the collector: reading, nothing else. */
export const AUDITOR_PERMISSION: AzurePermission = {
  actions: [
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.KeyVault/vaults/read',
    'Microsoft.KeyVault/vaults/keys/read',
    'Microsoft.KeyVault/vaults/keys/versions/read',
    'Microsoft.KeyVault/vaults/privateEndpointConnections/read',
    'Microsoft.KeyVault/deletedVaults/read',
    'Microsoft.KeyVault/managedHSMs/read',
    'Microsoft.KeyVault/managedHSMs/keys/read',
    'Microsoft.KeyVault/managedHSMs/keys/versions/read',
    'Microsoft.KeyVault/deletedManagedHsms/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/denyAssignments/read',
    'Microsoft.Authorization/locks/read',
    'Microsoft.Authorization/roleAssignmentScheduleInstances/read',
    'Microsoft.Authorization/roleEligibilityScheduleInstances/read',
    'Microsoft.Insights/DiagnosticSettings/Read',
    'Microsoft.Insights/eventtypes/values/Read',
    'Microsoft.Insights/activityLogAlerts/read',
    'Microsoft.Insights/scheduledQueryRules/read',
    'Microsoft.Storage/storageAccounts/read',
    'Microsoft.Storage/storageAccounts/managementPolicies/read',
    'Microsoft.OperationalInsights/workspaces/read',
    'Microsoft.OperationalInsights/workspaces/tables/read',
    'Microsoft.OperationalInsights/workspaces/query/read',
    'Microsoft.OperationalInsights/workspaces/query/AZKVAuditLogs/read',
    'Microsoft.OperationalInsights/workspaces/query/AzureDiagnostics/read',
  ],
  dataActions: [
    'Microsoft.KeyVault/vaults/keys/read',
    'Microsoft.KeyVault/vaults/keyrotationpolicies/read',
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
  ],
};

/** Application permissions of Microsoft Graph. */
export const AUDITOR_GRAPH_PERMISSIONS = ['Directory.Read.All'];

export const AUDITOR_KEY_PERMISSIONS = ['get', 'list', 'getrotationpolicy'];

export const AUDITOR_HSM_ACTIONS = [
  'Microsoft.KeyVault/managedHsm/roleDefinitions/read/action',
  'Microsoft.KeyVault/managedHsm/roleAssignments/read/action',
  'Microsoft.KeyVault/managedHsm/keys/read/action',
  'Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action',
];

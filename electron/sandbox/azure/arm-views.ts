import { DAY } from '../company/time.ts';
import type { ActivityEvent, Estate, EstateKey, EstateVault, KeyVersion } from './types.ts';

/** Items as Azure Resource Manager shows them. `uri` is where the vault's data plane listens. */

const iso = (ms: number): string => new Date(ms).toISOString();
const unix = (ms: number): number => Math.floor(ms / 1000);
const SOFT_DELETE_DAYS = 90;

export function vaultView(vault: EstateVault, uri: string): Record<string, unknown> {
  const hsm = vault.kind === 'hsm';
  return {
    id: vault.id,
    name: vault.name,
    type: hsm ? 'Microsoft.KeyVault/managedHSMs' : 'Microsoft.KeyVault/vaults',
    location: vault.location,
    ...(hsm ? { sku: { family: 'B', name: 'Standard_B1' } } : {}),
    tags: vault.tags,
    systemData: {
      createdBy: 'tom.becker@meridian-freight.example',
      createdByType: 'User',
      createdAt: iso(vault.createdAt),
      lastModifiedBy: 'tom.becker@meridian-freight.example',
      lastModifiedByType: 'User',
      lastModifiedAt: iso(vault.createdAt),
    },
    properties: {
      ...vault.properties,
      ...(vault.firewalled ? { privateEndpointConnections: [privateEndpoint(vault)] } : {}),
      [hsm ? 'hsmUri' : 'vaultUri']: `${uri}/`,
    },
  };
}

export function deletedVaultView(vault: EstateVault): Record<string, unknown> {
  const subscription = vault.id.split('/')[2]!;
  const deletedAt = vault.deletedAt ?? 0;
  return {
    id: `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vault.id,
      location: vault.location,
      tags: vault.tags,
      deletionDate: iso(deletedAt),
      scheduledPurgeDate: iso(deletedAt + SOFT_DELETE_DAYS * DAY),
      purgeProtectionEnabled: vault.properties['enablePurgeProtection'] === true,
    },
  };
}

/** The control plane's copy of a key, or of one version of it. */
export function keyView(
  vault: EstateVault,
  uri: string,
  key: EstateKey,
  version?: KeyVersion,
): Record<string, unknown> {
  const shown = version ?? key.versions.at(-1)!;
  const type = `Microsoft.KeyVault/${vault.kind === 'hsm' ? 'managedHSMs' : 'vaults'}/keys`;
  return {
    id: `${vault.id}/keys/${key.name}${version ? `/versions/${version.id}` : ''}`,
    name: version ? version.id : key.name,
    type: version ? `${type}/versions` : type,
    location: vault.location,
    tags: key.tags ?? {},
    properties: {
      attributes: {
        enabled: shown.enabled,
        ...(shown.expiresAt === undefined ? {} : { exp: unix(shown.expiresAt) }),
        created: unix(shown.createdAt),
        updated: unix(shown.updatedAt),
        recoveryLevel:
          vault.properties['enablePurgeProtection'] === true ? 'Recoverable' : 'Recoverable+Purgeable',
        exportable: key.exportable ?? false,
      },
      kty: key.kty,
      keyOps: key.keyOps,
      ...(typeof key.size === 'number' ? { keySize: key.size } : { curveName: key.size }),
      keyUri: `${uri}/keys/${key.name}`,
      keyUriWithVersion: `${uri}/keys/${key.name}/${shown.id}`,
      // The control plane writes the action's type in lower case, the data plane does not.
      ...(key.rotationPolicy && version === undefined
        ? {
            rotationPolicy: {
              attributes: key.rotationPolicy.attributes,
              lifetimeActions: key.rotationPolicy.lifetimeActions.map(({ trigger, action }) => ({
                trigger,
                action: { type: action.type.toLowerCase() },
              })),
            },
          }
        : {}),
    },
  };
}

export const activityView = (event: ActivityEvent, estate: Estate): Record<string, unknown> => ({
  id: `${event.resourceId}/events/${event.id}/ticks/${event.at}`,
  eventDataId: event.id,
  eventTimestamp: iso(event.at),
  submissionTimestamp: iso(event.at + 90_000),
  caller: event.caller,
  channels: 'Operation',
  category: { value: 'Administrative', localizedValue: 'Administrative' },
  level: 'Informational',
  operationName: { value: event.operation, localizedValue: event.operation },
  status: { value: 'Succeeded', localizedValue: 'Succeeded' },
  subStatus: { value: 'OK', localizedValue: 'OK (HTTP Status Code: 200)' },
  resourceProviderName: { value: event.resourceProvider, localizedValue: event.resourceProvider },
  resourceId: event.resourceId,
  resourceGroupName: event.resourceId.split('/')[4],
  subscriptionId: event.subscriptionId,
  tenantId: estate.tenantId,
  correlationId: event.correlationId,
});

export const workspaceTable = (estate: Estate, name: string): Record<string, unknown> => ({
  id: `${estate.workspace.id}/tables/${name}`,
  name,
  properties: {
    plan: 'Analytics',
    retentionInDays: estate.workspace.retentionInDays,
    totalRetentionInDays: estate.workspace.retentionInDays,
    provisioningState: 'Succeeded',
    schema: { name },
  },
});

/** Production is told of changes of vaults and of diagnostic settings; security of nothing. */
export function alertsOf(estate: Estate, subscription: string): Record<string, unknown>[] {
  const [production] = estate.subscriptions;
  if (!subscription.toLowerCase().endsWith(production.id)) return [];
  const group = `/subscriptions/${production.id}/resourceGroups/orders/providers/Microsoft.Insights`;
  const alert = (name: string, enabled: boolean, ...operations: string[]) => ({
    id: `${group}/activityLogAlerts/${name}`,
    name,
    type: 'Microsoft.Insights/activityLogAlerts',
    location: 'global',
    properties: {
      enabled,
      scopes: [`/subscriptions/${production.id}`],
      condition: {
        allOf: [
          { field: 'category', equals: 'Administrative' },
          { anyOf: operations.map((equals) => ({ field: 'operationName', equals })) },
        ],
      },
      actions: { actionGroups: [{ actionGroupId: `${group}/actionGroups/security-on-call` }] },
    },
  });
  return [
    alert('vault-changes', true, 'Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults/delete'),
    alert('diagnostics-changes', true, 'Microsoft.Insights/diagnosticSettings/delete'),
    alert('role-changes', false, 'Microsoft.Authorization/roleAssignments/write'),
  ];
}

/** The storage account that one vault exports its records to. */
export function storageView({ storageAccountId }: Estate): Record<string, unknown> {
  const name = storageAccountId.split('/').at(-1)!;
  return {
    id: storageAccountId,
    name,
    type: 'Microsoft.Storage/storageAccounts',
    location: 'westeurope',
    kind: 'StorageV2',
    properties: {
      primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
      allowBlobPublicAccess: false,
      supportsHttpsTrafficOnly: true,
      minimumTlsVersion: 'TLS1_2',
      encryption: { keySource: 'Microsoft.Storage' },
    },
  };
}

/** Exported records are deleted after two years. */
export function managementPolicy({ storageAccountId }: Estate): Record<string, unknown> {
  return {
    id: `${storageAccountId}/managementPolicies/default`,
    name: 'DefaultManagementPolicy',
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-old-records',
            enabled: true,
            type: 'Lifecycle',
            definition: {
              filters: { blobTypes: ['appendBlob'], prefixMatch: ['insights-logs-auditevent'] },
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 730 } } },
            },
          },
        ],
      },
    },
  };
}

/** The private endpoint of a vault that answers through nothing else. */
export const privateEndpoint = (vault: EstateVault): Record<string, unknown> => ({
  id: `${vault.id}/privateEndpointConnections/${vault.name}-pe`,
  name: `${vault.name}-pe`,
  properties: {
    provisioningState: 'Succeeded',
    privateLinkServiceConnectionState: { status: 'Approved', actionsRequired: 'None' },
  },
});

import { normalScope } from '../../access/azure/scope.ts';
import { filterActivity } from './activity-filter.ts';
import {
  activityView,
  alertsOf,
  deletedVaultView,
  keyView,
  managementPolicy,
  storageView,
  vaultView,
  workspaceTable,
} from './arm-views.ts';
import type { Callers } from './callers.ts';
import { AzureFault, page, type Answer, type Request } from './http.ts';
import type { Estate, EstateKey, EstateVault, SignIn } from './types.ts';

/** What the routes answer from. */
export interface ArmFacts {
  estate: Estate;
  callers: Callers;
  /** Where each vault's data plane listens, by lower-case ARM id. */
  uris: ReadonlyMap<string, string>;
  pageSize: number;
}

interface Route {
  operation: string;
  pattern: RegExp;
  /** API versions that the sample environment speaks. */
  versions: string[];
  /** Undefined: no permission is needed. */
  action?: string;
  answer(facts: ArmFacts, request: Request, parts: string[], who: SignIn): unknown;
}

const KEY_VAULT = ['2026-02-01'];
const AUTHORIZATION = ['2022-04-01'];
const PIM = ['2020-10-01'];
const ACTIVITY_PAGE = 200;

const SUB = '^(/subscriptions/[^/]+)';
const VAULT = `(${SUB.slice(1)}/resourceGroups/[^/]+/providers/Microsoft\\.KeyVault/(?:vaults|managedHSMs)/[^/]+)`;
const STORAGE = `^(${SUB.slice(1)}/resourceGroups/[^/]+/providers/Microsoft\\.Storage/storageAccounts/[^/]+)`;
const path = (text: string): RegExp => new RegExp(`${text}$`, 'i');

const missing = (id: string): AzureFault =>
  new AzureFault(
    404,
    'ResourceNotFound',
    `The Resource '${id}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

const vaultAt = ({ estate }: ArmFacts, id: string): EstateVault => {
  const found = estate.vaults.find((v) => normalScope(v.id) === normalScope(id) && v.deletedAt === undefined);
  if (found === undefined) throw missing(id);
  return found;
};
const keyAt = (vault: EstateVault, name: string | undefined): EstateKey => {
  const key = vault.keys.find(
    (k) => k.name.toLowerCase() === name?.toLowerCase() && k.deletedAt === undefined,
  );
  if (key === undefined) throw missing(`${vault.id}/keys/${name}`);
  return key;
};
const uriOf = ({ uris }: ArmFacts, vault: EstateVault): string => uris.get(normalScope(vault.id)) ?? '';
const inSubscription = (subscription: string) => (item: { id: string }) =>
  normalScope(item.id).startsWith(`${normalScope(subscription)}/`);

const listVaults =
  (kind: EstateVault['kind'], deleted: boolean) =>
  (facts: ArmFacts, request: Request, [subscription = '']: string[]): unknown => {
    const found = facts.estate.vaults
      .filter((v) => v.kind === kind && (v.deletedAt !== undefined) === deleted)
      .filter(inSubscription(subscription));
    const items = found.map((v) => (deleted ? deletedVaultView(v) : vaultView(v, uriOf(facts, v))));
    return page(request, items, facts.pageSize);
  };

/** Lists of Microsoft.Authorization: at, above and below the scope, or at and above it with `atScope()`. */
const listScoped =
  (
    items: (estate: Estate) => readonly { id: string; properties: { scope: string; principalId?: string } }[],
  ) =>
  (facts: ArmFacts, request: Request, [scope = '']: string[]): unknown => {
    const at = normalScope(scope);
    const filter = request.query.get('$filter') ?? '';
    const principal = /^principalId eq '([^']+)'$/i.exec(filter)?.[1];
    if (filter !== '' && principal === undefined && !/^atScope\(\)$/i.test(filter))
      throw new AzureFault(400, 'UnsupportedQuery', `The filter '${filter}' is not supported.`);
    const found = items(facts.estate).filter(({ properties }) => {
      const own = normalScope(properties.scope);
      const above = own === '' || own === at || at.startsWith(`${own}/`) || own.startsWith('/providers/');
      const below = own.startsWith(`${at}/`) && !/^atScope/i.test(filter);
      return (above || below) && (principal === undefined || properties.principalId === principal);
    });
    const named = found.map((item) => ({
      ...item,
      name: item.id.split('/').at(-1),
      type: /providers\/(Microsoft\.Authorization\/\w+)\//.exec(item.id)?.[1],
    }));
    return page(request, named, facts.pageSize);
  };

const ROUTES: Route[] = [
  {
    operation: 'arm.ListTenants',
    pattern: path('^/tenants'),
    versions: ['2022-12-01'],
    answer: ({ estate }, request) =>
      page(
        request,
        [
          {
            id: `/tenants/${estate.tenantId}`,
            tenantId: estate.tenantId,
            displayName: estate.tenantName,
            tenantCategory: 'Home',
          },
        ],
        100,
      ),
  },
  {
    operation: 'arm.ListSubscriptions',
    pattern: path('^/subscriptions'),
    versions: ['2022-12-01'],
    answer: ({ estate, callers, pageSize }, request, _parts, who) => {
      const seen = estate.subscriptions.filter(({ id }) => callers.sees(who, id));
      const items = seen.map(({ id, name }) => ({
        id: `/subscriptions/${id}`,
        subscriptionId: id,
        tenantId: estate.tenantId,
        displayName: name,
        state: 'Enabled',
        authorizationSource: 'RoleBased',
      }));
      return page(request, items, pageSize);
    },
  },
  {
    operation: 'arm.ListResourceGroups',
    pattern: path(`${SUB}/resourcegroups`),
    versions: ['2022-12-01', '2021-04-01'],
    action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
    answer: ({ estate, pageSize }, request, [subscription = '']) => {
      const found = estate.subscriptions.find(({ id }) => subscription.toLowerCase().endsWith(id));
      const items = (found?.resourceGroups ?? []).map((name) => ({
        id: `${subscription}/resourceGroups/${name}`,
        name,
        type: 'Microsoft.Resources/resourceGroups',
        location: 'westeurope',
        properties: { provisioningState: 'Succeeded' },
      }));
      return page(request, items, pageSize);
    },
  },
  {
    operation: 'arm.ListVaults',
    pattern: path(`${SUB}/providers/Microsoft\\.KeyVault/vaults`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/vaults/read',
    answer: listVaults('vault', false),
  },
  {
    operation: 'arm.ListDeletedVaults',
    pattern: path(`${SUB}/providers/Microsoft\\.KeyVault/deletedVaults`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/deletedVaults/read',
    answer: listVaults('vault', true),
  },
  {
    operation: 'arm.ListManagedHsms',
    pattern: path(`${SUB}/providers/Microsoft\\.KeyVault/managedHSMs`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/managedHSMs/read',
    answer: listVaults('hsm', false),
  },
  {
    operation: 'arm.ListDeletedManagedHsms',
    pattern: path(`${SUB}/providers/Microsoft\\.KeyVault/deletedManagedHSMs`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/deletedManagedHsms/read',
    answer: listVaults('hsm', true),
  },
  {
    operation: 'arm.GetVault',
    pattern: path(`^${VAULT}`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/{type}/read',
    answer: (facts, _request, [id = '']) => {
      const vault = vaultAt(facts, id);
      return vaultView(vault, uriOf(facts, vault));
    },
  },
  {
    operation: 'arm.ListPrivateEndpointConnections',
    pattern: path(`^${VAULT}/privateEndpointConnections`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/{type}/privateEndpointConnections/read',
    answer: (facts, _request, [id = '']) => {
      const vault = vaultAt(facts, id);
      const own = {
        id: `${vault.id}/privateEndpointConnections/${vault.name}-pe`,
        name: `${vault.name}-pe`,
        properties: {
          provisioningState: 'Succeeded',
          privateLinkServiceConnectionState: { status: 'Approved', actionsRequired: 'None' },
        },
      };
      return { value: vault.firewalled ? [own] : [] };
    },
  },
  {
    operation: 'arm.ListKeys',
    pattern: path(`^${VAULT}/keys`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/{type}/keys/read',
    answer: (facts, request, [id = '']) => {
      const vault = vaultAt(facts, id);
      const live = vault.keys.filter((key) => key.deletedAt === undefined);
      // The list carries neither type nor rotation policy: those need a call for each key.
      const items = live.map((key) => {
        const { properties, ...rest } = keyView(vault, uriOf(facts, vault), key);
        const { attributes, keyUri } = properties as Record<string, unknown>;
        return { ...rest, properties: { attributes, keyUri } };
      });
      return page(request, items, facts.pageSize);
    },
  },
  {
    operation: 'arm.GetKey',
    pattern: path(`^${VAULT}/keys/([^/]+)`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/{type}/keys/read',
    answer: (facts, _request, [id = '', , name]) => {
      const vault = vaultAt(facts, id);
      return keyView(vault, uriOf(facts, vault), keyAt(vault, name));
    },
  },
  {
    operation: 'arm.ListKeyVersions',
    pattern: path(`^${VAULT}/keys/([^/]+)/versions`),
    versions: KEY_VAULT,
    action: 'Microsoft.KeyVault/{type}/keys/versions/read',
    answer: (facts, request, [id = '', , name]) => {
      const vault = vaultAt(facts, id);
      const key = keyAt(vault, name);
      return page(
        request,
        key.versions.map((v) => keyView(vault, uriOf(facts, vault), key, v)),
        facts.pageSize,
      );
    },
  },
  {
    operation: 'arm.ListRoleDefinitions',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/roleDefinitions'),
    versions: AUTHORIZATION,
    action: 'Microsoft.Authorization/roleDefinitions/read',
    answer: ({ estate, pageSize }, request, [scope = '']) => {
      const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
      return page(
        request,
        estate.roleDefinitions.map((d) => ({ ...d, id: `${subscription}${d.id}` })),
        pageSize,
      );
    },
  },
  {
    operation: 'arm.ListRoleAssignments',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/roleAssignments'),
    versions: AUTHORIZATION,
    action: 'Microsoft.Authorization/roleAssignments/read',
    answer: listScoped((estate) => estate.roleAssignments),
  },
  {
    operation: 'arm.ListDenyAssignments',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/denyAssignments'),
    versions: AUTHORIZATION,
    action: 'Microsoft.Authorization/denyAssignments/read',
    answer: listScoped((estate) => estate.denyAssignments),
  },
  {
    operation: 'arm.ListRoleAssignmentScheduleInstances',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/roleAssignmentScheduleInstances'),
    versions: PIM,
    action: 'Microsoft.Authorization/roleAssignmentScheduleInstances/read',
    answer: listScoped((estate) => estate.activeInstances),
  },
  {
    operation: 'arm.ListRoleEligibilityScheduleInstances',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/roleEligibilityScheduleInstances'),
    versions: PIM,
    action: 'Microsoft.Authorization/roleEligibilityScheduleInstances/read',
    answer: listScoped((estate) => estate.eligibilities),
  },
  {
    operation: 'arm.ListLocks',
    pattern: path('^(.*)/providers/Microsoft\\.Authorization/locks'),
    versions: ['2020-05-01'],
    action: 'Microsoft.Authorization/locks/read',
    answer: () => ({ value: [] }),
  },
  {
    operation: 'arm.ListDiagnosticSettings',
    pattern: path(`^${VAULT}/providers/Microsoft\\.Insights/diagnosticSettings`),
    versions: ['2021-05-01-preview'],
    action: 'Microsoft.Insights/DiagnosticSettings/Read',
    answer: (facts, _request, [id = '']) => {
      const vault = vaultAt(facts, id);
      const view = vault.diagnosticSettings.map(({ name, ...properties }) => ({
        id: `${vault.id.toLowerCase()}/providers/microsoft.insights/diagnosticSettings/${name}`,
        name,
        type: 'Microsoft.Insights/diagnosticSettings',
        properties: {
          storageAccountId: null,
          workspaceId: null,
          eventHubAuthorizationRuleId: null,
          eventHubName: null,
          logAnalyticsDestinationType: null,
          ...properties,
          metrics: [],
          logs: properties.logs.map((log) => ({
            category: null,
            categoryGroup: null,
            ...log,
            retentionPolicy: { enabled: false, days: 0 },
          })),
        },
      }));
      return { value: view };
    },
  },
  {
    operation: 'arm.ListActivityLog',
    pattern: path(`${SUB}/providers/Microsoft\\.Insights/eventtypes/management/values`),
    versions: ['2015-04-01'],
    action: 'Microsoft.Insights/eventtypes/values/Read',
    answer: ({ estate }, request, [subscription = '']) => {
      const own = estate.activity.filter(({ subscriptionId }) =>
        subscription.toLowerCase().endsWith(subscriptionId),
      );
      const found = filterActivity(own, request.query.get('$filter') ?? '', estate.now);
      return page(
        request,
        found.map((event) => activityView(event, estate)),
        ACTIVITY_PAGE,
      );
    },
  },
  {
    operation: 'arm.GetWorkspace',
    pattern: path(
      `^(${SUB.slice(1)}/resourceGroups/[^/]+/providers/Microsoft\\.OperationalInsights/workspaces/[^/]+)`,
    ),
    versions: ['2023-09-01'],
    action: 'Microsoft.OperationalInsights/workspaces/read',
    answer: ({ estate: { workspace } }, _request, [id = '']) => {
      if (normalScope(id) !== normalScope(workspace.id)) throw missing(id);
      const { customerId, retentionInDays, location, name } = workspace;
      return {
        id: workspace.id,
        name,
        location,
        properties: { customerId, retentionInDays, sku: { name: 'PerGB2018' } },
      };
    },
  },
  {
    operation: 'arm.GetWorkspaceTable',
    pattern: path(
      `^(${SUB.slice(1)}/resourceGroups/[^/]+/providers/Microsoft\\.OperationalInsights/workspaces/[^/]+)/tables/(AZKVAuditLogs|AzureDiagnostics)`,
    ),
    versions: ['2023-09-01'],
    action: 'Microsoft.OperationalInsights/workspaces/tables/read',
    answer: ({ estate }, _request, [id = '', , name = '']) => {
      if (normalScope(id) !== normalScope(estate.workspace.id)) throw missing(id);
      return workspaceTable(estate, name);
    },
  },
  {
    operation: 'arm.ListActivityLogAlerts',
    pattern: path(`${SUB}/providers/Microsoft\\.Insights/activityLogAlerts`),
    versions: ['2020-10-01'],
    action: 'Microsoft.Insights/activityLogAlerts/read',
    answer: ({ estate }, _request, [subscription = '']) => ({ value: alertsOf(estate, subscription) }),
  },
  {
    operation: 'arm.ListScheduledQueryRules',
    pattern: path(`${SUB}/providers/Microsoft\\.Insights/scheduledQueryRules`),
    versions: ['2023-12-01'],
    action: 'Microsoft.Insights/scheduledQueryRules/read',
    answer: () => ({ value: [] }),
  },
  {
    operation: 'arm.GetStorageAccount',
    pattern: path(STORAGE),
    versions: ['2023-05-01'],
    action: 'Microsoft.Storage/storageAccounts/read',
    answer: ({ estate }, _request, [id = '']) => {
      if (normalScope(id) !== normalScope(estate.storageAccountId)) throw missing(id);
      return storageView(estate);
    },
  },
  {
    operation: 'arm.GetManagementPolicy',
    pattern: path(`${STORAGE}/managementPolicies/default`),
    versions: ['2023-05-01'],
    action: 'Microsoft.Storage/storageAccounts/managementPolicies/read',
    answer: ({ estate }, _request, [id = '']) => {
      if (normalScope(id) !== normalScope(estate.storageAccountId)) throw missing(id);
      return managementPolicy(estate);
    },
  },
];

/** Azure Resource Manager, as far as keys and who may use them go. */
export function handleArm(facts: ArmFacts, request: Request): { operation: string; answer: () => Answer } {
  const route =
    request.method === 'GET' ? ROUTES.find(({ pattern }) => pattern.test(request.path)) : undefined;
  if (route === undefined) {
    return {
      operation: 'arm.Unknown',
      answer: () => {
        facts.callers.caller(request, 'arm');
        throw new AzureFault(
          404,
          'InvalidResourceType',
          `The sample environment has no ${request.method} ${request.path}.`,
        );
      },
    };
  }
  return {
    operation: route.operation,
    answer: () => {
      const who = facts.callers.caller(
        request,
        'arm',
        `Bearer authorization_uri="https://login.windows.net/", error="invalid_token"`,
      );
      assertVersion(route, request.query.get('api-version'));
      const parts = (route.pattern.exec(request.path) ?? []).slice(1);
      assertMay(facts, who, route, request.path, parts[0] ?? '');
      return { status: 200, body: route.answer(facts, request, parts, who) };
    },
  };
}

function assertVersion(route: Route, version: string | undefined): void {
  if (version === undefined)
    throw new AzureFault(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (!route.versions.includes(version))
    throw new AzureFault(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${route.versions.join(',')}'.`,
    );
}

function assertMay({ callers }: ArmFacts, who: SignIn, route: Route, at: string, scope: string): void {
  if (route.action === undefined) return;
  const type = /\/managedHSMs(\/|$)/i.test(at) ? 'managedHSMs' : 'vaults';
  const action = route.action.replace('{type}', type);
  // A key of its own is the scope of what is asked about it.
  const own = /^(.*\/(?:vaults|managedHSMs)\/[^/]+\/keys\/[^/]+)/i.exec(at)?.[1] ?? scope;
  if (callers.may(who, action, own).decision === 'allowed') return;
  throw new AzureFault(
    403,
    'AuthorizationFailed',
    `The client '${who.clientId}' with object id '${who.objectId}' does not have authorization to perform action '${action}' over scope '${own}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

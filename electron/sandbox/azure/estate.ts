import type { DirectoryObject, RoleAssignment, ScheduleInstance } from '../../access/azure/model.ts';
import { frameOf } from '../company/frame.ts';
import { DAY, HOUR } from '../company/time.ts';
import type { CompanyOptions } from '../company/types.ts';
import {
  AUDITOR_GRAPH_PERMISSIONS,
  AUDITOR_HSM_ACTIONS,
  AUDITOR_KEY_PERMISSIONS,
  AUDITOR_PERMISSION,
} from './auditor-rights.ts';
import { BUILT_IN_ROLES, HSM_ROLE_IDS, HSM_ROLES, ROLE_IDS } from './built-in-roles.ts';
import { activityEvents, auditRecords } from './estate-events.ts';
import { estateKey, orderKeys, ROTATE_YEARLY } from './estate-keys.ts';
import type { AuditorRights, Estate, EstateKey, EstateVault, SignIn } from './types.ts';

export interface EstateOptions extends Pick<CompanyOptions, 'seed' | 'asOf' | 'periodDays'> {
  /** Ordinary keys in the busiest vault, besides the special ones. Default 24. */
  ordinaryKeys?: number;
  auditor?: AuditorRights;
}

/** The Azure of the sample company: the same company, people and calendar as its AWS. @throws SandboxError bad-option */
export function buildEstate(options: EstateOptions = {}): Estate {
  const frame = frameOf(options);
  const uuid = (...words: string[]): string => frame.random('azure', ...words).uuid();
  const tenantId = uuid('tenant');
  const [prod, sec] = [uuid('subscription', 'production'), uuid('subscription', 'security')];
  const managementGroup = 'meridian';
  const mg = `/providers/Microsoft.Management/managementGroups/${managementGroup}`;
  const rg = (sub: string, name: string): string => `/subscriptions/${sub}/resourceGroups/${name}`;

  const objects: DirectoryObject[] = [];
  const person = (name: string, userType = 'Member', accountEnabled = true): string => {
    const id = uuid('user', name);
    objects.push({
      id,
      type: 'User',
      displayName: name,
      userPrincipalName:
        userType === 'Guest'
          ? `${name}_parcels.example#EXT#@meridian-freight.example`
          : `${name}@meridian-freight.example`,
      userType,
      accountEnabled,
    });
    return id;
  };
  const workload = (name: string, servicePrincipalType = 'ManagedIdentity', owner = tenantId): string => {
    const id = uuid('sp', name);
    objects.push({
      id,
      type: 'ServicePrincipal',
      displayName: name,
      servicePrincipalType,
      appOwnerOrganizationId: owner,
      accountEnabled: true,
    });
    return id;
  };
  const members = new Map<string, string[]>();
  const group = (name: string, ...ids: string[]): string => {
    const id = uuid('group', name);
    objects.push({ id, type: 'Group', displayName: name });
    members.set(id, ids);
    return id;
  };
  const maria = person('maria.lopez');
  const tom = person('tom.becker');
  const priya = person('priya.nair');
  const lena = person('lena.fischer');
  const ines = person('ines.carvalho');
  const breakGlass = person('break-glass');
  const ordersApi = workload('orders-api');
  const billingBatch = workload('billing-batch');
  const warehouseEtl = workload('warehouse-etl');
  const deployer = workload('infrastructure-deployer', 'Application');
  const partner = workload('track-and-trace', 'Application', uuid('partner-tenant'));
  const onCall = group('platform-on-call', tom, person('jonas.keller', 'Member', false));
  const keyAdmins = group('key-administrators', onCall, maria);
  const developers = group('developers', priya, lena, person('sam.contractor', 'Guest'));
  const signIn = (name: string): SignIn => ({
    objectId: workload(name, 'Application'),
    clientId: uuid('client', name),
    clientSecret: `sample-${frame.random('azure-secret', name).hex(32)}`,
  });
  const signIns = {
    auditor: signIn('keywitness-auditor'),
    admin: signIn('platform-pipeline'),
    nobody: signIn('unused-application'),
  };

  const roleAssignments: RoleAssignment[] = [];
  const typeOf = (id: string): string => objects.find((object) => object.id === id)?.type ?? 'Unknown';
  const assign = (scope: string, role: string, principalId: string, condition?: string): string => {
    const name = uuid('role-assignment', scope, role, principalId);
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const roleDefinitionId = `/subscriptions/${prod}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const principalType = typeOf(principalId);
    roleAssignments.push({
      id,
      properties: {
        roleDefinitionId,
        principalId,
        principalType,
        scope,
        ...(condition ? { condition, conditionVersion: '2.0' } : {}),
      },
    });
    return id;
  };
  const auditorRole = uuid('role', 'auditor');
  const roleDefinitions = [
    ...BUILT_IN_ROLES,
    {
      id: `/providers/Microsoft.Authorization/roleDefinitions/${auditorRole}`,
      type: 'Microsoft.Authorization/roleDefinitions',
      name: auditorRole,
      properties: {
        roleName: 'Key evidence reader',
        type: 'CustomRole',
        permissions: [
          {
            actions: [],
            notActions: [],
            dataActions: [],
            notDataActions: [],
            ...(options.auditor?.permission ?? AUDITOR_PERMISSION),
          },
        ],
        assignableScopes: [mg],
      },
    },
  ];

  const workspace = {
    id: `${rg(sec, 'monitoring')}/providers/Microsoft.OperationalInsights/workspaces/mf-security-logs`,
    name: 'mf-security-logs',
    customerId: uuid('workspace'),
    location: 'westeurope',
    retentionInDays: 180,
  };
  const storageAccountId = `${rg(sec, 'monitoring')}/providers/Microsoft.Storage/storageAccounts/mfkeylogs`;
  const toWorkspace = (dedicated: boolean, log: { category?: string; categoryGroup?: string }) => ({
    name: 'to-workspace',
    workspaceId: workspace.id,
    ...(dedicated ? { logAnalyticsDestinationType: 'Dedicated' as const } : {}),
    logs: [{ ...log, enabled: true }],
  });
  const rbac = { enableRbacAuthorization: true, accessPolicies: [] };
  const policies = (...entries: [objectId: string, keys: string[]][]) => ({
    enableRbacAuthorization: null,
    accessPolicies: entries.map(([objectId, keys]) => ({
      tenantId,
      objectId,
      permissions: { keys, secrets: [], certificates: [] },
    })),
  });
  const OPEN = {
    publicNetworkAccess: 'Enabled',
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
  };
  const vaults: EstateVault[] = [];
  const vault = (
    sub: string,
    group: string,
    name: string,
    properties: Record<string, unknown>,
    keys: EstateKey[],
    more: Partial<EstateVault> = {},
  ): EstateVault => {
    const hsm = more.kind === 'hsm';
    const made: EstateVault = {
      kind: 'vault',
      id: `${rg(sub, group)}/providers/Microsoft.KeyVault/${hsm ? 'managedHSMs' : 'vaults'}/${name}`,
      name,
      location: 'westeurope',
      tags: {},
      createdAt: frame.daysAgo(1200, 'azure-vault', name),
      keys,
      diagnosticSettings: [],
      firewalled: false,
      ...more,
      properties: {
        tenantId,
        ...(hsm ? {} : { sku: { family: 'A', name: 'premium' } }),
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        provisioningState: 'Succeeded',
        ...OPEN,
        ...properties,
      },
    };
    vaults.push(made);
    return made;
  };
  const key = (
    name: string,
    vaultName: string,
    story: string,
    plan?: Parameters<typeof estateKey>[4],
  ): EstateKey => estateKey(frame, vaultName, name, story, plan);

  const orders = vault(
    prod,
    'orders',
    'mf-orders-prod',
    rbac,
    orderKeys(frame, 'mf-orders-prod', options.ordinaryKeys ?? 24),
    {
      diagnosticSettings: [toWorkspace(true, { category: 'AuditEvent' })],
      tags: { system: 'orders' },
    },
  );
  const auditorKeys = options.auditor?.keyPermissions ?? AUDITOR_KEY_PERMISSIONS;
  vault(
    prod,
    'billing',
    'mf-billing-prod',
    {
      ...policies(
        [billingBatch, ['wrapKey', 'unwrapKey']],
        [maria, ['all']],
        [priya, ['get', 'decrypt']],
        [signIns.auditor.objectId, auditorKeys],
      ),
      enablePurgeProtection: undefined,
    },
    [
      key('billing-db', 'mf-billing-prod', 'access-policy-vault', { rotation: ROTATE_YEARLY }),
      key('billing-export', 'mf-billing-prod', 'no-expiry', { versionDays: [700] }),
    ],
  );
  vault(
    prod,
    'payments',
    'mf-payments-prod',
    {
      ...rbac,
      publicNetworkAccess: 'Disabled',
      networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
    },
    [
      key('card-vault', 'mf-payments-prod', 'firewalled', {
        kty: 'RSA-HSM',
        size: 4096,
        rotation: ROTATE_YEARLY,
      }),
    ],
    { firewalled: true, diagnosticSettings: [toWorkspace(true, { categoryGroup: 'audit' })] },
  );
  const warehouse = vault(
    prod,
    'warehouse',
    'mf-warehouse-prod',
    rbac,
    [key('warehouse-lake', 'mf-warehouse-prod', 'rotation-on', { rotation: ROTATE_YEARLY })],
    {
      diagnosticSettings: [
        toWorkspace(false, { categoryGroup: 'allLogs' }),
        { name: 'to-storage', storageAccountId, logs: [{ category: 'AuditEvent', enabled: true }] },
      ],
    },
  );
  vault(prod, 'legacy', 'mf-legacy-apps', policies([tom, ['all', 'purge']]), [
    key('legacy-app', 'mf-legacy-apps', 'denied-by-policy', { versionDays: [1900] }),
  ]);
  const claims = vault(prod, 'claims-managed', 'mf-claims', rbac, [
    key('claims', 'mf-claims', 'denied-by-rbac'),
  ]);
  vault(
    sec,
    'monitoring',
    'mf-logs-cmk',
    rbac,
    [key('log-archive', 'mf-logs-cmk', 'rotation-on', { rotation: ROTATE_YEARLY })],
    {
      diagnosticSettings: [toWorkspace(true, { category: 'AzurePolicyEvaluationDetails' })],
    },
  );
  vault(prod, 'orders', 'mf-orders-old', rbac, [], { deletedAt: frame.daysAgo(25, 'azure-vault-deleted') });
  const hsmRole = uuid('hsm-role', 'auditor');
  const local = (role: string, scope: string, principalId: string): RoleAssignment => ({
    id: `/providers/Microsoft.Authorization/roleAssignments/${uuid('hsm-ra', role, scope, principalId)}`,
    properties: {
      roleDefinitionId: `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: typeOf(principalId),
      scope,
    },
  });
  vault(
    prod,
    'ledger',
    'mf-ledger-hsm',
    {
      hsmPoolId: undefined,
      initialAdminObjectIds: [maria],
      securityDomainProperties: { activationStatus: 'Active' },
      regions: [],
      statusMessage: 'The Managed HSM is provisioned and ready to use.',
    },
    [
      key('ledger-master', 'mf-ledger-hsm', 'hsm', { kty: 'oct-HSM', rotation: ROTATE_YEARLY }),
      key('ledger-seal', 'mf-ledger-hsm', 'hsm-ec', { kty: 'EC-HSM', versionDays: [600] }),
    ],
    {
      kind: 'hsm',
      diagnosticSettings: [toWorkspace(true, { category: 'AuditEvent' })],
      local: {
        roleDefinitions: [
          ...HSM_ROLES,
          {
            id: `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${hsmRole}`,
            properties: {
              roleName: 'Key evidence reader',
              type: 'CustomRole',
              permissions: [
                {
                  actions: [],
                  notActions: [],
                  dataActions: options.auditor?.hsmDataActions ?? AUDITOR_HSM_ACTIONS,
                  notDataActions: [],
                },
              ],
            },
          },
        ],
        roleAssignments: [
          local(HSM_ROLE_IDS.administrator, '/', maria),
          local(HSM_ROLE_IDS.serviceEncryptionUser, '/keys/ledger-master', ordersApi),
          local(HSM_ROLE_IDS.cryptoUser, '/keys', tom),
          local(hsmRole, '/', signIns.auditor.objectId),
        ],
      },
    },
  );

  assign(mg, auditorRole, signIns.auditor.objectId);
  assign(mg, ROLE_IDS.owner, breakGlass);
  assign(mg, ROLE_IDS.owner, signIns.admin.objectId);
  assign(mg, ROLE_IDS.keyVaultAdministrator, signIns.admin.objectId);
  assign(`/subscriptions/${prod}`, ROLE_IDS.contributor, deployer);
  assign(`/subscriptions/${prod}`, ROLE_IDS.userAccessAdministrator, maria);
  assign(`/subscriptions/${sec}`, ROLE_IDS.reader, ines);
  assign(orders.id, ROLE_IDS.cryptoOfficer, keyAdmins);
  const activated = assign(orders.id, ROLE_IDS.keyVaultAdministrator, tom);
  assign(orders.id, ROLE_IDS.dataAccessAdministrator, lena);
  assign(orders.id, ROLE_IDS.serviceEncryptionUser, ordersApi);
  assign(`${orders.id}/keys/orders-archive`, ROLE_IDS.cryptoUser, developers);
  assign(`${orders.id}/keys/orders-signing`, ROLE_IDS.cryptoUser, partner);
  assign(warehouse.id, ROLE_IDS.serviceEncryptionUser, warehouseEtl);
  // Named in a role, but deleted from the directory since.
  assign(warehouse.id, ROLE_IDS.cryptoUser, uuid('user', 'someone-who-left'));

  const instance = (
    scope: string,
    role: string,
    principalId: string,
    more: Partial<ScheduleInstance['properties']>,
    kind: string,
  ): ScheduleInstance => ({
    id: `${scope}/providers/Microsoft.Authorization/${kind}/${uuid(kind, scope, role, principalId)}`,
    properties: {
      roleDefinitionId: `/subscriptions/${prod}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: typeOf(principalId),
      scope,
      memberType: 'Direct',
      startDateTime: new Date(frame.now - 3 * HOUR).toISOString(),
      ...more,
    },
  });
  const managed = workload('claims-vendor', 'Application', uuid('vendor-tenant'));
  const actors = [
    { id: ordersApi, name: 'orders-api', ip: '10.20.1.4' },
    { id: tom, name: 'tom.becker@meridian-freight.example', ip: '198.51.100.24' },
    { id: warehouseEtl, name: 'warehouse-etl', ip: '10.20.7.9' },
  ];
  return {
    seed: frame.seed,
    now: frame.now,
    period: frame.period,
    tenantId,
    tenantName: frame.name,
    managementGroup,
    subscriptions: [
      {
        id: prod,
        name: 'meridian-production',
        resourceGroups: ['orders', 'billing', 'payments', 'warehouse', 'legacy', 'claims-managed', 'ledger'],
      },
      { id: sec, name: 'meridian-security', resourceGroups: ['monitoring'] },
    ],
    vaults,
    workspace,
    storageAccountId,
    roleDefinitions,
    roleAssignments,
    denyAssignments: [
      {
        id: `${claims.id}/providers/Microsoft.Authorization/denyAssignments/${uuid('deny', 'claims')}`,
        properties: {
          denyAssignmentName: 'Deny assignment created by managed application claims',
          permissions: [{ actions: [], notActions: [], dataActions: ['*'], notDataActions: [] }],
          scope: claims.id,
          doNotApplyToChildScopes: false,
          principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
          excludePrincipals: [{ id: managed, type: 'ServicePrincipal' }],
          isSystemProtected: true,
        },
      },
    ],
    eligibilities: [
      instance(
        `/subscriptions/${prod}`,
        ROLE_IDS.owner,
        maria,
        { endDateTime: new Date(frame.now + 200 * DAY).toISOString() },
        'roleEligibilityScheduleInstances',
      ),
    ],
    activeInstances: [
      instance(
        orders.id,
        ROLE_IDS.keyVaultAdministrator,
        tom,
        {
          assignmentType: 'Activated',
          originRoleAssignmentId: activated,
          endDateTime: new Date(frame.now + 5 * HOUR).toISOString(),
        },
        'roleAssignmentScheduleInstances',
      ),
    ],
    directory: { objects, members },
    signIns,
    graphPermissions: options.auditor?.graphPermissions ?? AUDITOR_GRAPH_PERMISSIONS,
    audit: auditRecords(frame, vaults, actors),
    activity: activityEvents(frame, vaults, 'maria.lopez@meridian-freight.example'),
  };
}

import { evaluateAzureAccess } from '../../../../electron/access/azure/access-paths.ts';
import type {
  AccessPolicyEntry,
  AzureAccessInput,
  AzureDirectory,
  AzurePermission,
  AzureSubscription,
  DenyAssignment,
  RoleAssignment,
  RoleDefinition,
  ScheduleInstance,
} from '../../../../electron/access/azure/model.ts';
import type { AccessPath } from '../../../../electron/access/types.ts';
import { BUILT_IN_ROLES, HSM_ROLES } from '../../../../electron/sandbox/azure/built-in-roles.ts';

/** A small Azure to ask about: one key, one other key beside it, and whatever a case puts around them. */
export const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const SUB = '/subscriptions/00000000-0000-4000-8000-00000000000a';
export const RG = `${SUB}/resourceGroups/keys`;
export const VAULT = `${RG}/providers/Microsoft.KeyVault/vaults/orders`;
export const KEY = `${VAULT}/keys/wrapping`;
export const HSM = `${RG}/providers/Microsoft.KeyVault/managedHSMs/ledger`;
export const MG = '/providers/Microsoft.Management/managementGroups/meridian';
export const EVERYONE = { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' };

let next = 0;
const assignmentId = (scope: string): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/ra-${next++}`;

export const assign = (
  role: string,
  scope: string,
  principalId = 'ana',
  more: Partial<RoleAssignment['properties']> = {},
): RoleAssignment => ({
  id: assignmentId(scope),
  properties: { roleDefinitionId: role, principalId, principalType: 'User', scope, ...more },
});

export const schedule = (
  role: string,
  scope: string,
  more: Partial<ScheduleInstance['properties']> = {},
): ScheduleInstance => ({
  id: `${scope}/instances/${next++}`,
  properties: { roleDefinitionId: role, principalId: 'ana', principalType: 'User', scope, ...more },
});

export const custom = (id: string, ...permissions: AzurePermission[]): RoleDefinition => ({
  id: `${SUB}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  properties: { roleName: id, type: 'CustomRole', permissions },
});

export const deny = (
  scope: string,
  permission: AzurePermission,
  more: Partial<DenyAssignment['properties']> = {},
): DenyAssignment => ({
  id: `${scope}/providers/Microsoft.Authorization/denyAssignments/d-${next++}`,
  properties: {
    denyAssignmentName: 'deny',
    scope,
    permissions: [permission],
    principals: [EVERYONE],
    ...more,
  },
});

export interface Case {
  roles?: RoleAssignment[];
  definitions?: RoleDefinition[];
  denies?: DenyAssignment[] | null;
  eligible?: ScheduleInstance[];
  active?: ScheduleInstance[];
  managementGroups?: string[];
  directory?: AzureDirectory;
  /** Default: RBAC. `hsm` asks about a key in a managed HSM; `unread`: the vault's properties are missing. */
  vault?: 'rbac' | 'policies' | 'policies-null' | 'hsm' | 'unread';
  policies?: AccessPolicyEntry[];
  local?: RoleAssignment[] | null;
  kty?: string;
  keyOps?: string[];
  at?: string;
  key?: string;
}

export function inputOf(c: Case): AzureAccessInput {
  const subscription: AzureSubscription = {
    subscriptionId: SUB.slice('/subscriptions/'.length),
    tenantId: TENANT,
    ...(c.managementGroups === undefined ? {} : { managementGroups: c.managementGroups }),
    roleDefinitions: [...BUILT_IN_ROLES, ...(c.definitions ?? [])],
    roleAssignments: c.roles ?? [],
    denyAssignments: c.denies === undefined ? [] : c.denies,
    eligibilities: c.eligible ?? [],
    activeInstances: c.active ?? [],
  };
  const vaultId = c.vault === 'hsm' ? HSM : VAULT;
  const rbac = { policies: false, 'policies-null': null, rbac: true, hsm: undefined, unread: undefined }[
    c.vault ?? 'rbac'
  ];
  return {
    subscriptions: [subscription],
    vaults: [
      {
        id: vaultId,
        properties:
          c.vault === 'unread'
            ? null
            : { tenantId: TENANT, enableRbacAuthorization: rbac, accessPolicies: c.policies ?? [] },
        ...(c.vault === 'hsm'
          ? {
              local: c.local === null ? null : { roleDefinitions: HSM_ROLES, roleAssignments: c.local ?? [] },
            }
          : {}),
      },
    ],
    keys: [
      {
        id: 'key',
        vaultId,
        name: c.key ?? 'wrapping',
        ...(c.kty === undefined ? {} : { kty: c.kty }),
        ...(c.keyOps === undefined ? {} : { keyOps: c.keyOps }),
      },
    ],
    ...(c.directory === undefined ? {} : { directory: c.directory }),
    ...(c.at === undefined ? {} : { at: c.at }),
  };
}

export const pathsOf = (c: Case): AccessPath[] => [...evaluateAzureAccess(inputOf(c)).paths()];

const SHORT: Record<string, string> = {
  administer: 'A',
  grant: 'G',
  encrypt: 'e',
  decrypt: 'd',
  wrap: 'w',
  unwrap: 'u',
  sign: 's',
  verify: 'v',
};
const MARK = { allowed: '', conditional: '?', unknown: '!' } as const;

/**
 * Who holds what, in short: `ana:AGedwusv`. A administer, G grant, then encrypt decrypt wrap unwrap sign verify; `?`
 * behind a letter: conditional, `!`: unknown. Several principals in order of id.
 */
export function summary(c: Case): string {
  const rank = { allowed: 0, conditional: 1, unknown: 2 };
  const best = new Map<string, Map<string, AccessPath['certainty']>>();
  for (const { principal, right, certainty } of pathsOf(c)) {
    const letters = best.get(principal.id) ?? new Map<string, AccessPath['certainty']>();
    best.set(principal.id, letters);
    const letter = SHORT[right.use ?? right.class]!;
    const known = letters.get(letter);
    if (known === undefined || rank[certainty] < rank[known]) letters.set(letter, certainty);
  }
  return [...best]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([id, letters]) =>
        `${id}:${[...'AGedwusv']
          .filter((l) => letters.has(l))
          .map((l) => l + MARK[letters.get(l)!])
          .join('')}`,
    )
    .join(' ');
}

import type { Right } from '../types.ts';
import type { AzurePermission } from './model.ts';
import { permits } from './pattern.ts';
import type { Level } from './scope.ts';

/**
 * The operations that give a right over a key, for vaults and managed HSMs. Reading is not among them, nor is the
 * control plane's `vaults/keys/write`: it creates a key that does not exist and never changes one that does.
 * Names: Azure RBAC permissions for security (Microsoft.KeyVault), Managed HSM local RBAC built-in roles.
 */
export interface KeyAction {
  name: string;
  /** `control`: an ARM action; `data`: a data action of a vault; `local`: a data action of a managed HSM. */
  plane: 'control' | 'data' | 'local';
  /** The scope at which the operation is checked; a role there or further out gives it. */
  level: Level;
  rights: readonly Right[];
  /** The access-policy permission that stands for the same operation. */
  permission?: string;
}

/** Who decides over the keys of a vault. `unread`: the vault's properties could not be had. */
export type Model = 'rbac' | 'access-policy' | 'managed-hsm' | 'unread';

const administer: Right = { class: 'administer' };
const grant: Right = { class: 'grant' };
const USES = ['encrypt', 'decrypt', 'wrap', 'unwrap', 'sign', 'verify'] as const;

const control = (name: string, level: Level, ...rights: Right[]): KeyAction => ({
  name,
  plane: 'control',
  level,
  rights,
});
const data = (name: string, permission: string, right: Right = administer): KeyAction => ({
  name: `Microsoft.KeyVault/vaults/${name}`,
  plane: 'data',
  level: 0,
  rights: [right],
  permission,
});
const local = (name: string, right: Right = administer, level: Level = 0): KeyAction => ({
  name: `Microsoft.KeyVault/managedHsm/${name}`,
  plane: 'local',
  level,
  rights: [right],
});

const VAULT_DATA: readonly KeyAction[] = [
  data('keys/create/action', 'create'),
  data('keys/import/action', 'import'),
  data('keys/update/action', 'update'),
  data('keys/rotate/action', 'rotate'),
  data('keyrotationpolicies/write', 'setrotationpolicy'),
  data('keys/delete', 'delete'),
  data('keys/recover/action', 'recover'),
  data('keys/purge/action', 'purge'),
  data('keys/backup/action', 'backup'),
  data('keys/restore/action', 'restore'),
  // Secure key release hands the key itself out of the vault.
  data('keys/release/action', 'release'),
  ...USES.map((use) =>
    data(`keys/${use}/action`, use === 'wrap' || use === 'unwrap' ? `${use}Key` : use, { class: 'use', use }),
  ),
];

const HSM_LOCAL: readonly KeyAction[] = [
  local('keys/create'),
  local('keys/import/action'),
  local('keys/write/action'),
  local('keys/rotate/action'),
  local('keys/delete'),
  local('keys/deletedKeys/delete'),
  local('keys/deletedKeys/recover/action'),
  local('keys/backup/action'),
  local('keys/restore/action'),
  local('keys/export/action'),
  local('keys/release/action'),
  local('backup/start/action', administer, 1),
  local('restore/start/action', administer, 1),
  local('securitydomain/download/action', administer, 1),
  local('securitydomain/upload/action', administer, 1),
  local('roleAssignments/delete/action'),
  local('roleAssignments/write/action', grant),
  local('roleDefinitions/write/action', grant, 1),
  ...USES.map((use) => local(`keys/${use}/action`, { class: 'use', use })),
];

/** Who may say who may. In a vault under access policies and in an HSM a role on a single key gives nothing. */
const authorization = (level: Level): KeyAction[] => [
  control('Microsoft.Authorization/roleAssignments/write', level, grant),
  control('Microsoft.Authorization/roleAssignments/delete', level, administer),
  control('Microsoft.Authorization/roleAssignmentScheduleRequests/write', level, grant),
  control('Microsoft.Authorization/roleEligibilityScheduleRequests/write', level, grant),
  // A custom role lives at a resource group or further out.
  control('Microsoft.Authorization/roleDefinitions/write', 2, grant),
];
const PURGE_VAULT = control('Microsoft.KeyVault/locations/deletedVaults/purge/action', 3, administer);

const RBAC: readonly KeyAction[] = [
  control('Microsoft.KeyVault/vaults/write', 1, administer),
  control('Microsoft.KeyVault/vaults/delete', 1, administer),
  PURGE_VAULT,
  ...authorization(0),
  ...VAULT_DATA,
];
const ACCESS_POLICY: readonly KeyAction[] = [
  // Writes the access policies, so its holder can grant itself every right.
  control('Microsoft.KeyVault/vaults/write', 1, administer, grant),
  control('Microsoft.KeyVault/vaults/accessPolicies/write', 1, grant),
  control('Microsoft.KeyVault/vaults/delete', 1, administer),
  PURGE_VAULT,
  ...authorization(1),
  ...VAULT_DATA,
];
const MANAGED_HSM: readonly KeyAction[] = [
  control('Microsoft.KeyVault/managedHSMs/write', 1, administer),
  control('Microsoft.KeyVault/managedHSMs/delete', 1, administer),
  control('Microsoft.KeyVault/locations/deletedManagedHSMs/purge/action', 3, administer),
  ...authorization(1),
  ...HSM_LOCAL,
];

/** The operations that count for keys under each model, in a fixed order: sets of them are bit masks. */
export const ACTIONS: Record<Model, readonly KeyAction[]> = {
  rbac: RBAC,
  'access-policy': ACCESS_POLICY,
  'managed-hsm': MANAGED_HSM,
  unread: RBAC,
};

/** A set of operations: bit i is the i-th operation of the model. */
export type ActionMask = bigint;

export function maskOf(model: Model, wanted: (action: KeyAction) => boolean): ActionMask {
  let mask = 0n;
  ACTIONS[model].forEach((action, i) => {
    if (wanted(action)) mask |= 1n << BigInt(i);
  });
  return mask;
}

/** Operations that a permission block covers. Under access policies no role gives a data action. */
export function maskOfPermission(
  model: Model,
  permission: AzurePermission,
  planes: readonly KeyAction['plane'][],
): ActionMask {
  return maskOf(
    model,
    (action) => planes.includes(action.plane) && permits(permission, action.name, action.plane !== 'control'),
  );
}

/** The operations of a mask, by the names that `name` gives them, sorted. */
export function namesOf(model: Model, mask: ActionMask, name: (action: KeyAction) => string): string[] {
  return ACTIONS[model]
    .filter((_, i) => (mask >> BigInt(i)) & 1n)
    .map(name)
    .sort();
}

/** The rights a mask can consist of, each with the operations that give it. */
export function rightsOf(model: Model): readonly { right: Right; mask: ActionMask }[] {
  return RIGHTS[model];
}

const ALL_RIGHTS: readonly Right[] = [
  administer,
  ...USES.map((use): Right => ({ class: 'use', use })),
  grant,
];
const byRight = (model: Model): { right: Right; mask: ActionMask }[] =>
  ALL_RIGHTS.map((right) => ({
    right,
    mask: maskOf(model, (action) =>
      action.rights.some((r) => r.class === right.class && r.use === right.use),
    ),
  }));
const RIGHTS: Record<Model, readonly { right: Right; mask: ActionMask }[]> = {
  rbac: byRight('rbac'),
  'access-policy': byRight('access-policy'),
  'managed-hsm': byRight('managed-hsm'),
  unread: byRight('unread'),
};

/** What a key type can do. Key Vault: "About keys", key types and operations. */
const BY_TYPE: readonly [RegExp, readonly string[]][] = [
  [/^EC(-HSM)?$/i, ['sign', 'verify']],
  [/^oct(-HSM)?$/i, ['encrypt', 'decrypt', 'wrap', 'unwrap']],
];

/** Operations that mean something for a key of this type with these allowed operations (key_ops). */
export function applicable(model: Model, kty?: string, keyOps?: readonly string[]): ActionMask {
  const byType = kty === undefined ? undefined : BY_TYPE.find(([type]) => type.test(kty))?.[1];
  const ops = keyOps?.map((op) => op.replace(/Key$/i, '').toLowerCase());
  return maskOf(model, ({ rights }) =>
    rights.every(
      ({ use }) =>
        use === undefined ||
        ((byType === undefined || byType.includes(use)) && (ops === undefined || ops.includes(use))),
    ),
  );
}

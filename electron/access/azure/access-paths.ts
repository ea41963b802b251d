import type { AccessIssue, AccessPath, Certainty, Principal, ReportedCondition } from '../types.ts';
import { deniesAt, refusalFor, type Refusal } from './deny.ts';
import { applicable, namesOf, rightsOf, type ActionMask, type Model } from './key-actions.ts';
import type { AzureAccessInput, AzureKey, AzureSubscription, AzureVault } from './model.ts';
import { MEMBERS_UNKNOWN, Principals, type Holder } from './principals.ts';
import { Roles } from './roles.ts';
import { normalScope, scopesOf } from './scope.ts';
import { split, type Share, type Split } from './split.ts';
import { localSources, policySources, roleSources, type Source } from './sources.ts';

export type SharedPath = Omit<AccessPath, 'key'>;

export interface AzureAccess {
  /** What could not be read or understood. Complete once the paths have been read to their end. */
  issues: readonly AccessIssue[];
  /** Every principal that holds something, with its kind. Complete once the paths have been read to their end. */
  principals: () => readonly Principal[];
  /** Every access path; those of one key come together, keys in the order of the input. Can be called again. */
  paths: () => Generator<AccessPath>;
  /**
   * The same without the key in each path. A key comes in one or two chunks, one after the other; the same array comes
   * again for every key that it is equally true for.
   */
  chunks: () => Generator<{ key: string; paths: readonly SharedPath[] }>;
}

/** How many lists of paths are kept for further keys of the same vault. */
const MAX_SHARED = 64;

/** Everything about a vault that does not depend on the key. */
interface Place {
  vault: AzureVault;
  model: Model;
  subscription: AzureSubscription | undefined;
  roles: Roles;
  localRoles: Roles;
  notEvaluated: readonly string[];
  unknown: readonly string[];
  split: Split;
  shared: Map<string, readonly SharedPath[]>;
}

/** The model that decides over a vault's keys. */
export function modelOf(vault: AzureVault): Model {
  if (/\/providers\/microsoft\.keyvault\/managedhsms\//i.test(vault.id)) return 'managed-hsm';
  if (vault.properties === null) return 'unread';
  return vault.properties.enableRbacAuthorization === true ? 'rbac' : 'access-policy';
}

/**
 * Who can administer, use and grant each key, through what, under which conditions. Pure: the same items give the same
 * answer in the same order. Never throws for what an item says; see `issues`.
 */
export function evaluateAzureAccess(input: AzureAccessInput): AzureAccess {
  const issues: AccessIssue[] = [];
  const principals = new Principals(input.directory, issues);
  const places = placesOf(input, issues);

  function* chunks(): Generator<{ key: string; paths: readonly SharedPath[] }> {
    for (const key of input.keys) {
      const place = places.get(normalScope(key.vaultId));
      if (place === undefined) continue;
      const own = place.split.own.get(key.name.toLowerCase());
      if (own === 'whole') {
        yield { key: key.id, paths: pathsTo(key, place, place, principals, input.at) };
        continue;
      }
      const shareId = `${key.kty ?? ''} ${key.keyOps?.join() ?? ''}`;
      let paths = place.shared.get(shareId);
      if (paths === undefined) {
        paths = pathsTo(key, place, place.split.common, principals, input.at);
        if (place.shared.size < MAX_SHARED) place.shared.set(shareId, paths);
      }
      yield { key: key.id, paths };
      if (own !== undefined) yield { key: key.id, paths: pathsTo(key, place, own, principals, input.at) };
    }
  }
  return {
    issues,
    principals: () => principals.named,
    chunks,
    *paths() {
      for (const { key, paths } of chunks()) for (const path of paths) yield { key, ...path };
    },
  };
}

function placesOf(input: AzureAccessInput, issues: AccessIssue[]): Map<string, Place> {
  const subscriptions = new Map(input.subscriptions.map((s) => [s.subscriptionId.toLowerCase(), s]));
  const rolesOf = new Map(
    input.subscriptions.map((s) => [s, new Roles(s.roleDefinitions, 'role-definition', issues)]),
  );
  const noRoles = new Roles([], 'role-definition', issues);
  const vaults = new Map(input.vaults.map((vault) => [normalScope(vault.id), vault]));
  for (const { vaultId } of input.keys) {
    if (!vaults.has(normalScope(vaultId)))
      vaults.set(normalScope(vaultId), { id: vaultId, properties: null });
  }
  for (const s of input.subscriptions) reportMissing(s, issues);
  return new Map(
    [...vaults].map(([id, vault]) => {
      const subscription = subscriptions.get(scopesOf(vault.id, '').subscriptionId);
      const roles = subscription === undefined ? noRoles : rolesOf.get(subscription)!;
      return [id, placeOf(vault, subscription, roles, issues)];
    }),
  );
}

function reportMissing(s: AzureSubscription, issues: AccessIssue[]): void {
  const of = `/subscriptions/${s.subscriptionId}`;
  if (s.roleAssignments === null) {
    issues.push({
      code: 'role-assignments-missing',
      rawPointer: { document: 'role-assignment', of, path: '' },
      message: `role assignments were not collected: ${s.roleAssignmentsMissing ?? 'no reason recorded'}`,
    });
  }
  if (s.denyAssignments === null) {
    issues.push({
      code: 'deny-assignments-missing',
      rawPointer: { document: 'deny-assignment', of, path: '' },
      message: `deny assignments were not collected: ${s.denyAssignmentsMissing ?? 'no reason recorded'}`,
    });
  }
  if (s.eligibilities === null) {
    issues.push({
      code: 'eligibility-missing',
      rawPointer: { document: 'role-eligibility-schedule-instance', of, path: '' },
      message: `PIM eligibilities were not collected: ${s.eligibilitiesMissing ?? 'no reason recorded'}`,
    });
  }
}

function placeOf(
  vault: AzureVault,
  subscription: AzureSubscription | undefined,
  roles: Roles,
  issues: AccessIssue[],
): Place {
  const model = modelOf(vault);
  const unknown: string[] = [];
  const rawPointer = { document: 'vault', of: vault.id, path: '' } as const;
  if (model === 'unread') {
    const why = `the vault's properties were not collected: ${vault.propertiesMissing ?? 'no reason recorded'}`;
    issues.push({ code: 'vault-missing', rawPointer, message: why });
    unknown.push(`${why}; if it is under access policies, they decide instead of roles`);
  }
  if (model === 'managed-hsm' && !vault.local) {
    issues.push({
      code: 'hsm-roles-missing',
      rawPointer: { document: 'hsm-role-assignment', of: vault.id, path: '' },
      message: `local roles of the managed HSM were not collected: ${vault.localMissing ?? 'no reason recorded'}`,
    });
  }
  if (subscription === undefined) {
    issues.push({
      code: 'role-assignments-missing',
      rawPointer: { document: 'role-assignment', of: vault.id, path: '' },
      message: 'role assignments were not collected: the subscription of the vault is not part of the input',
    });
  }
  return {
    vault,
    model,
    subscription,
    roles,
    localRoles: new Roles(vault.local?.roleDefinitions ?? [], 'hsm-role-definition', issues),
    notEvaluated:
      subscription?.denyAssignments === null
        ? [`deny assignments: ${subscription.denyAssignmentsMissing ?? 'not collected'}`]
        : [],
    unknown,
    split: split(vault, subscription),
    shared: new Map(),
  };
}

function pathsTo(
  key: AzureKey,
  place: Place,
  share: Share,
  principals: Principals,
  moment: string | undefined,
): readonly SharedPath[] {
  const { model, roles, localRoles } = place;
  const { vault, subscription } = share;
  const at = scopesOf(vault.id, key.name, subscription?.managementGroups);
  const limit = applicable(model, key.kty, key.keyOps);
  const denies = deniesAt(subscription?.denyAssignments ?? [], at, model);
  const home = vault.properties?.tenantId ?? subscription?.tenantId;
  const sources = [
    ...(model === 'access-policy' ? policySources(vault, model) : []),
    ...(model === 'managed-hsm' ? localSources(vault, key.name, localRoles) : []),
    ...(subscription === undefined ? [] : roleSources(subscription, at, model, roles, moment)),
  ];
  const refusals = new Map<Holder, Refusal>();
  const result: SharedPath[] = [];
  for (const source of sources) {
    for (const holder of principals.holders(source.principalId, source.principalType, home)) {
      let refusal = NOTHING_REFUSED;
      if (source.deniable && denies.length > 0) {
        refusal = refusals.get(holder) ?? refusalFor(denies, holder, principals);
        refusals.set(holder, refusal);
      }
      pushPaths(result, source, holder, source.mask & limit & ~refusal.refused, refusal, place);
    }
  }
  return result;
}

const NOTHING_REFUSED: Refusal = { refused: 0n, open: [] };

function pushPaths(
  result: SharedPath[],
  source: Source,
  holder: Holder,
  held: ActionMask,
  refusal: Refusal,
  place: Place,
): void {
  if (held === 0n) return;
  const { model } = place;
  const via = holder.steps.length === 0 ? source.steps : [...source.steps, ...holder.steps];
  for (const { right, mask } of rightsOf(model)) {
    for (const part of splitByDenies(held & mask, refusal)) {
      const unknown = [...place.unknown, ...source.unknown];
      const conditions = [...source.conditions, ...part.conditions];
      result.push({
        principal: holder.principal,
        right,
        actions: namesOf(model, part.mask, (action) =>
          source.byPermission ? (action.permission ?? action.name) : action.name,
        ),
        via,
        conditions,
        certainty: certaintyOf(conditions, unknown.length > 0 || part.undecided),
        notEvaluated: [
          ...unknown,
          ...(source.deniable ? place.notEvaluated : []),
          ...(holder.membersUnknown ? [MEMBERS_UNKNOWN] : []),
        ],
      });
    }
  }
}

const certaintyOf = (conditions: readonly ReportedCondition[], unknown: boolean): Certainty =>
  unknown ? 'unknown' : conditions.length > 0 ? 'conditional' : 'allowed';

interface Part {
  mask: ActionMask;
  conditions: readonly ReportedCondition[];
  undecided: boolean;
}

/** Parts of a mask that the same open deny assignments touch. */
function splitByDenies(mask: ActionMask, refusal: Refusal): Part[] {
  let parts: Part[] = mask === 0n ? [] : [{ mask, conditions: [], undecided: false }];
  for (const open of refusal.open) {
    parts = parts.flatMap((part) => {
      const touched = part.mask & open.mask;
      const free = part.mask & ~open.mask;
      const both: Part[] = [];
      if (free !== 0n) both.push({ ...part, mask: free });
      if (touched !== 0n) {
        both.push({
          mask: touched,
          conditions: [...part.conditions, open.condition],
          undecided: part.undecided || open.undecided,
        });
      }
      return both;
    });
  }
  return parts;
}

import { evaluateAzureAccess, modelOf, type SharedPath } from '../../access/azure/access-paths.ts';
import type {
  AzureAccessInput,
  AzureVault,
  RoleDefinition,
  ScheduleInstance,
} from '../../access/azure/model.ts';
import { NO_LONGER, Principals } from '../../access/azure/principals.ts';
import { lastPart, levelOf, normalScope, scopesOf } from '../../access/azure/scope.ts';
import type { FactDraft } from '../access-facts-of.ts';
import type { Principal } from '../../access/types.ts';
import { conditionsText, viaText, whoText } from '../access-words.ts';

/** Built-in roles that hold everything over vaults, or can give it. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const POWERFUL = new Set([
  'owner',
  'user access administrator',
  'role based access control administrator',
  'key vault administrator',
]);

/** Facts that the documents show by themselves, for tests of controls. */
export function* azureAccessFacts(input: AzureAccessInput): Generator<FactDraft> {
  yield* missing(input);
  yield* administrators(input);
  yield* fromPaths(input);
}

/** Subscriptions whose role assignments or definitions are not known: tests of access are undetermined there. */
function* missing({ subscriptions, keys }: AzureAccessInput): Generator<FactDraft> {
  const known = new Map(subscriptions.map((s) => [s.subscriptionId, s]));
  const used = new Set(keys.map(({ vaultId }) => scopesOf(vaultId, '').subscriptionId));
  for (const id of [...used].sort()) {
    const s = known.get(id);
    const why = !s
      ? 'ListRoleAssignments was not asked'
      : s.roleAssignments === null
        ? (s.roleAssignmentsMissing ?? 'role assignments are not known')
        : s.roleDefinitions.length === 0
          ? 'no role definition could be read'
          : null;
    if (why === null) continue;
    yield {
      kind: 'iam-missing',
      subject: id,
      who: '',
      how: why,
      condition: null,
      certainty: 'unknown',
      account: id,
    };
  }
}

/**
 * Whoever holds a role that is everything over vaults: once for a subscription where it is given there or above, else for
 * each vault. An eligibility, an activation and a condition limit it.
 */
function* administrators({
  subscriptions,
  vaults,
  directory,
  at: moment,
}: AzureAccessInput): Generator<FactDraft> {
  const principals = new Principals(directory, []);
  for (const s of subscriptions) {
    const roles = new Map(s.roleDefinitions.map((definition) => [lastPart(definition.id), definition]));
    const own = vaults.filter(({ id }) => scopesOf(id, '').subscriptionId === s.subscriptionId);
    const activated = new Set(
      (s.activeInstances ?? [])
        .filter(({ properties }) => properties.assignmentType === 'Activated' || properties.endDateTime)
        .map(({ properties }) => normalScope(properties.originRoleAssignmentId ?? '')),
    );
    const held = [
      ...(s.roleAssignments ?? []).map((item) => ({
        item,
        limit: activated.has(normalScope(item.id)) ? 'for a time: ' : '',
      })),
      ...(s.eligibilities ?? [])
        .filter(({ properties }) => !isOver(properties, moment))
        .map((item) => ({ item, limit: 'eligibility for ' })),
    ];
    for (const { item, limit } of held) {
      const { roleDefinitionId, principalId, principalType, scope, condition } = item.properties;
      const name = powerfulName(roles.get(lastPart(roleDefinitionId)));
      if (name === null) continue;
      for (const subject of subjectsOf(scope, s.subscriptionId, own)) {
        for (const holder of principals.holders(principalId, principalType ?? undefined, s.tenantId)) {
          const groups = holder.steps.length === 0 ? '' : ` → ${viaText(holder.steps)}`;
          yield {
            kind: kindOf(holder.principal, limit !== '' || Boolean(condition)),
            subject,
            who: `${holder.principal.form} ${whoText(holder.principal)}`,
            how: `${limit}role ${name} at ${normalScope(scope) || '/'}${groups}`,
            condition: condition ?? null,
            certainty: holder.membersUnknown ? 'unknown' : condition ? 'conditional' : 'allowed',
            account: s.subscriptionId,
          };
        }
      }
    }
  }
}

const isOver = ({ endDateTime }: ScheduleInstance['properties'], moment: string | undefined): boolean =>
  Boolean(endDateTime && moment !== undefined && Date.parse(endDateTime) <= Date.parse(moment));

function kindOf({ kind, kindReason }: Principal, isLimited: boolean): FactDraft['kind'] {
  if (isLimited || kindReason.startsWith(NO_LONGER)) return 'vault-administrator-limited';
  return kind === 'service' || kind === 'cloud-service'
    ? 'vault-administrator-service'
    : 'vault-administrator';
}

/** The subscription of a scope at or above it; the vaults of one below. */
function subjectsOf(scope: string, subscription: string, vaults: readonly AzureVault[]): string[] {
  const within = vaults.map((vault) => ({ id: normalScope(vault.id), at: scopesOf(vault.id, '') }));
  const reached = within.filter(({ at }) => levelOf(scope, at) !== undefined);
  if (reached.length === 0) return [];
  return levelOf(scope, reached[0]!.at)! >= 3 ? [subscription] : reached.map(({ id }) => id);
}

function powerfulName(definition: RoleDefinition | undefined): string | null {
  const name = definition?.properties.roleName;
  return name !== undefined && POWERFUL.has(name.toLowerCase()) ? name : null;
}

/** Under access policies whoever may write the vault can give himself every right on its keys. */
function* fromPaths(input: AzureAccessInput): Generator<FactDraft> {
  const models = new Map(input.vaults.map((vault) => [normalScope(vault.id), modelOf(vault)]));
  const done = new Set<string>();
  const vaultOf = new Map(input.keys.map((key) => [key.id, normalScope(key.vaultId)]));
  for (const { key, paths } of evaluateAzureAccess(input).chunks()) {
    const vault = vaultOf.get(key)!;
    if (models.get(vault) !== 'access-policy') continue;
    for (const path of paths) {
      if (!givesItself(path)) continue;
      const fact = `${vault} ${path.principal.id} ${viaText(path.via)}`;
      if (done.has(fact)) continue;
      done.add(fact);
      yield {
        kind: 'self-grant',
        subject: vault,
        who: `${path.principal.form} ${whoText(path.principal)}`,
        how: viaText(path.via),
        condition: conditionsText(path.conditions),
        certainty: path.certainty,
        account: scopesOf(vault, '').subscriptionId,
      };
    }
  }
}

const givesItself = (path: SharedPath): boolean =>
  path.right.class === 'grant' &&
  path.actions.some((action) => /^Microsoft\.KeyVault\/vaults\/(accessPolicies\/)?write$/i.test(action));

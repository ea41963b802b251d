import { evaluateAzureAccess, modelOf, type SharedPath } from '../../access/azure/access-paths.ts';
import type { AzureAccessInput, RoleDefinition } from '../../access/azure/model.ts';
import { lastPart, levelOf, normalScope, scopesOf } from '../../access/azure/scope.ts';
import type { FactDraft } from '../access-facts-of.ts';
import { conditionsText, viaText } from '../access-words.ts';

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

/** Whoever holds a role that is everything over a vault, active or eligible, by vault. */
function* administrators({ subscriptions, vaults }: AzureAccessInput): Generator<FactDraft> {
  for (const vault of vaults) {
    const at = scopesOf(vault.id, '');
    const s = subscriptions.find(({ subscriptionId }) => subscriptionId === at.subscriptionId);
    if (!s) continue;
    const roles = new Map(s.roleDefinitions.map((definition) => [lastPart(definition.id), definition]));
    const held = [
      ...(s.roleAssignments ?? []).map((item) => ({ item, eligible: false })),
      ...(s.eligibilities ?? []).map((item) => ({ item, eligible: true })),
    ];
    for (const { item, eligible } of held) {
      const { roleDefinitionId, principalId, principalType, scope, condition } = item.properties;
      const name = powerfulName(roles.get(lastPart(roleDefinitionId)));
      if (name === null || levelOf(scope, at) === undefined) continue;
      yield {
        kind: 'vault-administrator',
        subject: normalScope(vault.id),
        who: `${principalType ?? 'principal'} ${principalId}`,
        how: `${eligible ? 'eligibility for ' : ''}role ${name} at ${normalScope(scope) || '/'}`,
        condition: condition ?? null,
        certainty: condition ? 'conditional' : 'allowed',
        account: at.subscriptionId,
      };
    }
  }
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
        who: `${path.principal.form} ${path.principal.id}`,
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

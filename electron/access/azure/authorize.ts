import type { DenyAssignment, RoleAssignment, RoleDefinition } from './model.ts';
import { permits } from './pattern.ts';
import { atOrAbove, lastPart, managementGroupOf, normalScope } from './scope.ts';

/** One question to Azure RBAC: may these identities do this there? */
export interface AuthorizationQuestion {
  /** The caller's object id and the ids of its groups. */
  identities: readonly string[];
  operation: string;
  /** True for a data action. */
  data: boolean;
  scope: string;
}

export interface AuthorizationFacts {
  roleAssignments: readonly RoleAssignment[];
  /** Definitions by GUID (lower case), see `indexDefinitions`. */
  definitions: ReadonlyMap<string, RoleDefinition>;
  denyAssignments: readonly DenyAssignment[];
  /** Names of the management groups above every subscription asked about. */
  managementGroups: readonly string[];
}

export interface AuthorizationAnswer {
  /** `conditional`: only roles with a condition give it. */
  decision: 'allowed' | 'conditional' | 'denied';
  /** The assignment that gives it, or the deny assignment that refuses it. */
  by?: string;
}

const EVERYONE = '00000000-0000-0000-0000-000000000000';

export const indexDefinitions = (definitions: readonly RoleDefinition[]): Map<string, RoleDefinition> =>
  new Map(definitions.map((definition) => [lastPart(definition.id), definition]));

/**
 * Azure's order: a deny assignment that binds the caller decides, then any role assignment at or above the scope.
 * "How Azure RBAC determines if a user has access to a resource".
 */
export function authorize(facts: AuthorizationFacts, question: AuthorizationQuestion): AuthorizationAnswer {
  const who = new Set(question.identities.map((id) => id.toLowerCase()));
  const target = normalScope(question.scope);
  const groups = facts.managementGroups.map((name) => name.toLowerCase());
  const reaches = (scope: string): boolean => {
    const normal = normalScope(scope);
    const group = managementGroupOf(normal);
    return atOrAbove(normal, target) || (group !== undefined && groups.includes(group));
  };
  const names = (list: DenyAssignment['properties']['principals']): boolean =>
    (list ?? []).some(({ id = '' }) => id === EVERYONE || who.has(id.toLowerCase()));

  for (const { id, properties } of facts.denyAssignments) {
    const inReach =
      properties.doNotApplyToChildScopes === true
        ? normalScope(properties.scope) === target
        : reaches(properties.scope);
    if (!inReach || !names(properties.principals) || names(properties.excludePrincipals)) continue;
    if ((properties.permissions ?? []).some((p) => permits(p, question.operation, question.data)))
      return { decision: 'denied', by: id };
  }
  let conditional: string | undefined;
  for (const { id, properties } of facts.roleAssignments) {
    if (!who.has(properties.principalId.toLowerCase()) || !reaches(properties.scope)) continue;
    const definition = facts.definitions.get(lastPart(properties.roleDefinitionId));
    for (const permission of definition?.properties.permissions ?? []) {
      if (!permits(permission, question.operation, question.data)) continue;
      if (!properties.condition && !permission.condition) return { decision: 'allowed', by: id };
      conditional ??= id;
    }
  }
  return conditional === undefined ? { decision: 'denied' } : { decision: 'conditional', by: conditional };
}

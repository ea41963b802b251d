import type { AccessIssue } from '../types.ts';
import { maskOfPermission, type ActionMask, type KeyAction, type Model } from './key-actions.ts';
import type { RoleDefinition } from './model.ts';
import { lastPart } from './scope.ts';

/** One permission block of a role, as the operations on keys that it gives. */
export interface RoleBlock {
  index: number;
  mask: ActionMask;
  condition: string | undefined;
}

/** Role definitions by their GUID, compiled once for each model. */
export class Roles {
  readonly #byId = new Map<string, RoleDefinition>();
  readonly #blocks = new Map<string, readonly RoleBlock[]>();
  readonly #reported = new Set<string>();
  readonly #issues: AccessIssue[];
  readonly #document: 'role-definition' | 'hsm-role-definition';

  constructor(
    definitions: readonly RoleDefinition[],
    document: 'role-definition' | 'hsm-role-definition',
    issues: AccessIssue[],
  ) {
    for (const definition of definitions) this.#byId.set(lastPart(definition.id), definition);
    this.#document = document;
    this.#issues = issues;
  }

  /** The definition; its absence is reported once. */
  find(roleDefinitionId: string, assignmentId: string): RoleDefinition | undefined {
    const id = lastPart(roleDefinitionId);
    const found = this.#byId.get(id);
    if (found === undefined && !this.#reported.has(id)) {
      this.#reported.add(id);
      this.#issues.push({
        code: 'role-definition-missing',
        rawPointer: { document: this.#document, of: roleDefinitionId, path: '' },
        message: `role definition ${roleDefinitionId} was not collected, so what assignment ${assignmentId} gives is unknown`,
      });
    }
    return found;
  }

  blocks(
    definition: RoleDefinition,
    model: Model,
    planes: readonly KeyAction['plane'][],
  ): readonly RoleBlock[] {
    const cacheId = `${model} ${planes.join()} ${lastPart(definition.id)}`;
    let found = this.#blocks.get(cacheId);
    if (found === undefined) {
      found = (definition.properties.permissions ?? [])
        .map((permission, index) => ({
          index,
          mask: maskOfPermission(model, permission, planes),
          condition: permission.condition ?? undefined,
        }))
        .filter(({ mask }) => mask !== 0n);
      this.#blocks.set(cacheId, found);
    }
    return found;
  }
}

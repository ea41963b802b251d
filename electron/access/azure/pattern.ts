import type { AzurePermission } from './model.ts';

const compiled = new Map<string, RegExp>();

/**
 * True when an action string of a role covers an operation. `*` stands for any text, slashes included; case does not
 * matter. Azure RBAC: "Understand Azure role definitions", format of actions.
 */
export function covers(pattern: string, operation: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === operation.toLowerCase();
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    const text = pattern
      .split(/\*+/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    regex = new RegExp(`^${text}$`, 'is');
    // Patterns come from documents: keep the memory bounded.
    if (compiled.size > 20_000) compiled.clear();
    compiled.set(pattern, regex);
  }
  return regex.test(operation);
}

/**
 * True when one permission block covers an operation: its (data) actions do and its not(Data)Actions do not. What one
 * block takes away another may give; blocks are asked one by one.
 */
export function permits(permission: AzurePermission, operation: string, data: boolean): boolean {
  const given = data ? permission.dataActions : permission.actions;
  const taken = data ? permission.notDataActions : permission.notActions;
  return (
    (given ?? []).some((pattern) => covers(pattern, operation)) &&
    !(taken ?? []).some((pattern) => covers(pattern, operation))
  );
}

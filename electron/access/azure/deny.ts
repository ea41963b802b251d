import type { ReportedCondition } from '../types.ts';
import { maskOfPermission, maskOf, type ActionMask, type Model } from './key-actions.ts';
import type { DenyAssignment } from './model.ts';
import type { Holder, Principals } from './principals.ts';
import { levelOf, type KeyScopes } from './scope.ts';

/** Stands for everyone in a deny assignment. */
const EVERYONE = '00000000-0000-0000-0000-000000000000';

/** `no`: the deny assignment does not bind the holder; `maybe`: membership that was not read decides. */
export type Binding = 'yes' | 'no' | 'maybe';

/**
 * Whether a deny assignment binds a holder: everyone, the holder or one of its groups is named, and none of them is
 * excluded. Azure RBAC: "Understand Azure deny assignments".
 */
export function binding(deny: DenyAssignment, holder: Holder, principals: Principals): Binding {
  const named = deny.properties.principals ?? [];
  const excluded = deny.properties.excludePrincipals ?? [];
  const everyone = named.some(({ id }) => id === EVERYONE);
  const hit = everyone || named.some(({ id }) => id !== undefined && holder.closure.has(id.toLowerCase()));
  const out = excluded.some(({ id }) => id !== undefined && holder.closure.has(id.toLowerCase()));
  if (out) return 'no';
  // A principal that may contain the holder, or that the holder (a group of unknown members) may contain.
  const open = ({ id = '', type }: { id?: string | undefined; type?: string | undefined }): boolean => {
    if (id === EVERYONE || holder.closure.has(id.toLowerCase())) return false;
    const single = principals.isSingle(id, type);
    return single ? holder.membersUnknown : !principals.knowsMembers(id) || holder.membersUnknown;
  };
  if (hit) return excluded.some(open) ? 'maybe' : 'yes';
  return named.some(open) ? 'maybe' : 'no';
}

export interface CompiledDeny {
  deny: DenyAssignment;
  mask: ActionMask;
}

/** The deny assignments that reach a key, each with the operations it refuses there. */
export function deniesAt(denies: readonly DenyAssignment[], at: KeyScopes, model: Model): CompiledDeny[] {
  const result: CompiledDeny[] = [];
  for (const deny of denies) {
    const level = levelOf(deny.properties.scope, at);
    if (level === undefined) continue;
    const alone = deny.properties.doNotApplyToChildScopes === true;
    const reach = maskOf(model, (action) => (alone ? action.level === level : action.level <= level));
    let mask = 0n;
    for (const permission of deny.properties.permissions ?? [])
      mask |= maskOfPermission(model, permission, ['control', 'data']);
    mask &= reach;
    if (mask !== 0n) result.push({ deny, mask });
  }
  return result;
}

export interface Refusal {
  /** Refused for certain. */
  refused: ActionMask;
  /** Refused while these hold. */
  open: readonly { mask: ActionMask; condition: ReportedCondition; undecided: boolean }[];
}

/** What the deny assignments refuse a holder. */
export function refusalFor(denies: readonly CompiledDeny[], holder: Holder, principals: Principals): Refusal {
  let refused = 0n;
  const open: { mask: ActionMask; condition: ReportedCondition; undecided: boolean }[] = [];
  for (const { deny, mask } of denies) {
    const bound = binding(deny, holder, principals);
    if (bound === 'no') continue;
    const condition = deny.properties.condition ?? undefined;
    if (bound === 'yes' && condition === undefined) {
      refused |= mask;
      continue;
    }
    const name = deny.properties.denyAssignmentName ?? deny.id;
    open.push({
      mask,
      undecided: bound === 'maybe',
      condition: {
        operator: bound === 'maybe' ? 'DenyAssignmentMembership' : 'DenyAssignmentCondition',
        key: name,
        values:
          bound === 'maybe'
            ? [...(deny.properties.principals ?? []), ...(deny.properties.excludePrincipals ?? [])].map(
                ({ id }) => id ?? '',
              )
            : [condition ?? ''],
        effect: 'deny',
        rawPointer: {
          document: 'deny-assignment',
          of: deny.id,
          path: bound === 'maybe' ? '/properties/principals' : '/properties/condition',
        },
      },
    });
  }
  return { refused, open };
}

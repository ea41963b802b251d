import type { PathStep, Principal, ReportedCondition } from '../access/types.ts';

const STEPS: Partial<Record<PathStep['type'], string>> = {
  'key-policy-statement': 'key policy statement',
  'account-delegation': 'delegation to the account in key policy statement',
  'iam-policy': 'IAM policy',
  group: 'group',
  grant: 'grant',
  'grant-retirement': 'right to retire grant',
  'role-trust': 'trust policy of role',
  'role-definition': 'role',
  'role-assignment': 'assigned at',
  'role-eligibility': 'eligible at',
  'role-activation': 'activated',
  'hsm-role-assignment': 'assigned in the managed HSM at',
  'access-policy': 'access policy of',
};

/** Steps that people know by their name, not by their id. */
const NAMED = new Set<PathStep['type']>([
  'role-definition',
  'role-assignment',
  'role-eligibility',
  'role-activation',
  'hsm-role-assignment',
]);

/** Groups of Entra have names; an id tells nobody which one it is. */
const isNamed = ({ type, rawPointer }: PathStep): boolean =>
  NAMED.has(type) || rawPointer.document === 'group-members';

/** The steps of a path from the key outwards, as the access matrix prints them. */
export function viaText(steps: readonly PathStep[]): string {
  return steps
    .map(
      (step) =>
        `${STEPS[step.type] ?? step.type.replaceAll('-', ' ')} ${(isNamed(step) && step.name) || step.id}`,
    )
    .join(' → ');
}

/** Who, as a reason prints it: by the name that people know, with the id that logs and documents have. */
export const whoText = ({ arn, name, id }: Principal): string =>
  name === undefined ? (arn ?? id) : `${name} (${arn ?? id})`;

/** Conditions as written, in one line; null when there are none. */
export function conditionsText(conditions: readonly ReportedCondition[]): string | null {
  if (conditions.length === 0) return null;
  return conditions
    .map(
      ({ operator, key, values, effect }) =>
        `${effect === 'deny' ? 'not ' : ''}${operator} ${key} = ${values.join(', ')}`,
    )
    .join('; ');
}

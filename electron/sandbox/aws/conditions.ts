import type { PolicyStatement } from '../company/types.ts';
import { asList, matches } from './patterns.ts';

/** Condition keys known for a request, names in lower case. */
export type Context = Record<string, string | undefined>;

type Test = (wanted: string, actual: string) => boolean;
const TESTS: Record<string, { test: Test; negated: boolean }> = {
  StringEquals: { test: (wanted, actual) => wanted === actual, negated: false },
  StringNotEquals: { test: (wanted, actual) => wanted === actual, negated: true },
  StringEqualsIgnoreCase: {
    test: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
    negated: false,
  },
  StringLike: { test: matches, negated: false },
  StringNotLike: { test: matches, negated: true },
  ArnEquals: { test: matches, negated: false },
  ArnLike: { test: matches, negated: false },
  ArnNotEquals: { test: matches, negated: true },
  ArnNotLike: { test: matches, negated: true },
  Bool: { test: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(), negated: false },
};

/**
 * Whether every condition of the statement holds (IAM User Guide, "Condition operators"). A key that the request does
 * not have fails a positive operator and satisfies a negated one; IfExists lets it pass. An operator that this small
 * engine does not know counts as not met.
 */
export function conditionsHold(conditions: PolicyStatement['Condition'], context: Context): boolean {
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    for (const [name, value] of Object.entries(keys)) {
      if (!holds(operator, context[name.toLowerCase()], asList(value))) return false;
    }
  }
  return true;
}

function holds(operator: string, actual: string | undefined, wanted: string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(actual === undefined));
  const optional = operator.endsWith('IfExists');
  const known = TESTS[optional ? operator.slice(0, -'IfExists'.length) : operator];
  if (!known) return false;
  if (actual === undefined) return optional || known.negated;
  return wanted.some((item) => known.test(item, actual)) !== known.negated;
}

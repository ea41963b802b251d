import type { AccessIssue, RawPointer, ReportedCondition } from '../types.ts';
import { isRecord, nameOf, pointer } from './policy-json.ts';

/** IAM guide, "Condition operators": the base operators, without set qualifier and `IfExists`. */
const BASE_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Null',
] as const;

export type BaseOperator = (typeof BASE_OPERATORS)[number];

const BY_LOWER = new Map<string, BaseOperator>(BASE_OPERATORS.map((name) => [name.toLowerCase(), name]));

/** One key of one operator in a `Condition` block. All conditions of a statement must hold. */
export interface Condition {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  operator: string;
  /** Undefined for an operator we do not know: such a condition is never decided, only reported. */
  base: BaseOperator | undefined;
  qualifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  ifExists: boolean;
  negated: boolean;
  key: string;
  keyLower: string;
  values: readonly string[];
  /** True when a value holds a policy variable (`${…}`) that this policy's language version supports. */
  variables: boolean;
  /** The key is never present for the actions this variant covers; see `condition-scope.ts`. */
  absent: boolean;
  asAllow: ReportedCondition;
  asDeny: ReportedCondition;
}

type Report = (code: AccessIssue['code'], path: string, message: string) => void;

/** Reads a `Condition` element. Undefined when it cannot be understood as a whole. */
export function readConditions(
  element: unknown,
  at: RawPointer,
  version: string,
  report: Report,
): Condition[] | undefined {
  if (element === undefined) return [];
  if (!isRecord(element)) {
    report('statement-malformed', at.path, `Condition is ${nameOf(element)}, not an object`);
    return undefined;
  }
  const conditions: Condition[] = [];
  for (const [operator, block] of Object.entries(element)) {
    const path = at.path + pointer(operator);
    const parsed = readOperator(operator);
    if (parsed.base === undefined)
      report('operator-unknown', path, `unknown condition operator "${operator}"`);
    if (!isRecord(block)) {
      report('statement-malformed', path, `condition "${operator}" is ${nameOf(block)}, not an object`);
      return undefined;
    }
    for (const [key, value] of Object.entries(block)) {
      const values = valueTexts(value);
      if (values === undefined) {
        report('statement-malformed', path + pointer(key), `condition value of "${key}" is ${nameOf(value)}`);
        return undefined;
      }
      conditions.push(
        makeCondition(operator, parsed, key, values, version, { ...at, path: path + pointer(key) }),
      );
    }
  }
  return conditions;
}

interface Operator {
  base: BaseOperator | undefined;
  qualifier: Condition['qualifier'];
  ifExists: boolean;
}

function readOperator(text: string): Operator {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/i.exec(text)!;
  const base = BY_LOWER.get(match[2]!.toLowerCase());
  const qualifier = match[1]?.toLowerCase();
  return {
    // "NullIfExists" does not exist: Null asks for existence itself.
    base: base === 'Null' && match[3] !== undefined ? undefined : base,
    qualifier:
      qualifier === undefined ? undefined : qualifier === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue',
    ifExists: match[3] !== undefined,
  };
}

function makeCondition(
  operator: string,
  parsed: Operator,
  key: string,
  values: string[],
  version: string,
  rawPointer: RawPointer,
): Condition {
  const shared = { operator, key, values: Object.freeze(values), rawPointer };
  return {
    operator,
    ...parsed,
    negated: parsed.base !== undefined && /Not/.test(parsed.base),
    key,
    keyLower: key.toLowerCase(),
    values,
    variables: version === '2012-10-17' && values.some((value) => value.includes('${')),
    absent: false,
    asAllow: Object.freeze({ ...shared, effect: 'allow' as const }),
    asDeny: Object.freeze({ ...shared, effect: 'deny' as const }),
  };
}

/** Condition values may be text, numbers or booleans, alone or in a list. */
function valueTexts(value: unknown): string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts: string[] = [];
  for (const item of list) {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
      texts.push(String(item));
    else return undefined;
  }
  return texts;
}

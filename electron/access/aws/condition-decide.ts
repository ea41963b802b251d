import { arnLike } from './arn.ts';
import type { BaseOperator, Condition } from './condition.ts';
import { glob, plainText } from './text-match.ts';

export type Decision = 'yes' | 'no' | 'unknown';

/**
 * What is known of one condition key for one request.
 * `choice`: the caller may send any of the values, or none (an alias in the request).
 */
export type KeyValue =
  | { state: 'known'; values: readonly string[] }
  | { state: 'choice'; values: readonly string[] }
  | { state: 'absent' }
  | { state: 'unknown' };

export const UNKNOWN: KeyValue = { state: 'unknown' };
export const ABSENT: KeyValue = { state: 'absent' };
export const known = (...values: string[]): KeyValue => ({ state: 'known', values });

/** Resolves the policy variables in a value; null when one of them is not known. */
export type Resolve = (text: string) => string | null;

/** Decides one condition from what is known, by the rules of the IAM guide, "Condition operators". */
export function decide(condition: Condition, value: KeyValue, resolve: Resolve): Decision {
  if (condition.base === undefined) return 'unknown';
  const found = condition.absent ? ABSENT : value;
  switch (found.state) {
    case 'unknown':
      return 'unknown';
    case 'absent':
      return decideAbsent(condition);
    case 'known':
      return decideKnown(condition, found.values, resolve);
    case 'choice': {
      const answers = new Set([
        decideAbsent(condition),
        ...found.values.map((option) => decideKnown(condition, [option], resolve)),
      ]);
      return answers.size === 1 ? [...answers][0]! : 'unknown';
    }
  }
}

function decideAbsent(condition: Condition): Decision {
  if (condition.base === 'Null') return nullWants(condition, 'true');
  if (condition.ifExists || condition.qualifier === 'ForAllValues') return 'yes';
  if (condition.qualifier === 'ForAnyValue') return 'no';
  return condition.negated ? 'yes' : 'no';
}

function nullWants(condition: Condition, state: 'true' | 'false'): Decision {
  return condition.values.some((value) => value.toLowerCase() === state) ? 'yes' : 'no';
}

function decideKnown(condition: Condition, values: readonly string[], resolve: Resolve): Decision {
  if (condition.base === 'Null') return nullWants(condition, 'false');
  if (values.length === 0) return decideAbsent(condition);
  const each = values.map((value) => matchesAny(condition, value, resolve));
  if (condition.negated) {
    const inverted = each.map(invert);
    return condition.qualifier === 'ForAnyValue' ? any(inverted) : all(inverted);
  }
  return condition.qualifier === 'ForAllValues' ? all(each) : any(each);
}

const invert = (d: Decision): Decision => (d === 'yes' ? 'no' : d === 'no' ? 'yes' : 'unknown');
const any = (ds: Decision[]): Decision =>
  ds.includes('yes') ? 'yes' : ds.includes('unknown') ? 'unknown' : 'no';
const all = (ds: Decision[]): Decision =>
  ds.includes('no') ? 'no' : ds.includes('unknown') ? 'unknown' : 'yes';

/** Whether the value matches one of the condition's values, before negation. */
function matchesAny(condition: Condition, value: string, resolve: Resolve): Decision {
  return any(
    condition.values.map((wanted) => {
      const text = condition.variables ? resolve(wanted) : wanted;
      return text === null ? 'unknown' : compare(condition.base!, text, value);
    }),
  );
}

function compare(base: BaseOperator, wanted: string, value: string): Decision {
  switch (base) {
    case 'StringEquals':
    case 'StringNotEquals':
    case 'BinaryEquals':
      return toDecision(plainText(wanted) === value);
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
    case 'Bool':
      return toDecision(plainText(wanted).toLowerCase() === value.toLowerCase());
    case 'StringLike':
    case 'StringNotLike':
      return toDecision(glob(wanted)(value));
    case 'ArnEquals':
    case 'ArnLike':
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return toDecision(arnLike(wanted, value));
    case 'IpAddress':
    case 'NotIpAddress':
    case 'Null':
      // No address of a caller is ever known here; Null never comes this far.
      return 'unknown';
    case 'NumericEquals':
    case 'NumericNotEquals':
    case 'NumericLessThan':
    case 'NumericLessThanEquals':
    case 'NumericGreaterThan':
    case 'NumericGreaterThanEquals':
      return order(base.slice('Numeric'.length), number(value), number(wanted));
    case 'DateEquals':
    case 'DateNotEquals':
    case 'DateLessThan':
    case 'DateLessThanEquals':
    case 'DateGreaterThan':
    case 'DateGreaterThanEquals':
      return order(base.slice('Date'.length), instant(value), instant(wanted));
  }
}

const toDecision = (matched: boolean): Decision => (matched ? 'yes' : 'no');

function order(relation: string, value: number, wanted: number): Decision {
  if (Number.isNaN(value) || Number.isNaN(wanted)) return 'unknown';
  switch (relation) {
    case 'LessThan':
      return toDecision(value < wanted);
    case 'LessThanEquals':
      return toDecision(value <= wanted);
    case 'GreaterThan':
      return toDecision(value > wanted);
    case 'GreaterThanEquals':
      return toDecision(value >= wanted);
    default:
      // Equals and NotEquals both compare; the caller negates.
      return toDecision(value === wanted);
  }
}

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** ISO 8601 or seconds since 1970, as IAM takes dates. Milliseconds. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

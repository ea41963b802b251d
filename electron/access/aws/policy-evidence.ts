import type { AccessIssue, RawPointer, ReportedCondition } from '../types.ts';
import { both, isEmpty, KEY_ACTIONS, namesOf, union } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import { decide, ABSENT } from './condition-decide.ts';
import type { Condition } from './condition.ts';
import { compilePolicy } from './statement.ts';
import type { Policy, PolicyType, Statement } from './statement.ts';

/** A statement that answers a question, with where its text lies. */
export interface StatementEvidence {
  statementIndex: number;
  sid?: string;
  rawPointer: RawPointer;
  /** The KMS actions concerned, by full name, sorted. */
  actions: readonly string[];
  /** All conditions of the statement as written. */
  conditions: readonly ReportedCondition[];
}

/** The answer of a predicate: what was found, and what could not be read (then the answer may be incomplete). */
export interface PolicyAnswer<T> {
  evidence: readonly T[];
  issues: readonly AccessIssue[];
  /** False when the document as a whole could not be read: no evidence then means nothing. */
  readable: boolean;
}

/** One written statement, put together again from its variants. */
export interface Written {
  statement: Statement;
  set: ActionSet;
  conditions: readonly Condition[];
}

/** Reads one document for a predicate. */
export function open(
  text: string,
  type: PolicyType,
  at: Omit<RawPointer, 'path'>,
): { policy: Policy | undefined; written: Written[]; issues: AccessIssue[] } {
  const issues: AccessIssue[] = [];
  const policy = compilePolicy(text, type, at, issues);
  return { policy, written: policy === undefined ? [] : rejoin(policy.statements), issues };
}

export const KEY_POLICY = { document: 'key-policy' } as const;

function rejoin(statements: readonly Statement[]): Written[] {
  const byPath = new Map<string, Written>();
  for (const statement of statements) {
    const set = both(statement.set, KEY_ACTIONS);
    // A condition on a key that these actions never carry can make the variant dead.
    if (isEmpty(set) || statement.conditions.some(neverHolds)) continue;
    const known = byPath.get(statement.rawPointer.path);
    const live = statement.conditions.filter((condition) => !condition.absent);
    if (known === undefined) byPath.set(statement.rawPointer.path, { statement, set, conditions: live });
    else {
      // What widens access decides: the variant of an Allow with fewer conditions, of a Deny with more.
      const fewer = live.length < known.conditions.length;
      const conditions = fewer === statement.allow ? live : known.conditions;
      byPath.set(statement.rawPointer.path, { statement, set: union(known.set, set), conditions });
    }
  }
  return [...byPath.values()];
}

const neverHolds = (condition: Condition): boolean =>
  condition.absent && decide(condition, ABSENT, (text) => text) === 'no';

export function evidenceOf({ statement, set, conditions }: Written): StatementEvidence {
  return {
    statementIndex: statement.index,
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    rawPointer: statement.rawPointer,
    actions: namesOf(set),
    conditions: conditions.map((condition) => (statement.allow ? condition.asAllow : condition.asDeny)),
  };
}

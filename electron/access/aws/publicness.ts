import type { AccessIssue, ReportedCondition } from '../types.ts';
import { both, isEmpty, namesOf, without } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import type { Condition } from './condition.ts';
import { evidenceOf, KEY_POLICY, open } from './policy-evidence.ts';
import type { StatementEvidence, Written } from './policy-evidence.ts';
import { isExclusion, isRestriction } from './restriction.ts';

export interface OpenStatement extends StatementEvidence {
  /** `public`: anyone with an AWS account; `restricted`: conditions or denials bind it to named callers. */
  state: 'public' | 'restricted';
  /** The conditions that bind it, on the statement itself or on a Deny statement. */
  restrictedBy: readonly ReportedCondition[];
  /** Conditions that are there but bind nobody, such as aws:SecureTransport or a wildcard value. */
  weak: readonly ReportedCondition[];
  /** The actions that stay open to everyone; empty when restricted. */
  publicActions: readonly string[];
}

export interface Publicness {
  /**
   * `public`: some statement lets everyone in; `restricted`: statements name everyone and all of them are bound;
   * `not-public`: no statement names everyone; `unknown`: the policy could not be read.
   */
  state: 'public' | 'restricted' | 'not-public' | 'unknown';
  /** Every Allow statement for everyone, whatever its state. */
  statements: readonly OpenStatement[];
  issues: readonly AccessIssue[];
}

/**
 * Whether a key policy is public. A statement for everyone counts as restricted only through a condition that fixes
 * who calls or from where (account, organisation, ARN, VPC, address range), after the rules AWS publishes under
 * "The meaning of public" (S3 user guide) and for KMS.5; conditions on how the call is made do not.
 */
export function publicness(policyText: string): Publicness {
  const { policy, written, issues } = open(policyText, 'resource', KEY_POLICY);
  if (policy === undefined) return { state: 'unknown', statements: [], issues };
  const denies = written.filter(({ statement }) => !statement.allow);
  const statements = written.filter(isForEveryone).map((item) => assess(item, denies));
  if (statements.some((statement) => statement.state === 'public')) {
    return { state: 'public', statements, issues };
  }
  return { state: statements.length > 0 ? 'restricted' : 'not-public', statements, issues };
}

/** An Allow for `*`, or for everyone except some. */
export function isForEveryone({ statement }: Written): boolean {
  const who = statement.principals;
  return statement.allow && who !== null && (who.everyone || who.not);
}

function assess(item: Written, denies: readonly Written[]): OpenStatement {
  const restricting = item.conditions.filter(isRestriction);
  const weak = item.conditions.filter((condition) => !isRestriction(condition));
  const restrictedBy: ReportedCondition[] = restricting.map((condition) => condition.asAllow);
  let open: ActionSet = restricting.length > 0 ? { a: 0, u: 0 } : item.set;
  for (const deny of denies) {
    if (isEmpty(both(open, deny.set)) || !closes(deny)) continue;
    open = without(open, deny.set);
    restrictedBy.push(...closedBy(deny));
  }
  return {
    ...evidenceOf(item),
    state: isEmpty(open) ? 'restricted' : 'public',
    restrictedBy,
    weak: weak.map((condition: Condition) => condition.asAllow),
    publicActions: namesOf(open),
  };
}

/** A denial that leaves no more than named callers: for everyone but some, or unless an identifying condition holds. */
function closes({ statement, conditions }: Written): boolean {
  const who = statement.principals!;
  const everyKey = !statement.notResources && statement.resources.includes('*');
  if (!everyKey || !(who.everyone || who.not) || (who.not && who.everyone)) return false;
  return conditions.every(isExclusion);
}

function closedBy({ statement, conditions }: Written): ReportedCondition[] {
  if (conditions.length > 0) return conditions.map((condition) => condition.asDeny);
  const who = statement.principals!;
  return [
    {
      operator: who.not ? 'NotPrincipal' : 'Principal',
      key: 'principal',
      values: who.not ? [...who.arns, ...who.accounts, ...who.services] : ['*'],
      effect: 'deny',
      rawPointer: statement.rawPointer,
    },
  ];
}

import type { PathStep, ReportedCondition } from '../types.ts';
import { both, CROSS_ACCOUNT, isEmpty, KEY_ACTIONS, without } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import type { Resource, World } from './context.ts';
import type { ControlPolicies } from './control-policies.ts';
import type { Ceiling, Identity } from './identity.ts';
import type { Plan } from './plan.ts';
import { deniesPrincipal, namesPrincipal } from './principal-match.ts';
import {
  applyCeiling,
  applyDenials,
  gatherAllowance,
  gatherDenials,
  matchStatement,
  unknownAllowance,
} from './restrain.ts';
import type { Allowance, Denials, Match, Segment } from './restrain.ts';
import type { Statement } from './statement.ts';
import { statementName } from './statement.ts';

/** One way by which a caller may come to a right, before anything limits it. */
export interface Source {
  set: ActionSet;
  conditions: readonly ReportedCondition[];
  unknown: readonly string[];
  steps: readonly PathStep[];
  /**
   * What an implicit deny in the caller's permissions boundary does to it: `limits` it, is `ignored` (the resource
   * policy names the user or session itself), or is `undocumented` (grants).
   */
  boundary: 'limits' | 'ignored' | 'undocumented';
}

/** A way with what is left of it. */
export interface Held {
  steps: readonly PathStep[];
  segments: readonly Segment[];
}

/**
 * Evaluates one caller on one resource: a key under its key policy, or a role under its trust policy. The order is the
 * documented one: what the resource policy, IAM policies and grants allow; ceilings (permissions boundary, control
 * policies); every explicit deny. IAM guide, "Policy evaluation logic"; KMS developer guide, "Troubleshooting key access".
 */
export class Evaluator {
  readonly world: World;
  readonly control: ControlPolicies;

  constructor(world: World, control: ControlPolicies) {
    this.world = world;
    this.control = control;
  }

  /** What is left of these ways, in the same order; ways of which nothing is left are not in the answer. */
  hold(who: Identity, what: Resource, plan: Plan, sources: readonly Source[], limit: ActionSet): Held[] {
    const reach =
      who.accountId === what.accountId || !crossAccountMatters(who, what)
        ? limit
        : both(limit, CROSS_ACCOUNT);
    const wanted = sources.filter((source) => !isEmpty(both(source.set, reach)));
    if (wanted.length === 0) return [];
    const denials = this.#denials(who, what, plan);
    const ceilings = this.control.ceilings(who, what).map((ceiling) => this.#allowance(ceiling, who, what));
    const doubts = [...plan.unknown, ...who.unreadable.map((part) => `${part} is unreadable`)];
    const held: Held[] = [];
    for (const source of wanted) {
      let segments: Segment[] = [
        {
          set: both(source.set, reach),
          conditions: source.conditions,
          unknown: [...source.unknown, ...doubts],
        },
      ];
      segments = this.#applyBoundary(segments, source, who, what);
      for (const ceiling of ceilings) segments = applyCeiling(segments, ceiling);
      segments = applyDenials(segments, denials);
      if (segments.length > 0) held.push({ steps: source.steps, segments });
    }
    return held;
  }

  #applyBoundary(segments: Segment[], source: Source, who: Identity, what: Resource): Segment[] {
    if (who.boundary === undefined) return segments;
    const allowance = this.#allowance(who.boundary, who, what);
    if (source.boundary === 'limits' || allowance.unknown !== undefined) {
      // A boundary that could not be read may hold an explicit deny, which would bind every source.
      return applyCeiling(segments, allowance);
    }
    if (source.boundary === 'ignored') return segments;
    const doubt = `whether ${who.boundary.name} limits a grant is not documented`;
    return segments
      .flatMap((segment) => [
        { ...segment, set: both(segment.set, allowance.certain) },
        { ...segment, set: without(segment.set, allowance.certain), unknown: [...segment.unknown, doubt] },
      ])
      .filter((segment) => !isEmpty(segment.set));
  }

  /** The resource policy names this caller (or everyone): no IAM policy is needed within the same account. */
  direct(who: Identity, what: Resource, statements: readonly Statement[], type: PathStep['type']): Source[] {
    const sources: Source[] = [];
    for (const statement of statements) {
      if (statement.principals!.not && namesPrincipal(statement, who)) continue;
      const undecided = matchStatement(statement, who, what, this.world);
      if (undecided === undefined) continue;
      const namesRole =
        who.ref.form === 'role' && !statement.principals!.everyone && !statement.principals!.not;
      sources.push({
        set: statement.set,
        conditions: undecided,
        unknown: [],
        steps: [stepOf(statement, type, what)],
        boundary: namesRole ? 'limits' : 'ignored',
      });
    }
    const needsIam = who.iamKnown && who.accountId !== what.accountId;
    return needsIam ? this.#withIam(sources, who, what) : sources;
  }

  /** The resource policy delegates to the caller's account: IAM policies decide. */
  delegated(who: Identity, what: Resource, plan: Plan): Source[] {
    const delegations: Source[] = [];
    for (const statement of plan.delegations.get(who.accountId ?? '') ?? []) {
      const undecided = matchStatement(statement, who, what, this.world);
      if (undecided === undefined) continue;
      delegations.push({
        set: statement.set,
        conditions: undecided,
        unknown: [],
        steps: [stepOf(statement, 'account-delegation', what)],
        boundary: 'limits',
      });
    }
    if (plan.policyMissing !== undefined && who.accountId === what.accountId) {
      delegations.push(unknownDelegation());
    }
    // The root user needs no IAM policy; of an account outside the engagement we see our side only.
    const ourSideOnly = who.ref.form === 'account-root' || !who.iamKnown;
    return ourSideOnly || delegations.length === 0 ? delegations : this.#withIam(delegations, who, what);
  }

  /** A grant to the caller's account leaves it to the account's IAM policies, as a key policy does. */
  delegatedByGrant(who: Identity, what: Resource, source: Source): Source[] {
    return this.#withIam([source], who, what);
  }

  #withIam(outer: readonly Source[], who: Identity, what: Resource): Source[] {
    const sources: Source[] = [];
    for (const { statement, steps } of who.own) {
      if (!statement.allow || !outer.some((source) => !isEmpty(both(source.set, statement.set)))) continue;
      const undecided = matchStatement(statement, who, what, this.world);
      if (undecided === undefined) continue;
      for (const source of outer) {
        const set = both(source.set, statement.set);
        if (isEmpty(set)) continue;
        sources.push({
          set,
          conditions: undecided.length === 0 ? source.conditions : [...source.conditions, ...undecided],
          unknown: source.unknown,
          steps: [...source.steps, ...steps],
          boundary: 'limits',
        });
      }
    }
    return sources;
  }

  #denials(who: Identity, what: Resource, plan: Plan): Denials {
    return gatherDenials(this.#denyMatches(who, what, plan));
  }

  *#denyMatches(who: Identity, what: Resource, plan: Plan): Generator<Match> {
    for (const statement of plan.denies) {
      const about = deniesPrincipal(statement, who);
      if (about === undefined) continue;
      const undecided = matchStatement(statement, who, what, this.world);
      if (undecided)
        yield { statement, undecided: about.length === 0 ? undecided : [...about, ...undecided] };
    }
    for (const { statement } of who.own) {
      if (statement.allow) continue;
      const undecided = matchStatement(statement, who, what, this.world);
      if (undecided) yield { statement, undecided };
    }
    const ceilings = [...(who.boundary ? [who.boundary] : []), ...this.control.ceilings(who, what)];
    for (const { policy } of ceilings) {
      for (const statement of policy?.statements ?? []) {
        if (statement.allow) continue;
        const undecided = matchStatement(statement, who, what, this.world);
        if (undecided) yield { statement, undecided };
      }
    }
  }

  #allowance(ceiling: Ceiling, who: Identity, what: Resource): Allowance {
    const { policy, name } = ceiling;
    if (policy === undefined) return unknownAllowance(`${name} was not collected`);
    if (policy.unreadable.length > 0) return unknownAllowance(`${name} is unreadable`);
    return gatherAllowance(
      policy.statements.flatMap((statement) => {
        if (!statement.allow) return [];
        const undecided = matchStatement(statement, who, what, this.world);
        return undecided ? [{ statement, undecided }] : [];
      }),
    );
  }
}

/** KMS honours only some operations across accounts; for role assumption there is no such list. */
function crossAccountMatters(who: Identity, what: Resource): boolean {
  return what.key !== undefined && who.accountId !== undefined;
}

function stepOf(statement: Statement, type: PathStep['type'], what: Resource): PathStep {
  return {
    type,
    id: type === 'role-trust' ? what.arn : statementName(statement),
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    statementIndex: statement.index,
    rawPointer: statement.rawPointer,
  };
}

const UNKNOWN_STEP: PathStep = {
  type: 'account-delegation',
  id: 'key policy not readable',
  rawPointer: { document: 'key-policy', path: '' },
};

/** Stands for the delegation that a key policy we could not read may or may not hold. */
function unknownDelegation(): Source {
  return { set: KEY_ACTIONS, conditions: [], unknown: [], steps: [UNKNOWN_STEP], boundary: 'limits' };
}

import type { PathStep, Principal, ReportedCondition } from '../types.ts';
import { ASSUME_FEDERATED, ASSUME_ROLE, overlaps } from './action-set.ts';
import type { Resource } from './context.ts';
import type { ControlPolicies } from './control-policies.ts';
import type { Directory } from './directory.ts';
import type { Evaluator, Held, Source } from './evaluator.ts';
import type { Identity } from './identity.ts';
import type { Plan, PlanMaker } from './plan.ts';
import type { Principals } from './principals.ts';

/** Someone who can become a role, with the steps from the role to them. */
export interface Assumer {
  ref: Principal;
  /** Position among the collected users and roles, -1 for others. */
  index: number;
  steps: readonly PathStep[];
  conditions: readonly ReportedCondition[];
  unknown: readonly string[];
  notEvaluated: readonly string[];
}

/** Who can assume which role, followed through roles that assume roles. Cycles end where they meet themselves. */
export class Assumptions {
  readonly #directory: Directory;
  readonly #principals: Principals;
  readonly #evaluator: Evaluator;
  readonly #control: ControlPolicies;
  readonly #plans: PlanMaker;
  readonly #maxDepth: number;
  readonly #direct = new Map<Identity, readonly Assumer[]>();
  readonly #closure = new Map<Identity, readonly Assumer[]>();
  /** Users and roles that some IAM policy lets assume some role, by account. */
  readonly #able = new Map<string, Identity[]>();

  constructor(
    directory: Directory,
    principals: Principals,
    evaluator: Evaluator,
    plans: PlanMaker,
    maxDepth: number,
  ) {
    this.#directory = directory;
    this.#principals = principals;
    this.#evaluator = evaluator;
    this.#control = evaluator.control;
    this.#plans = plans;
    this.#maxDepth = maxDepth;
    for (const who of directory.identities) {
      if (!who.own.some(({ statement }) => statement.allow && overlaps(statement.set, ASSUME_ROLE))) continue;
      const list = this.#able.get(who.accountId!) ?? [];
      list.push(who);
      this.#able.set(who.accountId!, list);
    }
  }

  /** Everyone who can come to the role, each once: by the chain that leaves least in doubt, then the shortest. */
  of(role: Identity): readonly Assumer[] {
    let found = this.#closure.get(role);
    if (found === undefined) {
      found = this.#follow(role);
      this.#closure.set(role, found);
    }
    return found;
  }

  #follow(role: Identity): Assumer[] {
    const best = new Map<string, Assumer>();
    let level: readonly Assumer[] = this.#directOf(role);
    for (let depth = 1; level.length > 0 && depth <= this.#maxDepth; depth++) {
      const next: Assumer[] = [];
      for (const assumer of level) {
        const { id } = assumer.ref;
        const known = best.get(id);
        // A longer chain replaces a shorter one only when it leaves less in doubt.
        if (id === role.ref.id || (known !== undefined && doubt(known) <= doubt(assumer))) continue;
        best.set(id, assumer);
        const through = assumer.ref.form === 'role' ? this.#directory.byArn.get(id) : undefined;
        if (through === undefined || depth === this.#maxDepth) continue;
        for (const further of this.#directOf(through)) next.push(chain(assumer, further));
      }
      level = next;
    }
    return [...best.values()];
  }

  #directOf(role: Identity): readonly Assumer[] {
    let found = this.#direct.get(role);
    if (found === undefined) {
      found = this.#evaluate(role);
      this.#direct.set(role, found);
    }
    return found;
  }

  #evaluate(role: Identity): Assumer[] {
    const trust = this.#directory.trusts.get(role.ref.id);
    if (trust === undefined) return [];
    const plan = this.#plans.make(trust, `trust policy of ${role.ref.id}`);
    const what: Resource = { arn: role.ref.id, accountId: role.accountId!, region: undefined };
    const found = new Map<string, Assumer>();
    const offer = (who: Identity, sources: readonly Source[]): void => {
      const limit = who.ref.form === 'identity-provider' ? ASSUME_FEDERATED : ASSUME_ROLE;
      const held = this.#evaluator.hold(who, what, plan, sources, limit);
      for (const assumer of this.#assumers(who, what, held)) {
        const known = found.get(assumer.ref.id);
        if (known === undefined || doubt(assumer) < doubt(known)) found.set(assumer.ref.id, assumer);
      }
    };
    const direct = (who: Identity, statements: Plan['wildcard']): void =>
      offer(who, this.#evaluator.direct(who, what, statements, 'role-trust'));
    for (const [name, statements] of plan.named) direct(this.#principals.byName(name), statements);
    for (const [name, statements] of plan.services) direct(this.#principals.service(name), statements);
    for (const [name, statements] of plan.federated) direct(this.#principals.federated(name), statements);
    for (const [accountId, statements] of plan.delegations) {
      const account = this.#directory.accounts.get(accountId);
      if (account === undefined) direct(this.#principals.root(accountId), statements);
      else if (account.iam === null) direct(this.#principals.principalsOf(accountId), statements);
      for (const who of this.#able.get(accountId) ?? []) {
        if (who !== role) offer(who, trustDelegation(this.#evaluator, who, what, plan));
      }
    }
    if (plan.wildcard.length > 0) {
      direct(this.#principals.everyone(), plan.wildcard);
      for (const arn of plan.mentioned) direct(this.#principals.byName(arn), plan.wildcard);
    }
    return [...found.values()];
  }

  #assumers(who: Identity, what: Resource, held: readonly Held[]): Assumer[] {
    const notEvaluated = this.#control.notEvaluated(who, what);
    return held.flatMap(({ steps, segments }) =>
      segments.flatMap(({ conditions, unknown }) => {
        const everyone = who.ref.form === 'everyone';
        const parts = everyone ? this.#principals.narrow(conditions) : [{ ref: who.ref, conditions }];
        return parts.map((part) => ({ ...part, index: who.index, steps, unknown, notEvaluated }));
      }),
    );
  }
}

/** In a trust policy the delegation step is the trust itself. */
function trustDelegation(evaluator: Evaluator, who: Identity, what: Resource, plan: Plan): Source[] {
  return evaluator.delegated(who, what, plan).map((source) => ({
    ...source,
    steps: source.steps.map((step) =>
      step.type === 'account-delegation' ? { ...step, type: 'role-trust' as const, id: what.arn } : step,
    ),
  }));
}

/** Fewer doubts first: a certain chain is better evidence than a conditional one. */
const doubt = (assumer: Assumer): number => assumer.unknown.length * 1000 + assumer.conditions.length;

function chain(near: Assumer, far: Assumer): Assumer {
  return {
    ref: far.ref,
    index: far.index,
    steps: [...near.steps, ...far.steps],
    conditions: [...near.conditions, ...far.conditions],
    unknown: [...near.unknown, ...far.unknown],
    notEvaluated: mergeLists(near.notEvaluated, far.notEvaluated),
  };
}

/** Joins two lists without repeating; returns the first itself when the second adds nothing. */
export function mergeLists(first: readonly string[], second: readonly string[]): readonly string[] {
  const extra = second.filter((item) => !first.includes(item));
  return extra.length === 0 ? first : [...first, ...extra];
}

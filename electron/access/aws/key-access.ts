import type { Principal } from '../types.ts';
import { both, RIGHTS, applicableTo } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import type { Assumer, Assumptions } from './assumption.ts';
import { arnLike, keyScope, parseArn } from './arn.ts';
import type { Resource } from './context.ts';
import type { Directory } from './directory.ts';
import type { Evaluator, Held, Source } from './evaluator.ts';
import { grantSources } from './grants.ts';
import type { IamIndex } from './iam-index.ts';
import type { Identity } from './identity.ts';
import { assumedBody, bodiesOf, OwnRights } from './key-paths.ts';
import type { Body } from './key-paths.ts';
import type { AwsAccessInput, AwsKey } from './model.ts';
import type { Plan } from './plan.ts';
import type { Principals } from './principals.ts';
import type { Statement } from './statement.ts';

export interface Parts {
  directory: Directory;
  principals: Principals;
  evaluator: Evaluator;
  index: IamIndex;
  assumptions: Assumptions;
  assumedPaths: NonNullable<AwsAccessInput['assumedPaths']>;
}

/** How many shared answers are kept. Beyond that keys differ so much that keeping more would not be used again. */
const MAX_SHARED = 300_000;

/** Answers for one key after the other, sharing what is the same for many keys. */
export class KeyAccess {
  readonly #parts: Parts;
  readonly #shared = new Map<string, (readonly Body[] | undefined)[]>();
  #sharedCount = 0;
  readonly #isShared = new WeakSet<Body>();
  readonly #assumed = new WeakMap<Body, (Body | undefined)[]>();
  readonly #matching = new Map<string, readonly string[]>();

  /** Whole answers of keys with one policy that nothing tells apart, by likeness. */
  readonly #whole = new WeakMap<Plan, Map<string, readonly Body[]>>();
  /** How many keys have a policy. */
  readonly #samePlan = new Map<Plan, number>();

  /** How many keys are alike; an answer that only one key can use is not kept. */
  readonly #alike = new Map<string, number>();

  constructor(parts: Parts, keys: readonly AwsKey[], planOf: (key: AwsKey) => Plan) {
    this.#parts = parts;
    for (const key of keys) {
      const plan = planOf(key);
      this.#samePlan.set(plan, (this.#samePlan.get(plan) ?? 0) + 1);
      const id = likeness(key, plan);
      this.#alike.set(id, (this.#alike.get(id) ?? 0) + 1);
    }
  }

  /**
   * All paths to one key, in chunks: first those that principals hold themselves, then those through assumed roles.
   * The same chunk or body object may come again for another key; keys that nothing tells apart share one chunk.
   */
  *chunks(key: AwsKey, plan: Plan): Generator<readonly Body[]> {
    if (!this.#isLikeOthers(key, plan)) {
      yield* this.#chunks(key, plan);
      return;
    }
    const answers = this.#whole.get(plan) ?? new Map<string, readonly Body[]>();
    this.#whole.set(plan, answers);
    const id = likeness(key, plan);
    let answer = answers.get(id);
    if (answer === undefined) {
      answer = [...this.#chunks(key, plan)].flat();
      answers.set(id, answer);
    }
    if (answer.length > 0) yield answer;
  }

  /** Nothing about the key but what it shares with others of the same policy decides who may reach it. */
  #isLikeOthers(key: AwsKey, plan: Plan): boolean {
    return (
      this.#samePlan.get(plan)! > 1 &&
      !plan.keyDependent &&
      key.grants?.length === 0 &&
      this.#parts.index.isPlain(key)
    );
  }

  *#chunks(key: AwsKey, plan: Plan): Generator<readonly Body[]> {
    const { assumedPaths, directory } = this.#parts;
    const own = new OwnRights();
    const roles: { role: Identity; bodies: readonly Body[] }[] = [];
    for (const { who, bodies } of this.#held(key, plan)) {
      if (bodies.length === 0) continue;
      yield bodies;
      if (who.index >= 0) own.add(who.index, bodies);
      const role = who.ref.form === 'role' ? who : directory.byArn.get(who.roleArn ?? '');
      if (role?.ref.form === 'role') roles.push({ role, bodies });
    }
    if (assumedPaths === 'none') return;
    for (const { role, bodies } of roles) {
      const through = this.#through(role, bodies, own);
      if (through.length > 0) yield through;
    }
  }

  #through(role: Identity, bodies: readonly Body[], own: OwnRights): Body[] {
    const assumers = this.#parts.assumptions.of(role);
    const additional = this.#parts.assumedPaths === 'additional';
    const result: Body[] = [];
    for (const body of bodies) {
      for (let i = 0; i < assumers.length; i++) {
        const { index, conditions, unknown } = assumers[i]!;
        const certain = body.certainty === 'allowed' && conditions.length + unknown.length === 0;
        if (additional && index >= 0 && own.has(index, body.set, certain)) continue;
        result.push(this.#assume(body, i, assumers));
      }
    }
    return result;
  }

  #assume(body: Body, i: number, assumers: readonly Assumer[]): Body {
    if (!this.#isShared.has(body)) return assumedBody(body, assumers[i]!);
    let made = this.#assumed.get(body);
    if (made === undefined) {
      made = [];
      this.#assumed.set(body, made);
    }
    return (made[i] ??= assumedBody(body, assumers[i]!));
  }

  *#held(key: AwsKey, plan: Plan): Generator<{ who: Identity; bodies: readonly Body[] }> {
    const { principals, evaluator, directory, index } = this.#parts;
    const what: Resource = { arn: key.arn, accountId: key.accountId, region: key.region, key };
    const limit = both(RIGHTS, applicableTo(key.keyUsage, key.keySpec));
    const particular = this.#particular(key, plan, what);

    for (const [who, sources] of particular) {
      const all = who.index >= 0 ? [...sources, ...evaluator.delegated(who, what, plan)] : sources;
      yield { who, bodies: this.#evaluate(who, what, plan, all, limit) };
    }
    const share = plan.keyDependent ? undefined : this.#sharedFor(likeness(key, plan));
    for (const who of index.candidates(key)) {
      if (particular.has(who)) continue;
      const sameAccount = who.accountId === key.accountId && plan.policyMissing !== undefined;
      if (!sameAccount && !plan.delegations.has(who.accountId!)) continue;
      const common = share !== undefined && !index.isSpecial(who, key);
      let bodies = common ? share[who.index] : undefined;
      if (bodies === undefined) {
        bodies = this.#evaluate(who, what, plan, evaluator.delegated(who, what, plan), limit);
        if (common) {
          share[who.index] = bodies;
          for (const body of bodies) this.#isShared.add(body);
          this.#sharedCount += 1 + bodies.length;
        }
      }
      if (bodies.length > 0) yield { who, bodies };
    }
    if (plan.policyMissing !== undefined && directory.accounts.get(key.accountId)?.iam === null) {
      const who = principals.principalsOf(key.accountId);
      yield { who, bodies: this.#evaluate(who, what, plan, evaluator.delegated(who, what, plan), limit) };
    }
    const everyone = principals.everyone();
    const open = plan.wildcard.filter((statement) => !this.#namesItsPrincipals(statement));
    const held = evaluator.hold(
      everyone,
      what,
      plan,
      evaluator.direct(everyone, what, open, 'key-policy-statement'),
      limit,
    );
    yield { who: everyone, bodies: this.#everyoneBodies(held, what) };
  }

  /** Principals that this key's own policy or grants name, each with what they are given there. */
  #particular(key: AwsKey, plan: Plan, what: Resource): Map<Identity, Source[]> {
    const { principals, evaluator, directory } = this.#parts;
    const found = new Map<Identity, Source[]>();
    const give = (who: Identity, sources: readonly Source[]): void => {
      const list = found.get(who);
      if (list) list.push(...sources);
      else found.set(who, [...sources]);
    };
    const direct = (who: Identity, statements: readonly Statement[]): void =>
      give(who, evaluator.direct(who, what, statements, 'key-policy-statement'));
    for (const [name, statements] of plan.named) direct(principals.byName(name), statements);
    // Whoever a statement singles out is evaluated by name: what is true for everyone may not be true for them.
    for (const arn of this.#mentioned(plan)) direct(principals.byName(arn), plan.wildcard);
    for (const accountId of plan.delegations.keys()) {
      const root = principals.root(accountId, parseArn(key.arn)?.partition);
      give(root, evaluator.delegated(root, what, plan));
      const account = directory.accounts.get(accountId);
      if (account?.iam === null) {
        const unresolved = principals.principalsOf(accountId);
        const why = `IAM of account ${accountId} was not collected`;
        give(
          unresolved,
          evaluator.delegated(unresolved, what, plan).map((s) => ({ ...s, unknown: [...s.unknown, why] })),
        );
      }
    }
    for (const [name, statements] of plan.services) direct(principals.service(name), statements);
    for (const [name, statements] of plan.federated) direct(principals.federated(name), statements);
    for (const [name, statements] of plan.canonicalUsers) direct(principals.canonicalUser(name), statements);
    for (const { principal, source } of grantSources(key)) {
      const who = principals.byName(principal);
      give(who, [source]);
      if (who.ref.form !== 'account-root') continue;
      for (const member of directory.identities) {
        if (member.accountId !== who.accountId) continue;
        const through = evaluator.delegatedByGrant(member, what, source);
        if (through.length > 0) give(member, through);
      }
    }
    return found;
  }

  #mentioned(plan: Plan): readonly string[] {
    if (plan.wildcard.length === 0) return [];
    const matching = plan.mentionedPatterns.flatMap((pattern) => {
      let found = this.#matching.get(pattern);
      if (found === undefined) {
        const { identities } = this.#parts.directory;
        found = identities.map((who) => who.ref.id).filter((arn) => arnLike(pattern, arn));
        this.#matching.set(pattern, found);
      }
      return found;
    });
    return [...new Set([...plan.mentioned, ...matching])];
  }

  /** True when a statement for everyone is bound to listed ARNs, so that naming those is the whole answer. */
  #namesItsPrincipals(statement: Statement): boolean {
    return statement.conditions.some(
      (condition) =>
        condition.keyLower === 'aws:principalarn' &&
        !condition.negated &&
        !condition.variables &&
        condition.qualifier === undefined &&
        !condition.ifExists &&
        /^(String|Arn)(Equals|Like)$/.test(condition.base ?? '') &&
        condition.values.every((value) => !/[*?]/.test(value) && parseArn(value) !== undefined),
    );
  }

  #evaluate(
    who: Identity,
    what: Resource,
    plan: Plan,
    sources: readonly Source[],
    limit: ActionSet,
  ): readonly Body[] {
    const held = this.#parts.evaluator.hold(who, what, plan, sources, limit);
    return held.length === 0 ? NO_BODIES : bodiesOf(who.ref, held, this.#notEvaluated(who, what));
  }

  #everyoneBodies(held: readonly Held[], what: Resource): readonly Body[] {
    const { principals } = this.#parts;
    const notEvaluated = this.#notEvaluated(principals.everyone(), what);
    return held.flatMap(({ steps, segments }) =>
      segments.flatMap((segment) =>
        principals
          .narrow(segment.conditions)
          .flatMap(({ ref, conditions }: { ref: Principal; conditions: typeof segment.conditions }) =>
            bodiesOf(ref, [{ steps, segments: [{ ...segment, conditions }] }], notEvaluated),
          ),
      ),
    );
  }

  #notEvaluated(who: Identity, what: Resource): readonly string[] {
    return this.#parts.evaluator.control.notEvaluated(who, what);
  }

  #sharedFor(id: string): (readonly Body[] | undefined)[] | undefined {
    if (this.#alike.get(id) === 1) return undefined;
    if (this.#sharedCount > MAX_SHARED) {
      this.#shared.clear();
      this.#sharedCount = 0;
    }
    let share = this.#shared.get(id);
    if (share === undefined) {
      share = [];
      this.#shared.set(id, share);
    }
    return share;
  }
}

/** Equal for keys on which principals that neither policy nor grants name have the same rights. */
function likeness(key: AwsKey, plan: Plan): string {
  return `${plan.genericId} ${keyScope(key.arn)} ${key.keyUsage ?? ''} ${key.keySpec ?? ''}`;
}

const NO_BODIES: readonly Body[] = [];

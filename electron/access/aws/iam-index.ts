import { KEY_ACTIONS, overlaps } from './action-set.ts';
import { keyScope } from './arn.ts';
import type { ControlPolicies } from './control-policies.ts';
import type { Directory } from './directory.ts';
import type { Identity } from './identity.ts';
import type { AwsKey } from './model.ts';
import { conditionsDependOnKey } from './plan.ts';
import { coversScope, literalKeys } from './resource-match.ts';
import type { Statement } from './statement.ts';

interface ScopeView {
  /** Principals with an Allow that covers every key of the scope. */
  broad: readonly Identity[];
  /** Principals with an Allow that covers some keys, decided key by key. */
  patterns: readonly Identity[];
  /** Principals with an Allow for literally named keys. */
  byKey: ReadonlyMap<string, readonly Identity[]>;
  /** By identity index: keys for which the answer is not the scope's common one; `true` for every key. */
  special: readonly (true | ReadonlySet<string> | undefined)[];
  /** Some principal's answer differs from key to key. */
  anySpecial: boolean;
  /** Keys that some principal's policies name literally. */
  singledOut: ReadonlySet<string>;
}

/**
 * Finds, for a key, the few principals whose IAM policies can matter, and tells whether their answer is the same for
 * all keys of the account and region. Without it every key would have to look at every principal.
 */
export class IamIndex {
  readonly #directory: Directory;
  readonly #control: ControlPolicies;
  readonly #views = new Map<string, ScopeView>();
  readonly #relevant: readonly (readonly Statement[])[];

  constructor(directory: Directory, control: ControlPolicies) {
    this.#directory = directory;
    this.#control = control;
    this.#relevant = directory.identities.map((who) =>
      [...who.own.map((own) => own.statement), ...(who.boundary?.policy?.statements ?? [])].filter(
        (statement) => overlaps(statement.set, KEY_ACTIONS),
      ),
    );
  }

  /** Principals of the collected accounts with an Allow in IAM that may cover this key, in directory order. */
  candidates(key: AwsKey): Identity[] {
    const view = this.#view(key);
    const literal = view.byKey.get(key.arn) ?? [];
    if (view.patterns.length === 0 && literal.length === 0) return [...view.broad];
    const found = new Set([...view.broad, ...view.patterns, ...literal]);
    return [...found].sort((x, y) => x.index - y.index);
  }

  /** True when what IAM says about this principal may differ between this key and others of its account and region. */
  isSpecial(who: Identity, key: AwsKey): boolean {
    const special = this.#view(key).special[who.index];
    return special === true || (special !== undefined && special.has(key.arn));
  }

  /** True when what IAM says about every principal is the same for this key as for others like it. */
  isPlain(key: AwsKey): boolean {
    const view = this.#view(key);
    return !view.anySpecial && !view.singledOut.has(key.arn);
  }

  #view(key: AwsKey): ScopeView {
    const scope = keyScope(key.arn);
    let view = this.#views.get(scope);
    if (view === undefined) {
      view = this.#build(scope, key);
      this.#views.set(scope, view);
    }
    return view;
  }

  #build(scope: string, key: AwsKey): ScopeView {
    const broad: Identity[] = [];
    const patterns: Identity[] = [];
    const byKey = new Map<string, Identity[]>();
    const special: (true | ReadonlySet<string> | undefined)[] = [];
    const resource = { arn: key.arn, accountId: key.accountId, region: key.region, key };
    for (const who of this.#directory.identities) {
      let isBroad = false;
      let hasPattern = false;
      let everyKey = this.#control.dependsOnKey(who, resource, (statement) => differs(statement, scope));
      const named = new Set<string>();
      const allows = new Set(who.own.map((own) => own.statement).filter((statement) => statement.allow));
      for (const statement of this.#relevant[who.index]!) {
        const cover = coversScope(statement, scope);
        if (cover === 'none') continue;
        const literal = cover === 'some' ? literalKeys(statement) : undefined;
        if (literal) literal.forEach((arn) => named.add(arn));
        else if (cover === 'some' || conditionsDependOnKey(statement.conditions)) everyKey = true;
        if (!allows.has(statement)) continue;
        if (cover === 'all') isBroad = true;
        else if (!literal) hasPattern = true;
        else for (const arn of literal) append(byKey, arn, who);
      }
      if (isBroad) broad.push(who);
      else if (hasPattern) patterns.push(who);
      special[who.index] = everyKey ? true : named.size > 0 ? named : undefined;
    }
    const named = special.flatMap((keys) => (keys === true || keys === undefined ? [] : [...keys]));
    return {
      broad,
      patterns,
      byKey,
      special,
      anySpecial: special.includes(true),
      singledOut: new Set(named),
    };
  }
}

function differs(statement: Statement, scope: string): boolean {
  if (!overlaps(statement.set, KEY_ACTIONS)) return false;
  const cover = coversScope(statement, scope);
  return cover === 'some' || (cover === 'all' && conditionsDependOnKey(statement.conditions));
}

function append(map: Map<string, Identity[]>, key: string, who: Identity): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [who]);
  else if (list.at(-1) !== who) list.push(who);
}

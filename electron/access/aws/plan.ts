import { parseArn } from './arn.ts';
import type { Condition } from './condition.ts';
import { dependsOnKey } from './context.ts';
import type { Policy, Statement } from './statement.ts';
import { hasWildcard } from './text-match.ts';

/** A resource policy (key policy or trust policy), sorted by whom its statements concern. */
export interface Plan {
  /** Small number that is equal for plans that treat principals they do not name in the same way. */
  genericId: number;
  /** Allow statements by the user, role, session or unique id they name. */
  named: ReadonlyMap<string, readonly Statement[]>;
  /** Allow statements by the account they delegate to. */
  delegations: ReadonlyMap<string, readonly Statement[]>;
  /** Allow statements for everyone, or for everyone except some. */
  wildcard: readonly Statement[];
  services: ReadonlyMap<string, readonly Statement[]>;
  federated: ReadonlyMap<string, readonly Statement[]>;
  canonicalUsers: ReadonlyMap<string, readonly Statement[]>;
  denies: readonly Statement[];
  /** ARNs, accounts and services that statements single out without granting: exceptions of denials, values of aws:PrincipalArn. */
  mentioned: ReadonlySet<string>;
  /** aws:PrincipalArn patterns with wildcards in statements for everyone. */
  mentionedPatterns: readonly string[];
  /** Answers differ between keys with this same policy (tags, aliases, key ARNs in Resource …). */
  keyDependent: boolean;
  /** Non-empty: answers are uncertain for these reasons. */
  unknown: readonly string[];
  /** Set when there is no policy to read at all, so that the account may or may not be delegated to. */
  policyMissing?: string;
}

/** Interns generic signatures. One per evaluation, so that ids never leak between runs. */
export class PlanMaker {
  readonly #generic = new Map<string, number>();

  make(policy: Policy, document = 'key policy'): Plan {
    const named = new Map<string, Statement[]>();
    const delegations = new Map<string, Statement[]>();
    const services = new Map<string, Statement[]>();
    const federated = new Map<string, Statement[]>();
    const canonicalUsers = new Map<string, Statement[]>();
    const wildcard: Statement[] = [];
    const denies: Statement[] = [];
    const mentioned = new Set<string>();
    const mentionedPatterns = new Set<string>();
    for (const statement of policy.statements) {
      const who = statement.principals!;
      if (!statement.allow) {
        denies.push(statement);
        // Everyone else is denied: whoever is excepted may keep what a statement for everyone gives.
        if (who.not) [...who.arns, ...who.accounts, ...who.services].forEach((name) => mentioned.add(name));
      } else if (who.everyone || who.not) {
        wildcard.push(statement);
      } else {
        for (const name of [...who.arns, ...who.uniqueIds]) append(named, name, statement);
        for (const id of who.accounts) append(delegations, id, statement);
        for (const name of who.services) append(services, name, statement);
        for (const name of who.federated) append(federated, name, statement);
        for (const name of who.canonicalUsers) append(canonicalUsers, name, statement);
      }
      for (const condition of statement.conditions) {
        if (condition.keyLower !== 'aws:principalarn') continue;
        for (const value of condition.values) {
          if (!hasWildcard(value) && parseArn(value) !== undefined) mentioned.add(value);
          else if (statement.allow && statement.principals!.everyone) mentionedPatterns.add(value);
        }
      }
    }
    const generic = [...[...delegations.values()].flat(), ...wildcard, ...denies];
    return {
      genericId: this.#intern(generic, policy.unreadable),
      named,
      delegations,
      wildcard,
      services,
      federated,
      canonicalUsers,
      denies,
      mentioned,
      mentionedPatterns: [...mentionedPatterns],
      keyDependent: policy.statements.some(dependsOnItsKey),
      unknown: policy.unreadable.map((part) => `${document} ${part} is unreadable`),
    };
  }

  /** The plan for a policy that could not be had. */
  missing(why: string): Plan {
    const none = new Map<string, Statement[]>();
    return {
      genericId: this.#intern([], ['?', why]),
      named: none,
      delegations: none,
      wildcard: [],
      services: none,
      federated: none,
      canonicalUsers: none,
      denies: [],
      mentioned: new Set(),
      mentionedPatterns: [],
      keyDependent: false,
      unknown: [why],
      policyMissing: why,
    };
  }

  #intern(statements: readonly Statement[], extra: readonly string[]): number {
    const text = JSON.stringify([extra, statements.map(signature)]);
    let id = this.#generic.get(text);
    if (id === undefined) {
      id = this.#generic.size;
      this.#generic.set(text, id);
    }
    return id;
  }
}

function append(map: Map<string, Statement[]>, key: string, statement: Statement): void {
  const list = map.get(key);
  if (list) list.push(statement);
  else map.set(key, [statement]);
}

/** Everything about a statement that can change an answer or the evidence for it, except the document's owner. */
function signature(statement: Statement): unknown[] {
  const who = statement.principals!;
  return [
    statement.rawPointer.path,
    statement.sid,
    statement.allow,
    statement.set,
    statement.resources,
    statement.notResources,
    who.not,
    who.everyone,
    [...who.accounts],
    [...who.arns],
    [...who.services],
    [...who.uniqueIds],
    statement.conditions.map((condition) => [
      condition.operator,
      condition.key,
      condition.values,
      condition.variables,
      condition.absent,
    ]),
  ];
}

/** Whether the statement can treat two keys of one account and region differently. */
export function dependsOnItsKey(statement: Statement): boolean {
  const everyKey =
    statement.resources.length === 1 && statement.resources[0] === '*' && !statement.notResources;
  return (statement.principals !== null && !everyKey) || conditionsDependOnKey(statement.conditions);
}

export function conditionsDependOnKey(conditions: readonly Condition[]): boolean {
  return conditions.some(
    (condition) =>
      dependsOnKey(condition.keyLower) ||
      // A variable may be any key: ${aws:ResourceTag/…} and its like are rare, being careful costs nothing.
      (condition.variables && condition.values.some((value) => /\$\{\s*(aws:resource|kms:)/i.test(value))),
  );
}

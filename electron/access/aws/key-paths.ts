import type { AccessPath, Certainty, Principal, ReportedCondition } from '../types.ts';
import { both, covers, EMPTY, isEmpty, namesOf, RIGHT_GROUPS, union } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import type { Assumer } from './assumption.ts';
import { mergeLists } from './assumption.ts';
import type { Held } from './evaluator.ts';

/** A path without its key, so that it can be shared by all keys that it is equally true for. */
export interface Body extends Omit<AccessPath, 'key'> {
  set: ActionSet;
}

export function certaintyOf(unknown: readonly string[], conditions: readonly ReportedCondition[]): Certainty {
  if (unknown.length > 0) return 'unknown';
  return conditions.length > 0 ? 'conditional' : 'allowed';
}

/** Lists what a principal holds, one body per right and way. */
export function bodiesOf(
  principal: Principal,
  held: readonly Held[],
  notEvaluated: readonly string[],
): Body[] {
  const bodies: Body[] = [];
  for (const { steps, segments } of held) {
    for (const { set, conditions, unknown } of segments) {
      for (const group of RIGHT_GROUPS) {
        const part = both(set, group.set);
        if (isEmpty(part)) continue;
        bodies.push({
          principal,
          right: group.right,
          actions: namesOf(part),
          via: steps,
          conditions,
          certainty: certaintyOf(unknown, conditions),
          notEvaluated: unknown.length === 0 ? notEvaluated : mergeLists(notEvaluated, unknown),
          set: part,
        });
      }
    }
  }
  return bodies;
}

/** The same right, reached by assuming the role that holds it. */
export function assumedBody(body: Body, assumer: Assumer): Body {
  const conditions =
    assumer.conditions.length === 0 ? body.conditions : [...body.conditions, ...assumer.conditions];
  return {
    principal: assumer.ref,
    right: body.right,
    actions: body.actions,
    via: [...body.via, ...assumer.steps],
    conditions,
    certainty: body.certainty === 'unknown' ? 'unknown' : certaintyOf(assumer.unknown, conditions),
    notEvaluated: mergeLists(body.notEvaluated, mergeLists(assumer.notEvaluated, assumer.unknown)),
    set: body.set,
  };
}

/** What each collected principal holds by itself on one key, to tell what an assumed role would add. */
export class OwnRights {
  readonly #allowed: (ActionSet | undefined)[] = [];
  readonly #possible: (ActionSet | undefined)[] = [];

  add(index: number, bodies: readonly Body[]): void {
    let allowed = this.#allowed[index] ?? EMPTY;
    let possible = this.#possible[index] ?? EMPTY;
    for (const body of bodies) {
      if (body.certainty === 'allowed') allowed = union(allowed, body.set);
      else possible = union(possible, body.set);
    }
    this.#allowed[index] = allowed;
    this.#possible[index] = possible;
  }

  /** True when the principal already holds all of this at least as surely. */
  has(index: number, set: ActionSet, certain: boolean): boolean {
    const allowed = this.#allowed[index];
    if (allowed === undefined) return false;
    return covers(certain ? allowed : union(allowed, this.#possible[index]!), set);
  }
}

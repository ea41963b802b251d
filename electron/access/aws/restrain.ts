import type { ReportedCondition } from '../types.ts';
import { both, EMPTY, isEmpty, overlaps, union, without } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import { decide } from './condition-decide.ts';
import { lookUp, substitute } from './context.ts';
import type { Resource, World } from './context.ts';
import type { Identity } from './identity.ts';
import { coversResource } from './resource-match.ts';
import type { Statement } from './statement.ts';

/** Part of a right: the actions that are allowed under the same undecided conditions. */
export interface Segment {
  set: ActionSet;
  conditions: readonly ReportedCondition[];
  /** Documents that decide it and could not be read. */
  unknown: readonly string[];
}

/** A statement that applies, with what could not be decided about it. Empty `undecided`: it applies for certain. */
export interface Match {
  statement: Statement;
  undecided: readonly ReportedCondition[];
}

const NONE: readonly ReportedCondition[] = Object.freeze([]);

/** Whether a statement applies to this caller on this resource; undefined when it does not. Principals aside. */
export function matchStatement(
  statement: Statement,
  who: Identity,
  what: Resource,
  world: World,
): readonly ReportedCondition[] | undefined {
  const resolve = (text: string): string | null => substitute(text, who, what, world);
  const resource = coversResource(statement, what.arn, resolve);
  if (resource === 'no') return undefined;
  let undecided: ReportedCondition[] | undefined;
  if (resource === 'unknown') {
    undecided = [
      {
        operator: statement.notResources ? 'NotResource' : 'Resource',
        key: 'policy variable',
        values: statement.resources,
        effect: statement.allow ? 'allow' : 'deny',
        rawPointer: statement.rawPointer,
      },
    ];
  }
  for (const condition of statement.conditions) {
    const decision = decide(condition, lookUp(condition.keyLower, who, what, world), resolve);
    if (decision === 'no') return undefined;
    if (decision === 'unknown') {
      (undecided ??= []).push(statement.allow ? condition.asAllow : condition.asDeny);
    }
  }
  return undecided ?? NONE;
}

/** Denials that apply to one caller on one resource, from every document that was collected. */
export interface Denials {
  certain: ActionSet;
  possible: readonly { set: ActionSet; undecided: readonly ReportedCondition[] }[];
}

export function gatherDenials(matches: Iterable<Match>): Denials {
  let certain = EMPTY;
  const possible: { set: ActionSet; undecided: readonly ReportedCondition[] }[] = [];
  for (const { statement, undecided } of matches) {
    if (undecided.length === 0) certain = union(certain, statement.set);
    else possible.push({ set: statement.set, undecided });
  }
  return { certain, possible };
}

/** An explicit deny wins over every allow; a conditional one keeps the right and is reported with it. */
export function applyDenials(segments: readonly Segment[], denials: Denials): Segment[] {
  let result = segments
    .map((segment) => ({ ...segment, set: without(segment.set, denials.certain) }))
    .filter((segment) => !isEmpty(segment.set));
  for (const { set, undecided } of denials.possible) {
    result = result.flatMap((segment) =>
      overlaps(segment.set, set)
        ? pieces(
            { ...segment, set: both(segment.set, set), conditions: [...segment.conditions, ...undecided] },
            { ...segment, set: without(segment.set, set) },
          )
        : [segment],
    );
  }
  return result;
}

/** What a ceiling (permissions boundary, control policies of one level) lets through for one caller. */
export interface Allowance {
  certain: ActionSet;
  possible: readonly { set: ActionSet; undecided: readonly ReportedCondition[] }[];
  /** Set when its document could not be had. */
  unknown: string | undefined;
}

export function gatherAllowance(matches: Iterable<Match>): Allowance {
  return { ...gatherDenials(matches), unknown: undefined };
}

export const unknownAllowance = (what: string): Allowance => ({
  certain: EMPTY,
  possible: [],
  unknown: what,
});

/** Intersects rights with a ceiling. */
export function applyCeiling(segments: readonly Segment[], ceiling: Allowance): Segment[] {
  if (ceiling.unknown !== undefined) {
    const { unknown } = ceiling;
    return segments.map((segment) => ({ ...segment, unknown: [...segment.unknown, unknown] }));
  }
  return segments.flatMap((segment) => {
    const kept = pieces({ ...segment, set: both(segment.set, ceiling.certain) });
    let rest: Segment[] = pieces({ ...segment, set: without(segment.set, ceiling.certain) });
    // Several conditional statements may let the same action through: any of them does, all are reported.
    let reached = EMPTY;
    for (const { set, undecided } of ceiling.possible) {
      rest = rest.flatMap((part) =>
        overlaps(part.set, set)
          ? pieces(
              { ...part, set: both(part.set, set), conditions: [...part.conditions, ...undecided] },
              { ...part, set: without(part.set, set) },
            )
          : [part],
      );
      reached = union(reached, set);
    }
    kept.push(...rest.flatMap((part) => pieces({ ...part, set: both(part.set, reached) })));
    return kept;
  });
}

const pieces = (...segments: Segment[]): Segment[] => segments.filter((segment) => !isEmpty(segment.set));

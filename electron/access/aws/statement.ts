import type { AccessIssue, RawPointer } from '../types.ts';
import { actionsOf, allActionsBut, EMPTY, isEmpty, union } from './action-set.ts';
import type { ActionSet } from './action-set.ts';
import { readConditions } from './condition.ts';
import type { Condition } from './condition.ts';
import { variantsOf } from './condition-scope.ts';
import { readPolicy, reporter, stringList } from './policy-json.ts';
import type { RawPolicy } from './policy-json.ts';
import { readPrincipals } from './principal-element.ts';
import type { Principals } from './principal-element.ts';

/** A statement ready to be evaluated. One written statement may give several, see `condition-scope.ts`. */
export interface Statement {
  index: number;
  sid: string | undefined;
  allow: boolean;
  /** Null in identity policies, where the principal is whoever the policy is attached to. */
  principals: Principals | null;
  set: ActionSet;
  resources: readonly string[];
  /** True when `resources` came from `NotResource`. */
  notResources: boolean;
  /** True when a resource holds a policy variable that this language version supports. */
  resourceVariables: boolean;
  conditions: readonly Condition[];
  rawPointer: RawPointer;
}

export interface Policy {
  statements: readonly Statement[];
  /** Non-empty when something unreadable might deny: answers from this policy are then uncertain. */
  unreadable: readonly string[];
}

export type PolicyType = 'resource' | 'identity';

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

type Report = (code: AccessIssue['code'], path: string, message: string) => void;

/** Reads and compiles a policy document. Undefined when there is none to evaluate. Never throws. */
export function compilePolicy(
  text: string,
  type: PolicyType,
  at: Omit<RawPointer, 'path'>,
  issues: AccessIssue[],
): Policy | undefined {
  const report = reporter(issues, at);
  const raw = readPolicy(text, report);
  if (raw === undefined) return undefined;
  const statements: Statement[] = [];
  const unreadable = [...raw.unreadable];
  for (const item of raw.statements) {
    const compiled = compileStatement(item, type, raw.version, { ...at, path: item.path }, report);
    if (compiled) statements.push(...compiled);
    // An unreadable Allow only means a right we cannot see; anything else might take one away.
    else if (item.value['Effect'] !== 'Allow') unreadable.push(`statement ${item.index}`);
  }
  return { statements, unreadable };
}

function compileStatement(
  { value, index, path }: RawPolicy['statements'][number],
  type: PolicyType,
  version: string,
  at: RawPointer,
  report: Report,
): Statement[] | undefined {
  for (const key of Object.keys(value)) {
    if (!ELEMENTS.has(key))
      report('element-unknown', path, `statement ${index} has unknown element "${key}"`);
  }
  const effect = value['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    report(
      'statement-malformed',
      `${path}/Effect`,
      `statement ${index} has effect ${JSON.stringify(effect)}`,
    );
    return undefined;
  }
  const principals = type === 'resource' ? principalsOf(value, path, report) : null;
  const set = actionSetOf(value, path, report);
  const resources = resourcesOf(value, path, type, report);
  const conditions = readConditions(
    value['Condition'],
    { ...at, path: `${path}/Condition` },
    version,
    report,
  );
  if (principals === undefined || !set || !resources || !conditions) return undefined;
  if (isEmpty(set)) return [];
  const sid = typeof value['Sid'] === 'string' ? value['Sid'] : undefined;
  const shared = { index, sid, allow: effect === 'Allow', principals, ...resources, rawPointer: at };
  const resourceVariables =
    version === '2012-10-17' && resources.resources.some((text) => text.includes('${'));
  return variantsOf(set, conditions).map((variant) => ({ ...shared, resourceVariables, ...variant }));
}

function principalsOf(value: Record<string, unknown>, path: string, report: Report): Principals | undefined {
  if (value['Principal'] !== undefined && value['NotPrincipal'] !== undefined) {
    report('statement-malformed', path, 'statement has both Principal and NotPrincipal');
    return undefined;
  }
  const not = value['NotPrincipal'] !== undefined;
  const element = not ? 'NotPrincipal' : 'Principal';
  if (value[element] === undefined) {
    report('statement-malformed', path, 'statement has no Principal');
    return undefined;
  }
  return readPrincipals(value[element], not, `${path}/${element}`, report);
}

function actionSetOf(value: Record<string, unknown>, path: string, report: Report): ActionSet | undefined {
  const not = value['NotAction'] !== undefined;
  const element = not ? 'NotAction' : 'Action';
  const patterns = stringList(value[element]);
  if (patterns === undefined || (not && value['Action'] !== undefined)) {
    report('statement-malformed', `${path}/${element}`, `cannot read ${element} of the statement`);
    return undefined;
  }
  const named = patterns.map(actionsOf).reduce(union, EMPTY);
  return not ? allActionsBut(named) : named;
}

function resourcesOf(
  value: Record<string, unknown>,
  path: string,
  type: PolicyType,
  report: Report,
): { resources: string[]; notResources: boolean } | undefined {
  const notResources = value['NotResource'] !== undefined;
  const element = notResources ? 'NotResource' : 'Resource';
  // Trust policies have no Resource at all; in a key policy it always means "this key".
  if (value[element] === undefined && type === 'resource') return { resources: ['*'], notResources: false };
  const resources = stringList(value[element]);
  if (resources === undefined || (notResources && value['Resource'] !== undefined)) {
    report('statement-malformed', `${path}/${element}`, `cannot read ${element} of the statement`);
    return undefined;
  }
  return { resources, notResources };
}

/** Text for a step's id: the Sid when there is one, else the statement's place. */
export const statementName = (statement: Statement): string =>
  statement.sid !== undefined && statement.sid !== '' ? statement.sid : `Statement[${statement.index}]`;

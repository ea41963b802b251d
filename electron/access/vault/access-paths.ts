import type { AccessIssue, AccessPath, PathStep, ReportedCondition, Right } from '../types.ts';
import { buildAcl, decide, reaches } from './acl.ts';
import type { Acl, AclRequest, Contribution, Decision, HeldPolicy } from './acl.ts';
import { grantActions } from './grant-actions.ts';
import { holdersOf } from './holders.ts';
import type { Holder } from './holders.ts';
import type { VaultAccessInput, VaultTransitKey } from './model.ts';
import { parseVaultPolicy } from './policy.ts';
import { isTemplated } from './template.ts';
import { TRANSIT_ACTIONS } from './transit-actions.ts';

export interface VaultAccess {
  issues: readonly AccessIssue[];
  /** What no Vault answer shows and so is in no path; to be printed beside them. */
  notEvaluated: readonly string[];
  /** Every path to every key, key by key. */
  paths(): Generator<AccessPath>;
}

/** Holders whose tokens decide alike. */
interface Alike {
  acl: Acl;
  holders: Holder[];
  grants: Map<string, readonly Found[]>;
  /** By what was found: the same steps lead to many keys. */
  ways: Map<string, readonly Way[]>;
}

/** From a right outwards to each holder, in the order of the holders. */
interface Way {
  holder: Holder;
  via: readonly PathStep[];
  notEvaluated: readonly string[];
}

/** What can be done to one key, worked out once for all tokens. */
type Asked = readonly { name: string; right: Right; requests: readonly AclRequest[] }[];

const askedOf = (key: VaultTransitKey): Asked =>
  TRANSIT_ACTIONS.filter(({ possible }) => possible(key)).map(({ name, right, requests }) => ({
    name: `transit/${name}`,
    right,
    requests: requests(key),
  }));

/** A right that a token gives, before it is said of a particular holder. */
interface Found {
  /** The same for the same right through the same rules. */
  id: string;
  right: Right;
  actions: string[];
  granted: readonly Contribution[];
  root: boolean;
  conditions: readonly ReportedCondition[];
  certainty: AccessPath['certainty'];
  reasons: readonly string[];
}

/** What decides access in Vault and no answer of it shows, or shows only by name: printed wherever access is. */
export const NOT_EVALUATED: readonly string[] = [
  'root tokens: Vault does not list them; each holds every right',
  'tokens created directly, outside any auth role or token role',
  'Sentinel policies (RGP, EGP), which can only take rights away: their names are listed, their rules are not read',
  'approvals of control groups: a rule with one counts as a conditional right',
  'quotas',
];

/** Who can administer, use and grant each transit key, and through what. Pure; reads nothing but its input. */
export function evaluateVaultAccess(input: VaultAccessInput): VaultAccess {
  const issues: AccessIssue[] = [];
  const policies = readPolicies(input, issues);
  const alike = groupAlike(input, holdersOf(input, issues), policies, issues);
  return {
    issues,
    notEvaluated: NOT_EVALUATED,
    *paths() {
      for (const key of input.keys) {
        const asked = askedOf(key);
        for (const group of alike) yield* pathsOf(input, group, key, asked);
      }
    },
  };
}

function* pathsOf(
  input: VaultAccessInput,
  group: Alike,
  key: VaultTransitKey,
  asked: Asked,
): Generator<AccessPath> {
  for (const one of [...rightsOn(group.acl, key, asked), ...grantsOn(input, group, key)]) {
    const { right, actions, conditions, certainty } = one;
    for (const { holder, via, notEvaluated } of waysOf(group, one)) {
      const { principal } = holder;
      yield { key: key.id, principal, right, actions, via, conditions, certainty, notEvaluated };
    }
  }
}

function waysOf(group: Alike, found: Found): readonly Way[] {
  let ways = group.ways.get(found.id);
  if (ways === undefined) {
    ways = group.holders.map((holder) => ({
      holder,
      via: stepsTo(holder, found),
      notEvaluated: [...found.reasons, ...holder.notEvaluated],
    }));
    group.ways.set(found.id, ways);
  }
  return ways;
}

function rightsOn(acl: Acl, key: VaultTransitKey, asked: Asked): Found[] {
  const within = [`${key.namespace}${key.mount}`, `${key.namespace}sys/mounts/${key.mount}`];
  if (!within.some((path) => reaches(acl, path))) return [];
  const found = new Map<string, Found>();
  for (const { name, right, requests } of asked) collect(found, acl, name, right, requests);
  return sorted(found);
}

function grantsOn(input: VaultAccessInput, group: Alike, key: VaultTransitKey): Found[] {
  return input.namespaces
    .filter(({ path }) => key.namespace.startsWith(path))
    .flatMap((ns) => {
      let found = group.grants.get(ns.path);
      if (found === undefined) {
        const table = new Map<string, Found>();
        for (const { name, requests } of grantActions(ns))
          collect(table, group.acl, name, { class: 'grant' }, requests);
        found = sorted(table);
        group.grants.set(ns.path, found);
      }
      return found;
    });
}

/** Adds what these requests find; the same right through the same rule is one path with several actions. */
function collect(
  found: Map<string, Found>,
  acl: Acl,
  action: string,
  right: Right,
  requests: readonly AclRequest[],
): void {
  for (const request of requests) {
    const decision = decide(acl, request);
    if (decision.outcome === 'denied') continue;
    // With sudo two rules may be needed together; otherwise each rule gives the right by itself.
    const ways: (readonly Contribution[])[] =
      decision.granted.length === 0 || request.sudo === true
        ? [decision.granted]
        : decision.granted.map((one) => [one]);
    for (const granted of ways) add(found, action, right, granted, decision);
  }
}

function add(
  found: Map<string, Found>,
  action: string,
  right: Right,
  granted: readonly Contribution[],
  decision: Decision,
): void {
  const conditions = conditionsOf(decision);
  const certainty =
    decision.outcome === 'unknown' ? 'unknown' : conditions.length > 0 ? 'conditional' : 'allowed';
  const id = JSON.stringify([
    right.class,
    right.use,
    granted.map((g) => [g.namespace, g.policy.name, g.rule.pointer]),
    conditions,
    certainty,
    decision.reasons,
    decision.root,
  ]);
  const known = found.get(id);
  if (known === undefined) {
    const { root, reasons } = decision;
    found.set(id, { id, right, actions: [action], granted, root, conditions, certainty, reasons });
  } else if (!known.actions.includes(action)) known.actions.push(action);
}

function conditionsOf({ limits }: Decision): ReportedCondition[] {
  return limits.map(({ limit, from }) => ({
    operator: limit.operator,
    key: limit.key,
    values: limit.values,
    effect: limit.operator === 'denied_parameters' ? 'deny' : 'allow',
    rawPointer: {
      document: 'acl-policy',
      of: policyId(from),
      path: `${from.rule.pointer}/${limit.operator}`,
    },
  }));
}

function stepsTo(holder: Holder, { granted, root }: Found): PathStep[] {
  const steps: PathStep[] = [];
  const carriers = new Map<string, readonly PathStep[]>();
  const carry = (namespace: string, policy: string): void => {
    for (const one of holder.carried) {
      if (one.namespace !== namespace || one.policy !== policy) continue;
      // The shortest way is shown when a token gets the policy in several ways.
      const before = carriers.get(policyKey(namespace, policy));
      if (before === undefined || one.steps.length < before.length)
        carriers.set(policyKey(namespace, policy), one.steps);
    }
  };
  if (root) {
    steps.push({
      type: 'acl-policy',
      id: 'root',
      rawPointer: { document: 'acl-policy', of: 'root', path: '' },
    });
    carry('', 'root');
  }
  for (const from of granted) {
    const id = policyId(from);
    const rawPointer = { document: 'acl-policy', of: id, path: from.rule.pointer } as const;
    steps.push({ type: 'acl-policy', id, name: from.rule.path, rawPointer });
    carry(from.namespace, from.policy.name);
  }
  const outwards = [...carriers.values()].flat();
  return [...steps, ...outwards.filter((step, i) => outwards.findIndex(({ id }) => id === step.id) === i)];
}

const policyId = ({ namespace, policy }: Contribution): string => `${namespace}${policy.name}`;
const policyKey = (namespace: string, name: string): string => `${namespace}\u0000${name}`;

function sorted(found: Map<string, Found>): Found[] {
  for (const one of found.values()) one.actions.sort();
  return [...found.values()];
}

type Policies = Map<string, HeldPolicy>;

function readPolicies(input: VaultAccessInput, issues: AccessIssue[]): Policies {
  const found: Policies = new Map();
  for (const { path, policies } of input.namespaces) {
    for (const { name, text, missing } of policies ?? []) {
      if (text === null) {
        const rawPointer = { document: 'acl-policy', of: `${path}${name}`, path: '' } as const;
        const why = missing === undefined ? '' : `: ${missing}`;
        issues.push({ code: 'policy-missing', rawPointer, message: `policy ${name} was not read${why}` });
      }
      const policy =
        text === null ? unread(name) : parseVaultPolicy(name, name === 'root' ? '' : text, `${path}${name}`);
      issues.push(...policy.issues);
      found.set(policyKey(path, name), { policy, namespace: path });
    }
  }
  return found;
}

const unread = (name: string): HeldPolicy['policy'] => ({ name, rules: [], issues: [], complete: false });

function groupAlike(
  input: VaultAccessInput,
  holders: readonly Holder[],
  policies: Policies,
  issues: AccessIssue[],
): Alike[] {
  const groups = new Map<string, Alike>();
  const absent = new Set<string>();
  for (const holder of holders) {
    const held = new Map<string, HeldPolicy>();
    for (const { namespace, policy: name } of holder.carried) {
      const key = policyKey(namespace, name);
      const known = policies.get(key);
      const listed = input.namespaces.find(({ path }) => path === namespace)?.policies ?? null;
      if (known !== undefined) held.set(key, known);
      else if (name === 'root') held.set(key, { policy: { ...unread(name), complete: true }, namespace });
      else if (listed === null) held.set(key, { policy: unread(name), namespace });
      // A name that no policy has gives nothing, until somebody makes that policy.
      else if (name !== 'default' && !absent.has(key)) {
        absent.add(key);
        const rawPointer = { document: 'acl-policy', of: `${namespace}${name}`, path: '' } as const;
        const message = `policy ${name} is given to ${holder.principal.id} and does not exist`;
        issues.push({ code: 'policy-missing', rawPointer, message });
      }
    }
    const templated = [...held.values()].some(({ policy }) => policy.rules.some((r) => isTemplated(r.path)));
    const signature = JSON.stringify([
      [...held.keys()].sort(),
      templated ? (holder.identity ?? null) : null,
      templated && holder.identity === undefined,
    ]);
    const group = groups.get(signature);
    if (group !== undefined) group.holders.push(holder);
    else {
      const acl = buildAcl([...held.values()], holder.identity, input.at);
      groups.set(signature, { acl, holders: [holder], grants: new Map(), ways: new Map() });
    }
  }
  return [...groups.values()];
}

import {
  buildAcl,
  parseVaultPolicy,
  TRANSIT_ACTIONS,
  type Acl,
  type Merged,
  type VaultNamespace,
  type VaultRule,
  type VaultTransitKey,
} from '../../access/vault/index.ts';
import { matchRule } from '../../access/vault/acl.ts';
import type { FactDraft } from '../access-facts-of.ts';
import type { CapabilitiesCheck } from './capabilities.ts';
import type { ClusterAccess } from './access-input.ts';

type Found = Omit<FactDraft, 'subject' | 'account'>;

/** A policy as somebody holds it. */
interface HeldPolicy {
  namespace: string;
  name: string;
  rules: readonly VaultRule[];
  /** The policy by itself, ready to answer. Templates stand for one identity each and are no wildcard. */
  acl: Acl;
  /** Auth roles, entities and groups that carry it, by their paths. */
  holders: string[];
}

/** Facts that policies, roles and identities of a cluster show by themselves. */
export function* vaultAccessFacts(
  { cluster, input, missing }: ClusterAccess,
  check: CapabilitiesCheck,
): Generator<FactDraft> {
  const about = (subject: string, found: Found): FactDraft => ({ ...found, subject, account: null });
  const told = missing ?? differenceText(check);
  if (told !== null) yield about(cluster, plain('iam-missing', '', told));
  const said = check.notCompared ?? `${check.compared} paths compared, ${check.different.length} different`;
  yield about(cluster, plain('capabilities-checked', '', said));

  const policies = input.namespaces.flatMap(policiesOf);
  for (const policy of policies) {
    for (const rule of policy.rules) {
      if (policy.holders.length > 0 && rule.capabilities.has('sudo') && isWide(rule.path)) {
        yield about(cluster, { ...ofRule('wildcard-sudo', policy, rule) });
      }
    }
  }
  for (const { holder, namespace } of input.namespaces.flatMap(rootHolders)) {
    const what = namespace === '' ? 'policy root' : `policy root of namespace ${namespace}`;
    yield about(cluster, plain('root-holder', holder, what));
  }
  for (const key of input.keys) {
    for (const policy of policies) {
      for (const found of wideRulesOn(key, policy)) yield about(key.id, found);
    }
  }
}

function differenceText({ compared, different }: CapabilitiesCheck): string | null {
  const [first] = different;
  if (!first) return null;
  return (
    `our reading of policies differs from the server’s on ${different.length} of ${compared} paths ` +
    `(${first.path}: the server says ${first.server}, we say ${first.ours})`
  );
}

function plain(kind: FactDraft['kind'], who: string, how: string): Found {
  return { kind, who, how, condition: null, certainty: 'allowed' };
}

function policiesOf(ns: VaultNamespace): HeldPolicy[] {
  const carriers = carriersOf(ns);
  return (ns.policies ?? []).flatMap(({ name, text }) => {
    if (text === null || name === 'root') return [];
    const policy = parseVaultPolicy(name, text);
    const acl = buildAcl([{ policy, namespace: ns.path }], { groups: [] });
    return [{ namespace: ns.path, name, rules: policy.rules, acl, holders: carriers.get(name) ?? [] }];
  });
}

/** Who carries each policy of a namespace, by the policy's name. */
function carriersOf(ns: VaultNamespace): Map<string, string[]> {
  // Every token has the default policy, unless its role says otherwise.
  const carriers = new Map<string, string[]>([['default', [`${ns.path}every token`]]]);
  const carry = (policies: unknown, who: string): void => {
    const names = Array.isArray(policies)
      ? policies
      : typeof policies === 'string'
        ? policies.split(',')
        : [];
    for (const name of names) {
      if (typeof name !== 'string' || name.trim() === '') continue;
      const key = name.trim().toLowerCase();
      carriers.set(key, [...(carriers.get(key) ?? []), who]);
    }
  };
  for (const { path, roles } of ns.auth ?? []) {
    for (const { name, data } of roles ?? []) {
      const { token_policies, policies, allowed_policies } = data;
      carry(token_policies ?? policies ?? allowed_policies, `${ns.path}auth/${path}${name}`);
    }
  }
  for (const { name, policies } of ns.entities ?? []) carry(policies, `${ns.path}entity ${name}`);
  for (const { name, policies } of ns.groups ?? []) carry(policies, `${ns.path}group ${name}`);
  return carriers;
}

function rootHolders(ns: VaultNamespace): { holder: string; namespace: string }[] {
  return (carriersOf(ns).get('root') ?? []).map((holder) => ({ holder, namespace: ns.path }));
}

/** A path that stands for more than one thing. */
function isWide(path: string): boolean {
  return path.endsWith('*') || path.split('/').includes('+');
}

const CHANGING = ['create', 'update', 'delete', 'patch', 'sudo'] as const;

/** Rules with a wildcard through which the holders of a policy use or change this key. */
function* wideRulesOn(key: VaultTransitKey, policy: HeldPolicy): Generator<Found> {
  if (policy.holders.length === 0 || !key.namespace.startsWith(policy.namespace)) return;
  const wide = policy.rules.filter(
    (rule) => isWide(rule.path) && CHANGING.some((capability) => rule.capabilities.has(capability)),
  );
  if (wide.length === 0) return;
  const deciding = new Set<Merged>();
  for (const { requests, right } of TRANSIT_ACTIONS) {
    if (right.class === 'grant') continue;
    for (const { path, capability } of requests(key)) {
      if (path.startsWith(`${key.namespace}sys/`)) continue;
      const rule = matchRule(policy.acl, path, false);
      if (rule && !rule.denies && rule.contributions.some((c) => c.rule.capabilities.has(capability)))
        deciding.add(rule);
    }
  }
  for (const { contributions } of deciding) {
    for (const { rule } of contributions)
      if (wide.includes(rule)) yield ofRule('wildcard-policy', policy, rule);
  }
}

const SHOWN = 4;

function ofRule(kind: FactDraft['kind'], { namespace, name, holders }: HeldPolicy, rule: VaultRule): Found {
  const more = holders.length > SHOWN ? ` and ${holders.length - SHOWN} more` : '';
  const limits = rule.limits
    .map(({ operator, key }) => (key === '' ? operator : `${operator} ${key}`))
    .join('; ');
  return {
    kind,
    who: `${holders.slice(0, SHOWN).join(', ')}${more}`,
    how: `policy ${namespace}${name}, path "${rule.path}" [${[...rule.capabilities].sort().join(', ')}]`,
    condition: limits === '' ? null : limits,
    certainty: limits === '' ? 'allowed' : 'conditional',
  };
}

import type { Capability, VaultIdentity } from './model.ts';
import type { RuleLimit, VaultPolicy, VaultRule } from './policy.ts';
import { isTemplated, resolveTemplate, templateShape } from './template.ts';

/** One policy as a token holds it. Its paths are relative to the namespace it lives in. */
export interface HeldPolicy {
  policy: VaultPolicy;
  /** '' or with the slash at its end. */
  namespace: string;
}

export interface Contribution extends HeldPolicy {
  rule: VaultRule;
}

/** All that a token's policies say about one pattern, taken together. */
export interface Merged {
  /** From the root namespace on, with its wildcards. */
  pattern: string;
  denies: boolean;
  contributions: readonly Contribution[];
}

export interface Decision {
  outcome: 'allowed' | 'denied' | 'unknown';
  /** The most specific pattern that matches; it alone decides. */
  rule?: Merged;
  /** What grants the capability; when the outcome is unknown, what may grant it. */
  granted: readonly Contribution[];
  /** What the request must also fulfil. */
  limits: readonly { limit: RuleLimit; from: Contribution }[];
  /** Why it is not known. */
  reasons: readonly string[];
  /** By the root policy: nothing limits it. */
  root: boolean;
}

export interface AclRequest {
  /** From the root namespace on, without `/v1/`. */
  path: string;
  capability: Exclude<Capability, 'deny' | 'sudo'>;
  /** True for a root-protected path, which needs `sudo` too. */
  sudo?: boolean;
}

interface Segmented {
  merged: Merged;
  parts: readonly string[];
  glob: boolean;
  /** Place of the first wildcard. */
  first: number;
  wildcards: number;
  text: string;
}

/** A token's policies, ready to answer. Follows Vault's documented priority rules (concepts/policies#priority-matching). */
export interface Acl {
  root: boolean;
  exact: ReadonlyMap<string, Merged>;
  /** Longest first. */
  prefixes: readonly { prefix: string; merged: Merged }[];
  segmented: readonly Segmented[];
  /** Templated rules whose path is not known because the identity is not. */
  unresolved: readonly { shape: RegExp; from: Contribution; reason: string }[];
  /** Policies of which something could not be read. */
  unreadable: readonly string[];
}

/** `identity` undefined: it is not known who asks. `at`: rules that expired before (OpenBao) are left out. */
export function buildAcl(held: readonly HeldPolicy[], identity: VaultIdentity | undefined, at?: string): Acl {
  const table = new Map<string, { pattern: string; denies: boolean; contributions: Contribution[] }>();
  const unresolved: { shape: RegExp; from: Contribution; reason: string }[] = [];
  const unreadable: string[] = [];
  let root = false;
  for (const { policy, namespace } of held) {
    if (policy.name === 'root' && namespace === '') root = true;
    if (!policy.complete) unreadable.push(`policy ${namespace}${policy.name} could not be read`);
    for (const rule of policy.rules) {
      if (isExpired(rule, at)) continue;
      const from: Contribution = { policy, namespace, rule };
      const resolved = resolveTemplate(rule.path, identity);
      if (resolved.outcome === 'unknown') {
        unresolved.push({ shape: templateShape(namespace + rule.path), from, reason: resolved.reason });
      }
      if (resolved.outcome !== 'plain') continue;
      const pattern = namespace + resolved.path.replace(/^\//, '');
      // What a template brings in may not add wildcards that Vault forbids.
      if (isTemplated(rule.path) && pattern.includes('+*')) continue;
      const merged = table.get(pattern);
      const denies = rule.capabilities.has('deny');
      if (merged === undefined) table.set(pattern, { pattern, denies, contributions: [from] });
      else {
        merged.denies ||= denies;
        merged.contributions.push(from);
      }
    }
  }
  return { root, ...indexed([...table.values()]), unresolved, unreadable };
}

function indexed(all: readonly Merged[]): Pick<Acl, 'exact' | 'prefixes' | 'segmented'> {
  const exact = new Map<string, Merged>();
  const prefixes: { prefix: string; merged: Merged }[] = [];
  const segmented: Segmented[] = [];
  for (const merged of all) {
    const { pattern } = merged;
    const glob = pattern.endsWith('*');
    const text = glob ? pattern.slice(0, -1) : pattern;
    if (pattern === '+' || pattern.includes('/+') || pattern.startsWith('+/')) {
      const parts = text.split('/');
      const wildcards = parts.filter((part) => part === '+').length;
      segmented.push({ merged, parts, glob, first: pattern.indexOf('+'), wildcards, text });
    } else if (glob) prefixes.push({ prefix: text, merged });
    else exact.set(pattern, merged);
  }
  prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  return { exact, prefixes, segmented };
}

function isExpired(rule: VaultRule, at: string | undefined): boolean {
  if (at === undefined) return false;
  return rule.limits.some(
    ({ operator, values }) => operator === 'expiration' && Date.parse(values[0] ?? '') < Date.parse(at),
  );
}

/** Decides one request. */
export function decide(acl: Acl, request: AclRequest): Decision {
  if (acl.root) return { outcome: 'allowed', granted: [], limits: [], reasons: [], root: true };
  const path = requestPath(request);
  const rule = matchRule(acl, path, request.capability === 'list' || request.capability === 'scan');
  const needs: readonly Capability[] = request.sudo ? [request.capability, 'sudo'] : [request.capability];
  const granted =
    rule === undefined || rule.denies
      ? []
      : rule.contributions.filter(({ rule: { capabilities } }) => needs.some((one) => capabilities.has(one)));
  const allowed = needs.every((one) => granted.some(({ rule: { capabilities } }) => capabilities.has(one)));
  const reasons: string[] = [...acl.unreadable];
  const possible: Contribution[] = [];
  for (const { shape, from, reason } of acl.unresolved) {
    if (!shape.test(path) && !shape.test(path.replace(/\/$/, ''))) continue;
    const grants = needs.every((one) => from.rule.capabilities.has(one));
    if (grants === allowed) continue;
    reasons.push(reason);
    if (grants) possible.push(from);
  }
  const limits =
    rule === undefined || !allowed
      ? []
      : rule.contributions.flatMap((from) =>
          from.rule.limits
            .filter((limit) => bears(limit, request.capability))
            .map((limit) => ({ limit, from })),
        );
  return {
    outcome: reasons.length > 0 ? 'unknown' : allowed ? 'allowed' : 'denied',
    ...(rule === undefined ? {} : { rule }),
    granted: allowed ? granted : possible,
    limits,
    reasons,
    root: false,
  };
}

/** False when no pattern can match anything under this path: a quick way to leave most tokens out. */
export function reaches(acl: Acl, under: string): boolean {
  if (acl.root || acl.unreadable.length > 0 || acl.unresolved.length > 0) return true;
  const meets = (literal: string): boolean => literal.startsWith(under) || under.startsWith(literal);
  return (
    acl.prefixes.some(({ prefix }) => meets(prefix)) ||
    acl.segmented.some(({ text, first }) => meets(text.slice(0, first))) ||
    [...acl.exact.keys()].some((path) => path.startsWith(under) || `${path}/` === under)
  );
}

/** What sys/capabilities answers for this path: sorted; `['root']`; `['deny']` when there is nothing. */
export function capabilitiesOf(acl: Acl, path: string): string[] {
  if (acl.root) return ['root'];
  const rule = matchRule(acl, path.replace(/^\/+/, ''), true);
  if (rule === undefined || rule.denies) return ['deny'];
  const all = new Set(rule.contributions.flatMap(({ rule: { capabilities } }) => [...capabilities]));
  return all.size === 0 ? ['deny'] : [...all].sort();
}

/** A LIST is asked with a slash at the end. */
function requestPath({ path, capability }: AclRequest): string {
  const bare = path.replace(/^\/+/, '');
  return capability === 'list' && !bare.endsWith('/') ? `${bare}/` : bare;
}

/** The pattern that decides for this path: an exact one, otherwise the most specific of those with wildcards. */
export function matchRule(acl: Acl, path: string, listing: boolean): Merged | undefined {
  const bare = path.replace(/\/$/, '');
  const exact = acl.exact.get(path) ?? (listing ? acl.exact.get(bare) : undefined);
  if (exact !== undefined) return exact;
  return mostSpecific(acl, path) ?? (listing && bare !== path ? mostSpecific(acl, bare) : undefined);
}

function mostSpecific(acl: Acl, path: string): Merged | undefined {
  const longest = acl.prefixes.find(({ prefix }) => path.startsWith(prefix));
  let best: Segmented | undefined =
    longest === undefined
      ? undefined
      : {
          merged: longest.merged,
          parts: [],
          glob: true,
          first: longest.prefix.length,
          wildcards: 0,
          text: longest.prefix,
        };
  if (acl.segmented.length === 0) return best?.merged;
  const parts = path.split('/');
  for (const candidate of acl.segmented) {
    if (matches(candidate, parts) && (best === undefined || isAbove(candidate, best))) best = candidate;
  }
  return best?.merged;
}

function matches({ parts, glob }: Segmented, path: readonly string[]): boolean {
  if (glob ? path.length < parts.length : path.length !== parts.length) return false;
  const last = parts.length - 1;
  return parts.every(
    (part, i) => part === '+' || part === path[i] || (glob && i === last && path[i]!.startsWith(part)),
  );
}

/** Vault's order: a later first wildcard, then no glob, then fewer `+`, then longer, then lexically greater. */
function isAbove(a: Segmented, b: Segmented): boolean {
  if (a.first !== b.first) return a.first > b.first;
  if (a.glob !== b.glob) return b.glob;
  if (a.wildcards !== b.wildcards) return a.wildcards < b.wildcards;
  if (a.text.length !== b.text.length) return a.text.length > b.text.length;
  return a.text > b.text;
}

/** Parameters are looked at only where a request carries some; paging only where something is listed. */
function bears({ operator }: RuleLimit, capability: Capability): boolean {
  const listing = capability === 'list' || capability === 'scan';
  switch (operator) {
    case 'allowed_parameters':
    case 'denied_parameters':
    case 'required_parameters':
      return !listing && capability !== 'delete';
    case 'pagination_limit':
      return listing;
    case 'min_wrapping_ttl':
    case 'max_wrapping_ttl':
    case 'control_group':
    case 'mfa_methods':
    case 'expiration':
      return true;
  }
}

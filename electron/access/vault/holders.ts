import type { AccessIssue, PathStep, Principal, PrincipalForm, PrincipalKind } from '../types.ts';
import type {
  VaultAccessInput,
  VaultAuthMount,
  VaultAuthRole,
  VaultEntity,
  VaultGroup,
  VaultIdentity,
  VaultNamespace,
} from './model.ts';

/** A policy that a token gets, and the steps from that policy outwards to whoever holds the token. */
export interface Carried {
  namespace: string;
  policy: string;
  steps: readonly PathStep[];
}

/** Whoever can hold a token, with all its policies. Every way to log in is one holder: tokens do not add up. */
export interface Holder {
  principal: Principal;
  carried: readonly Carried[];
  /** Undefined: it is not known whose identity the token would carry. */
  identity: VaultIdentity | undefined;
  notEvaluated: readonly string[];
}

const PEOPLE = new Set(['userpass', 'ldap', 'okta', 'radius', 'github']);
const MACHINES = new Set(['approle', 'kubernetes', 'cert', 'aws', 'azure', 'gcp', 'alicloud', 'cf']);

const NO_ENTITY = 'policies of the entity and groups that log in through it add to this, and may deny';
const NO_ROLE = 'policies of the auth role that issues the token add to this, and may deny';

/** All who can hold a token, by what was collected; what was not becomes an issue. */
export function holdersOf(input: VaultAccessInput, issues: AccessIssue[]): Holder[] {
  const groups = input.namespaces.flatMap((ns) => (ns.groups ?? []).map((group) => ({ ns: ns.path, group })));
  const holders: Holder[] = [];
  const linked = new Set<VaultAuthRole>();
  for (const ns of input.namespaces) {
    reportMissing(ns, issues);
    for (const entity of ns.entities ?? []) {
      if (entity.disabled === true) continue;
      holders.push(...ofEntity(ns, entity, groups, linked));
    }
  }
  for (const ns of input.namespaces) {
    for (const mount of ns.auth ?? []) {
      for (const role of mount.roles ?? []) {
        if (!linked.has(role)) holders.push(ofRole(ns, mount, role));
      }
    }
    for (const group of ns.groups ?? []) {
      // Who an outside directory puts in the group is known only as they log in.
      if (group.type === 'external' || ns.entities === null) holders.push(ofGroup(ns, group));
    }
  }
  return holders.filter(({ carried }) => carried.length > 0);
}

function ofRole(ns: VaultNamespace, mount: VaultAuthMount, role: VaultAuthRole): Holder {
  const id = roleId(ns, mount, role);
  const token = mount.type === 'token';
  const [kind, why]: [PrincipalKind, string] = token
    ? ['unknown', 'whoever may create tokens through this token role']
    : kindOfMount(mount.type);
  return {
    principal: principal(id, ns, token ? 'token-role' : formOf(mount.type), kind, why),
    carried: carriedByRole(ns, mount, role),
    identity: undefined,
    notEvaluated: [NO_ENTITY],
  };
}

function ofGroup(ns: VaultNamespace, group: VaultGroup): Holder {
  const step = groupStep(ns.path, group);
  const kind: PrincipalKind = group.type === 'external' ? 'federated' : 'unknown';
  const why =
    group.type === 'external' ? 'an outside directory says who is in it' : 'its members could not be read';
  return {
    principal: principal(
      `${ns.path}identity/group/${group.id}`,
      ns,
      'group',
      kind,
      `group ${group.name}: ${why}`,
    ),
    carried: (group.policies ?? []).map((policy) => ({ namespace: ns.path, policy, steps: [step] })),
    identity: undefined,
    notEvaluated: [NO_ROLE],
  };
}

function ofEntity(
  ns: VaultNamespace,
  entity: VaultEntity,
  all: readonly { ns: string; group: VaultGroup }[],
  linked: Set<VaultAuthRole>,
): Holder[] {
  const mine = groupsOf(entity, all);
  const step: PathStep = {
    type: 'entity',
    id: `${ns.path}identity/entity/${entity.id}`,
    name: entity.name,
    rawPointer: { document: 'entity', of: `${ns.path}${entity.id}`, path: '/policies' },
  };
  const base: Carried[] = [
    ...(entity.policies ?? []).map((policy) => ({ namespace: ns.path, policy, steps: [step] })),
    ...mine.flatMap(({ ns: home, group, chain }) =>
      (group.policies ?? []).map((policy) => ({ namespace: home, policy, steps: [...chain, step] })),
    ),
  ];
  const identity: VaultIdentity = { entity, groups: mine.map(({ group }) => group) };
  const mounts = (entity.aliases ?? []).map((alias) => ({
    alias,
    mount: ns.auth?.find(({ accessor }) => accessor === alias.mount_accessor),
  }));
  const [kind, why] = kindOfEntity(mounts.map(({ mount }) => mount?.type));
  const who = principal(step.id, ns, 'entity', kind, `entity ${entity.name}: ${why}`);
  const logins = mounts.flatMap(({ alias, mount }) => {
    // Only where the alias is the name that is logged in with does it say which role issues the token.
    if (mount === undefined || !PEOPLE.has(mount.type)) return [];
    const role = mount.roles?.find(({ name }) => name.toLowerCase() === alias.name.toLowerCase());
    return role === undefined ? [] : [{ mount, role }];
  });
  if (logins.length === 0) return [{ principal: who, carried: base, identity, notEvaluated: [NO_ROLE] }];
  return logins.map(({ mount, role }) => {
    linked.add(role);
    const through = carriedByRole(ns, mount, role).map((c) => ({ ...c, steps: [...c.steps, step] }));
    return { principal: who, carried: [...base, ...through], identity, notEvaluated: [] };
  });
}

/** Direct groups, and the groups that these are in. */
function groupsOf(
  entity: VaultEntity,
  all: readonly { ns: string; group: VaultGroup }[],
): { ns: string; group: VaultGroup; chain: PathStep[] }[] {
  const found = new Map<string, { ns: string; group: VaultGroup; chain: PathStep[] }>();
  for (const { ns, group } of all) {
    if (group.member_entity_ids?.includes(entity.id))
      found.set(group.id, { ns, group, chain: [groupStep(ns, group)] });
  }
  for (const { group: inner, chain } of found.values()) {
    for (const { ns, group } of all) {
      if (found.has(group.id) || !group.member_group_ids?.includes(inner.id)) continue;
      found.set(group.id, { ns, group, chain: [groupStep(ns, group), ...chain] });
    }
  }
  return [...found.values()];
}

function carriedByRole(ns: VaultNamespace, mount: VaultAuthMount, role: VaultAuthRole): Carried[] {
  const token = mount.type === 'token';
  const field = token
    ? 'allowed_policies'
    : Array.isArray(role.data['token_policies'])
      ? 'token_policies'
      : 'policies';
  const step: PathStep = {
    type: token ? 'token-role' : 'auth-role',
    id: roleId(ns, mount, role),
    name: role.name,
    rawPointer: {
      document: token ? 'token-role' : 'auth-role',
      of: roleId(ns, mount, role),
      path: `/${field}`,
    },
  };
  const globs = token ? names(role.data['allowed_policies_glob']) : [];
  const matching = (ns.policies ?? [])
    .map(({ name }) => name)
    .filter((name) => globs.some((glob) => globMatches(glob, name)));
  const all = new Set([...names(role.data[field]), ...matching]);
  if (role.data['token_no_default_policy'] !== true) all.add('default');
  return [...all].map((policy) => ({ namespace: ns.path, policy, steps: [step] }));
}

/** A list of names, or names with commas between them, as older versions answer. */
function names(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return list
    .filter((n) => typeof n === 'string')
    .map((n) => n.trim().toLowerCase())
    .filter((n) => n !== '');
}

function globMatches(glob: string, name: string): boolean {
  const source = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}

function groupStep(ns: string, group: VaultGroup): PathStep {
  const rawPointer = { document: 'identity-group', of: `${ns}${group.id}`, path: '/policies' } as const;
  return { type: 'group', id: `${ns}identity/group/${group.id}`, name: group.name, rawPointer };
}

function principal(
  id: string,
  ns: VaultNamespace,
  form: PrincipalForm,
  kind: PrincipalKind,
  kindReason: string,
): Principal {
  return { id, accountId: ns.path, form, kind, kindReason };
}

const roleId = (ns: VaultNamespace, mount: VaultAuthMount, role: VaultAuthRole): string =>
  `${ns.path}auth/${mount.path}${role.name}`;

const formOf = (type: string): PrincipalForm => (PEOPLE.has(type) ? 'user' : 'role');

function kindOfMount(type: string): [PrincipalKind, string] {
  if (PEOPLE.has(type)) return ['human', `auth method ${type} signs people in`];
  if (MACHINES.has(type)) return ['service', `auth method ${type} signs machines in`];
  if (type === 'jwt' || type === 'oidc')
    return ['federated', `an identity provider signs in through ${type}`];
  return ['unknown', `auth method ${type} says nothing about who signs in`];
}

function kindOfEntity(types: readonly (string | undefined)[]): [PrincipalKind, string] {
  if (types.some((type) => type !== undefined && PEOPLE.has(type)))
    return ['human', 'it signs in through an auth method for people'];
  if (types.length > 0 && types.every((type) => type !== undefined && MACHINES.has(type)))
    return ['service', 'it signs in through auth methods for machines only'];
  if (types.some((type) => type === 'oidc' || type === 'jwt'))
    return ['federated', 'it signs in through an identity provider'];
  return ['unknown', 'no known auth method signs it in'];
}

function reportMissing(ns: VaultNamespace, issues: AccessIssue[]): void {
  const of = ns.path;
  const where = of === '' ? 'the root namespace' : `namespace ${of}`;
  const say = (
    code: AccessIssue['code'],
    document: AccessIssue['rawPointer']['document'],
    what: string,
    reason?: string,
  ): number => {
    const message = `${what} of ${where} were not read${reason === undefined ? '' : `: ${reason}`}`;
    return issues.push({ code, rawPointer: { document, of, path: '' }, message });
  };
  if (ns.policies === null) say('policy-missing', 'acl-policy', 'ACL policies', ns.policiesMissing);
  if (ns.auth === null) say('auth-roles-missing', 'auth-role', 'auth methods', ns.authMissing);
  for (const mount of ns.auth ?? []) {
    if (mount.roles === null)
      say('auth-roles-missing', 'auth-role', `roles of auth/${mount.path}`, mount.rolesMissing);
  }
  if (ns.entities === null) say('identity-missing', 'entity', 'entities', ns.entitiesMissing);
  if (ns.groups === null) say('identity-missing', 'identity-group', 'groups', ns.groupsMissing);
}

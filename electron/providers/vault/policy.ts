import { roleFolders } from './auth-roles.ts';
import { CLUSTER_QUESTIONS } from './collect-cluster.ts';
import type { VaultCapability, VaultOperation } from './operation.ts';
import { auth, identity, kv, signInOperations, sys, transit } from './operations/index.ts';

/** One `path` block of the policy. */
export interface PolicyRule {
  /** Operation that needs it. */
  op: string;
  path: string;
  capabilities: readonly VaultCapability[];
}

/** A secrets engine or auth method that the policy is made for. */
export interface KnownMount {
  /** Without a slash at its end. */
  path: string;
  type: string;
  /** Option `version` of a KV engine. */
  version?: string | null;
}

/** What the policy is made for. */
export interface VaultPolicyOptions {
  /** Also what only the root namespace has: audit devices, seal, barrier key. */
  cluster: boolean;
  /** Also names and version dates of KV version 2 secrets. */
  kvMetadata: boolean;
  /** Also hashing of values that the operator gives, to find them in audit logs. Default false. */
  auditHash?: boolean;
  /** Secrets engines; null when they are not known: then every mount of one segment is allowed. */
  mounts: readonly KnownMount[] | null;
  /** Auth methods; null when they are not known. */
  auth: readonly KnownMount[] | null;
  /** Namespaces besides the one the policy is written in, relative to it: a token's policy names their paths in full. */
  namespaces?: readonly string[];
}

/** What the collector must never be able to do, whatever else its token is allowed. */
const NEVER = ['export', 'backup', 'decrypt', 'encrypt', 'datakey', 'sign', 'hmac', 'rewrap'];

/** Every path a collection needs, with the operation that needs it, made from the declared operations. */
export function policyRules(options: VaultPolicyOptions): PolicyRule[] {
  const transits = mountsOf(options.mounts, isTransit);
  const kvs = mountsOf(options.mounts, isKv2);
  const all = mountsOf(options.mounts, () => true);
  return distinct([
    ...own(),
    ...(options.cluster ? rulesOf(CLUSTER_QUESTIONS.map(([op]) => op)) : []),
    ...(options.cluster && options.auditHash ? rulesOf([sys.auditHash]) : []),
    ...rulesOf([sys.namespaces, sys.mounts]),
    ...all.flatMap((mount) => rulesOf([sys.mountTune], mount)),
    ...rulesOf([
      sys.authMethods,
      sys.listPolicies,
      sys.readPolicy,
      sys.listRoleGoverning,
      sys.listEndpointGoverning,
    ]),
    ...rulesOf(Object.values(identity)),
    ...transits.flatMap((mount) => rulesOf(Object.values(transit), mount)),
    ...kvs.flatMap((mount) => kvRules(mount, options.kvMetadata)),
    ...authRules(options.auth),
  ]);
}

/** The HCL of a policy with exactly what a collection reads, and a denial of any use of keys. */
export function vaultPolicy(options: VaultPolicyOptions): string {
  const namespaces = ['', ...(options.namespaces ?? []).map((path) => `${path}/`)];
  const parts = namespaces.flatMap((prefix) => {
    const rules = policyRules({ ...options, cluster: options.cluster && prefix === '' });
    const allowed = (prefix === '' ? rules : rules.filter(({ op }) => !OWN.has(op))).map(
      ({ path, capabilities }) => block(prefix + path, capabilities),
    );
    const denied = mountsOf(options.mounts, isTransit).flatMap((mount) =>
      NEVER.map((use) => block(`${prefix}${mount}/${use}/*`, ['deny'])),
    );
    const title = prefix === '' ? '# Read-only collection of evidence' : `# The same in namespace ${prefix}`;
    return [title, ...allowed, '# Never: key material, or any use of a key', ...denied];
  });
  return `${parts.join('\n')}\n`;
}

/** Asked only in the token's own namespace. */
const OWN = new Set([signInOperations.lookupSelf.id]);

function own(): PolicyRule[] {
  return rulesOf([signInOperations.lookupSelf, sys.capabilitiesSelf]);
}

function rulesOf(operations: readonly VaultOperation[], mount = ''): PolicyRule[] {
  return operations.flatMap(({ id, policyPath, capabilities }) =>
    policyPath === null
      ? []
      : [{ op: id, path: asListed(policyPath.replace('{mount}', mount), capabilities), capabilities }],
  );
}

/**
 * A list is asked with a slash at its end. There a pattern that ends in `+` matches too, and comes before a pattern
 * without the slash: only `+/keys/` is above `+/keys/+`. A path without wildcards is found without the slash first.
 */
function asListed(path: string, capabilities: readonly VaultCapability[]): string {
  return path.includes('+') && capabilities.every((one) => one === 'list') ? `${path}/` : path;
}

function kvRules(mount: string, metadata: boolean): PolicyRule[] {
  const config = rulesOf([kv.readConfig], mount);
  if (!metadata) return config;
  const path = `${mount}/metadata/*`;
  return [
    ...config,
    // A list is asked with a slash at its end, so that this covers the first folder too.
    { op: kv.readMetadata.id, path, capabilities: ['read', 'list'] },
  ];
}

function authRules(methods: VaultPolicyOptions['auth']): PolicyRule[] {
  const known =
    methods === null
      ? [
          {
            mount: '+',
            folders: ['role', 'roles', 'users', 'groups', 'certs', 'map/teams', 'map/users'].map(same),
          },
        ]
      : methods.map(({ path, type }) => ({ mount: path, folders: roleFolders(type) ?? [] }));
  return known.flatMap(({ mount, folders }) =>
    folders.flatMap(({ list, read }): PolicyRule[] => [
      {
        ...{ op: auth.listRoles.id, capabilities: auth.listRoles.capabilities },
        path: asListed(`auth/${mount}/${list}`, auth.listRoles.capabilities),
      },
      { op: auth.readRole.id, path: `auth/${mount}/${read}/+`, capabilities: auth.readRole.capabilities },
    ]),
  );
}

const same = (path: string) => ({ list: path, read: path });
const isTransit = ({ type }: KnownMount): boolean => type === 'transit';
const isKv2 = ({ type, version }: KnownMount): boolean => type === 'kv' && version === '2';

/** Paths of the mounts of a kind; `+` when nothing is known. */
function mountsOf(mounts: VaultPolicyOptions['mounts'], wanted: (mount: KnownMount) => boolean): string[] {
  const hidden = new Set(['system', 'ns_system', 'identity', 'ns_identity', 'cubbyhole', 'ns_cubbyhole']);
  if (mounts === null) return ['+'];
  return mounts.filter((mount) => wanted(mount) && !hidden.has(mount.type)).map(({ path }) => path);
}

/** One block for each path: Vault would take the last of two. */
function distinct(rules: readonly PolicyRule[]): PolicyRule[] {
  const byPath = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const before = byPath.get(rule.path);
    const capabilities = [...new Set([...(before?.capabilities ?? []), ...rule.capabilities])];
    byPath.set(rule.path, { op: before?.op ?? rule.op, path: rule.path, capabilities });
  }
  return [...byPath.values()];
}

function block(path: string, capabilities: readonly string[]): string {
  return `path "${path}" { capabilities = [${capabilities.map((one) => `"${one}"`).join(', ')}] }`;
}

import type { AuditEntry } from './parse-entry.ts';

/** What a request did, as far as it concerns keys, who may use them, or what is logged. */
export interface Happening {
  /** Name of the event: `encrypt`, `keys/rotate`, `policy/write` … */
  name: string;
  /** True when it changes something rather than uses or reads it. */
  change: boolean;
  /** Mount and name of the transit key; null when it is about none. */
  key: { mount: string; name: string } | null;
  /** What else it is about: a policy, an audit device, an engine. */
  about: string;
}

/** Requests to a transit engine that name a key (api-docs/secret/transit). `<type>/` or `/<algorithm>` may follow. */
const KEY_USE =
  /^(.+?)\/(encrypt|decrypt|rewrap|datakey\/(?:plaintext|wrapped)|sign|verify|hmac|export\/[^/]+|byok-export\/[^/]+|backup|derive-key)\/([^/]+)(?:\/.*)?$/;
const KEY_CHANGE =
  /^(.+?)\/keys\/([^/]+)(?:\/(config|rotate|trim|import|import_version|soft-delete|soft-delete-restore|csr|set-certificate))?$/;
const RESTORE = /^(.+?)\/restore(?:\/([^/]+))?$/;

/** Paths whose changes bear on keys, on who may use them, or on what is logged. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/^sys\/(?:policies\/(?:acl|rgp|egp)|policy)\/(.+)$/, 'policy'],
  [/^sys\/audit\/(.+)$/, 'audit'],
  [/^sys\/config\/auditing\/(.+)$/, 'audit-headers'],
  [/^sys\/mounts\/(.+?)(?:\/tune)?$/, 'engine'],
  [/^sys\/remount()$/, 'engine'],
  [/^sys\/auth\/(.+?)(?:\/tune)?$/, 'auth'],
  [/^sys\/namespaces\/(.+)$/, 'namespace'],
  [
    /^sys\/(rotate(?:\/.*)?|rekey.*|seal|unseal|step-down|generate-root.*|raw\/.*|storage\/raft\/snapshot.*)$/,
    'cluster',
  ],
  [/^sys\/managed-keys\/(.+)$/, 'managed-key'],
  [/^auth\/token\/(roles\/.+|create(?:-orphan)?(?:\/.+)?)$/, 'token'],
  [/^auth\/(.+\/(?:role|roles|users|groups|certs|map\/teams|map\/users)\/.+)$/, 'auth-role'],
  [/^identity\/((?:entity|group|entity-alias|group-alias)(?:\/.*)?)$/, 'identity'],
];
const VERB: Record<string, string> = { create: 'write', update: 'write', patch: 'write', delete: 'delete' };

/** Reads what a request did; null when it is nothing of ours. */
export function whatHappened(entry: AuditEntry): Happening | null {
  return ofTransit(entry) ?? ofSystem(entry) ?? ofRoot(entry);
}

function ofTransit({ path, operation, mountPoint, mountType }: AuditEntry): Happening | null {
  if (mountType !== null && mountType !== 'transit') return null;
  // A path of Vault's own is never a transit engine's; older servers do not write the type of the mount.
  if (/^(sys|auth|identity|cubbyhole)\//.test(path)) return null;
  const change = KEY_CHANGE.exec(path);
  if (change) return keyChange(operation, change[1]!, change[2]!, change[3]);
  const use = KEY_USE.exec(path);
  if (use) {
    const mount = mountPoint?.replace(/\/$/, '') ?? use[1]!;
    const name = use[2]!.replace(/^(export|byok-export)\/.*/, '$1');
    // Key material that leaves the engine: more than a use.
    return { name, change: false, key: { mount, name: use[3]! }, about: '' };
  }
  const restore = RESTORE.exec(path);
  if (!restore || mountType === null || !(operation in VERB)) return null;
  const key = restore[2] === undefined ? null : { mount: restore[1]!, name: restore[2] };
  return { name: 'keys/restore', change: true, key, about: restore[1]! };
}

function keyChange(
  operation: string,
  mount: string,
  name: string,
  tail: string | undefined,
): Happening | null {
  const key = { mount, name };
  if (operation === 'delete') {
    return { name: tail === undefined ? 'keys/delete' : `keys/${tail}`, change: true, key, about: '' };
  }
  // Reading and listing keys uses none.
  if (!(operation in VERB)) return null;
  const what = tail === undefined ? 'create' : tail === 'import_version' ? 'import' : tail;
  return { name: `keys/${what}`, change: true, key, about: '' };
}

function ofSystem({ path, operation }: AuditEntry): Happening | null {
  const verb = VERB[operation];
  if (verb === undefined) return null;
  for (const [pattern, what] of CHANGES) {
    const found = pattern.exec(path);
    if (found) return { name: `${what}/${verb}`, change: true, key: null, about: found[1] ?? '' };
  }
  return null;
}

/** Whatever a root token does: nothing limits it, and it should not exist. */
function ofRoot({ policies, path, operation }: AuditEntry): Happening | null {
  if (!policies.includes('root')) return null;
  return { name: `root-token/${operation || 'request'}`, change: false, key: null, about: path };
}

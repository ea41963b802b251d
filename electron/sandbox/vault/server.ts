import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buildAcl, capabilitiesOf, decide, parseVaultPolicy } from '../../access/vault/index.ts';
import type { Acl } from '../../access/vault/index.ts';
import { randomFor } from '../company/random.ts';
import type { Company } from '../company/types.ts';
import { AUTHORIZE, authorize, authUrl, callback, newOidcState, oidcMount } from './oidc.ts';
import type { OidcState } from './oidc.ts';
import { auditHash } from './audit-logs.ts';
import { bare, data, denied, errors, sys } from './reply.ts';
import type { Reply } from './reply.ts';
import { accessorOf, needsSudo, openRoute, route } from './routes.ts';
import type { Operation } from './routes.ts';
import type { AuthMount, Namespace, Token, VaultWorld } from './types.ts';
import { addToken, buildVaultWorld, roleIdOf } from './world.ts';

/** Vault as the sample company sees it, over the real protocol on loopback. What it answers is SAMPLE — NOT EVIDENCE. */
export interface VaultSandboxOptions {
  /** Whose paths are supported, and how hmac keys answer. Default 'vault' (Enterprise). */
  product?: 'vault' | 'openbao';
  state?: 'active' | 'standby' | 'sealed';
  /** PEM. Given: HTTPS. */
  tls?: { key: string; cert: string };
  /** Every so many requests are refused with 429 and this Retry-After. */
  throttle?: { every: number; retryAfterSeconds: number };
  /** Policies of the root namespace by name, in place of the company's own. */
  policies?: Record<string, string>;
}

export interface VaultCall {
  method: string;
  /** Namespace and path, without `/v1/`. */
  path: string;
  operation: string;
  status: number;
}

export interface VaultSandbox {
  endpoint: string;
  world: VaultWorld;
  tokens: { root: string; auditor: string; limited: string };
  approle: { roleId: string; secretId: string };
  userpass: { username: string; password: string };
  /** Every answered request, in order of answering. */
  calls(): VaultCall[];
  close(): Promise<void>;
}

const VERSIONS = { vault: '1.19.3+ent', openbao: '2.6.2' };

/** Starts a Vault server of this company on a free loopback port. */
export async function startVaultSandbox(
  company: Company,
  options: VaultSandboxOptions = {},
): Promise<VaultSandbox> {
  const world = buildVaultWorld(
    company,
    options.policies === undefined ? {} : { policies: options.policies },
  );
  const { seed } = world;
  const calls: VaultCall[] = [];
  const oidc = newOidcState();
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const reply = throttled(options, calls.length, request.path) ?? respond(world, oidc, request, options);
    const { method, namespace, path, operation } = request;
    calls.push({ method, path: namespace + path, operation, status: reply.status });
    const id = randomFor(seed, 'vault-request', calls.length).uuid();
    const body = JSON.stringify(reply.bare === true ? reply.body : envelope(id, reply));
    outgoing.writeHead(reply.status, {
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...reply.headers,
    });
    outgoing.end(method === 'HEAD' ? undefined : body);
  };
  const server = options.tls ? createHttps(options.tls, handle) : createHttp(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const tokenOf = (name: string): string =>
    [...world.tokens.values()].find((t) => t.displayName === name)!.id;
  const roleId = roleIdOf(seed, 'keywitness-auditor');
  return {
    endpoint: `${options.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    tokens: {
      root: tokenOf('root'),
      auditor: tokenOf('token-keywitness'),
      limited: tokenOf('token-limited'),
    },
    approle: { roleId, secretId: world.logins.get(`approle ${roleId}`)!.secret },
    userpass: { username: 'ines.carvalho', password: world.logins.get('userpass ines.carvalho')!.secret },
    calls: () => [...calls],
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

interface VaultRequest {
  method: string;
  namespace: string;
  path: string;
  operation: Operation;
  query: URLSearchParams;
  /** Of the server, as the caller names it. */
  origin: string;
  token: string | undefined;
  body: Record<string, unknown>;
}

const MAX_BODY_BYTES = 1024 * 1024;

async function readRequest(incoming: IncomingMessage): Promise<VaultRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new RangeError(`cannot read a request: its body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://vault');
  const header = (name: string): string | undefined => {
    const value = incoming.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const named = (header('x-vault-namespace') ?? '').replace(/^\/+|\/+$/g, '');
  const method = incoming.method ?? 'GET';
  const listing = method === 'GET' && ['true', '1'].includes(url.searchParams.get('list') ?? '');
  return {
    method,
    namespace: named === '' ? '' : `${named}/`,
    path: decodeURIComponent(url.pathname)
      .replace(/^\/v1\//, '')
      .replace(/\/+$/, ''),
    operation: listing ? 'list' : (OPERATIONS[method] ?? 'update'),
    query: url.searchParams,
    origin: `${'encrypted' in incoming.socket ? 'https' : 'http'}://${header('host') ?? 'localhost'}`,
    token: header('x-vault-token') ?? header('authorization')?.replace(/^Bearer /, ''),
    body: parseBody(Buffer.concat(chunks).toString('utf8')),
  };
}

const OPERATIONS: Record<string, Operation> = { GET: 'read', HEAD: 'read', DELETE: 'delete', PATCH: 'patch' };

function parseBody(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function throttled({ throttle }: VaultSandboxOptions, before: number, path: string): Reply | undefined {
  if (throttle === undefined || (before + 1) % throttle.every !== 0) return undefined;
  const reply = errors(429, `request path "${path}": rate limit quota exceeded`);
  return { ...reply, headers: { 'retry-after': String(throttle.retryAfterSeconds) } };
}

function respond(
  world: VaultWorld,
  oidc: OidcState,
  request: VaultRequest,
  options: VaultSandboxOptions,
): Reply {
  const product = options.product ?? 'vault';
  const version = VERSIONS[product];
  const state = options.state ?? 'active';
  // A namespace may be named in the path too.
  const inPath = world.namespaces.find(
    (ns) => ns.path !== '' && (request.namespace + request.path).startsWith(ns.path),
  );
  const full = request.namespace + request.path;
  const namespace = inPath ?? world.namespaces.find(({ path }) => path === request.namespace);
  const path = full.slice(namespace?.path.length ?? 0);
  const open = openRoute(world, path, state, version, request.query);
  if (open !== undefined) return open;
  if (state === 'sealed') return errors(503, 'Vault is sealed');
  if (namespace === undefined) return errors(404, `no handler for route "${full}". route entry not found.`);
  if (path === AUTHORIZE) return authorize(world, oidc, request.query);
  const login =
    loginReply(world, namespace, path, request) ?? oidcReply(world, oidc, namespace, path, request);
  if (login !== undefined) return login;
  const token = request.token === undefined ? undefined : world.tokens.get(request.token);
  if (token === undefined)
    return errors(403, 'permission denied', ...(request.token ? ['invalid token'] : []));
  const acl = aclOf(world, token);
  const capability = request.operation;
  const asked = namespace.path + path;
  const sudo = needsSudo(path);
  if (decide(acl, { path: asked, capability, sudo }).outcome !== 'allowed') return denied();
  if (path === 'auth/token/lookup-self') return data(lookup(world, token));
  if (path.startsWith('sys/audit-hash/')) return hashed(world, path, request.body);
  if (path === 'sys/capabilities-self') return capabilities(acl, namespace, request.body);
  return route({ world, namespace, product, version, operation: capability, path });
}

function hashed(world: VaultWorld, path: string, body: Record<string, unknown>): Reply {
  const name = path.slice('sys/audit-hash/'.length);
  const device = world.devices.find((one) => one.path === `${name}/`);
  if (device === undefined) return errors(400, `unknown audit backend ${name}/`);
  if (typeof body['input'] !== 'string' || body['input'] === '')
    return errors(400, 'the "input" parameter is empty');
  return sys({ hash: auditHash(device, body['input']) });
}

function capabilities(acl: Acl, namespace: Namespace, body: Record<string, unknown>): Reply {
  const given = body['paths'] ?? body['path'];
  const paths = (Array.isArray(given) ? (given as unknown[]) : [given]).filter((p) => typeof p === 'string');
  if (paths.length === 0) return errors(400, 'paths must be supplied');
  const found = Object.fromEntries(paths.map((path) => [path, capabilitiesOf(acl, namespace.path + path)]));
  const [first = ''] = paths;
  return {
    status: 200,
    repeated: true,
    body: { ...found, ...(paths.length === 1 ? { capabilities: found[first] } : {}) },
  };
}

/** All the token's policies: its own, its entity's and those of the entity's groups. */
function policiesOf(world: VaultWorld, token: Token): { own: string[]; identity: string[] } {
  const { groups } = world.namespaces[0]!;
  const direct = groups.filter(
    (g) => token.entity !== undefined && g.memberEntities.includes(token.entity.id),
  );
  const outer = groups.filter((g) => g.memberGroups.some((id) => direct.some((d) => d.id === id)));
  const identity = [...(token.entity?.policies ?? []), ...[...direct, ...outer].flatMap((g) => g.policies)];
  return { own: token.policies, identity: [...new Set(identity)].sort() };
}

function aclOf(world: VaultWorld, token: Token): Acl {
  const root = world.namespaces[0]!;
  const { own, identity } = policiesOf(world, token);
  const held = [...new Set([...own, ...identity])].map((name) => ({
    policy: parseVaultPolicy(name, root.policies.get(name) ?? ''),
    namespace: '',
  }));
  const groups = root.groups
    .filter((g) => token.entity !== undefined && g.memberEntities.includes(token.entity.id))
    .map(({ id, name }) => ({ id, name }));
  const { entity } = token;
  const known = entity && {
    id: entity.id,
    name: entity.name,
    metadata: entity.metadata,
    aliases: entity.aliases.map(({ id, name, mount }) => ({
      id,
      name,
      mount_accessor: accessorOf(
        world,
        root,
        `auth/${mount}`,
        root.auth.find((a) => a.path === mount)?.type ?? '',
      ),
    })),
  };
  return buildAcl(held, { entity: known, groups });
}

function lookup(world: VaultWorld, token: Token): Record<string, unknown> {
  const { own, identity } = policiesOf(world, token);
  const isRoot = own.includes('root');
  return {
    accessor: token.accessor,
    creation_time: Math.floor(token.createdAt / 1000),
    creation_ttl: isRoot ? 0 : 3600,
    display_name: token.displayName,
    entity_id: token.entity?.id ?? '',
    expire_time: isRoot ? null : new Date(token.createdAt + 3_600_000).toISOString(),
    explicit_max_ttl: 0,
    id: token.id,
    ...(identity.length > 0 ? { identity_policies: identity } : {}),
    issue_time: new Date(token.createdAt).toISOString(),
    meta: null,
    num_uses: 0,
    orphan: true,
    path: token.path,
    policies: own,
    renewable: !isRoot,
    ttl: isRoot ? 0 : 3600,
    type: 'service',
  };
}

function loginReply(
  world: VaultWorld,
  namespace: Namespace,
  path: string,
  { method, body }: VaultRequest,
): Reply | undefined {
  if (method !== 'POST' && method !== 'PUT') return undefined;
  const user = /^auth\/userpass\/login\/([^/]+)$/.exec(path)?.[1];
  const approle = path === 'auth/approle/login';
  if (user === undefined && !approle) return undefined;
  const login = world.logins.get(approle ? `approle ${String(body['role_id'])}` : `userpass ${user}`);
  const secret = approle ? body['secret_id'] : body['password'];
  if (login === undefined || login.secret !== secret || namespace.path !== '')
    return errors(400, approle ? 'invalid role or secret ID' : 'invalid username or password');
  const mount = namespace.auth.find((one) => one.path === login.mount)!;
  const role = mount.roles.find(({ name }) => name === login.role)!;
  return signedIn(world, namespace, mount, role, path);
}

function oidcReply(
  world: VaultWorld,
  oidc: OidcState,
  namespace: Namespace,
  path: string,
  { operation, query, body, origin }: VaultRequest,
): Reply | undefined {
  const asked = oidcMount(namespace, path);
  if (asked?.what === 'auth_url' && operation === 'update')
    return authUrl(world, oidc, asked.mount, body, origin);
  if (asked?.what !== 'callback' || operation !== 'read') return undefined;
  const role = callback(oidc, asked.mount, query);
  return 'status' in role ? role : signedIn(world, namespace, asked.mount, role, path);
}

/** A token of this role, as every auth method answers it. */
function signedIn(
  world: VaultWorld,
  namespace: Namespace,
  mount: AuthMount,
  role: AuthMount['roles'][number],
  path: string,
): Reply {
  const entity = namespace.entities.find((e) =>
    e.aliases.some((a) => a.name === role.name && a.mount === mount.path),
  );
  const policies = ['default', ...(role.data['token_policies'] as string[])];
  const approle = mount.type === 'approle';
  const display = approle ? 'approle' : `${mount.path.replace(/\/$/, '')}-${role.name}`;
  const token = addToken(world, display, policies, path, entity);
  return bare(200, {
    request_id: randomFor(world.seed, 'vault-login', token.id).uuid(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: {
      client_token: token.id,
      accessor: token.accessor,
      policies: token.policies,
      token_policies: token.policies,
      metadata: mount.type === 'userpass' ? { username: role.name } : { role_name: role.name },
      lease_duration: 3600,
      renewable: true,
      entity_id: entity?.id ?? '',
      token_type: 'service',
      orphan: true,
      num_uses: 0,
    },
  });
}

function envelope(id: string, { body, repeated }: Reply): Record<string, unknown> {
  return {
    ...(repeated === true ? body : {}),
    request_id: id,
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: body,
    wrap_info: null,
    warnings: null,
    auth: null,
  };
}

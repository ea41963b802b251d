import { randomFor } from '../company/random.ts';
import { DAY } from '../company/time.ts';
import { keyAnswer } from './key-answer.ts';
import { bare, data, list, nothing, sys, unsupportedOperation, unsupportedPath } from './reply.ts';
import type { Reply } from './reply.ts';
import type { AuthMount, Entity, Group, Mount, Namespace, VaultWorld } from './types.ts';

export type Operation = 'read' | 'list' | 'update' | 'delete' | 'patch';

export interface Place {
  world: VaultWorld;
  namespace: Namespace;
  product: 'vault' | 'openbao';
  version: string;
  operation: Operation;
  /** Within the namespace, without a slash at either end. */
  path: string;
}

/** Paths that Vault protects with sudo. */
export const needsSudo = (path: string): boolean =>
  /^sys\/(audit(\/|$)|config\/auditing\/|config\/cors$|raw|rotate(\/(keyring|root))?$|leases\/|auth\/.)/.test(
    path,
  );

/** Answers one permitted request. */
export function route(place: Place): Reply {
  const { path, namespace } = place;
  if (path.startsWith('sys/')) return systemRoute(place, path.slice(4));
  if (path.startsWith('identity/')) return identityRoute(place, path.slice(9));
  if (path.startsWith('auth/')) return authRoute(place, path.slice(5));
  const mount = namespace.mounts.find((one) => `${path}/`.startsWith(one.path));
  if (mount?.type === 'transit') return transitRoute(place, mount, path.slice(mount.path.length));
  if (mount?.type === 'kv') return kvRoute(place, mount, path.slice(mount.path.length));
  return bare(404, { errors: [`no handler for route "${path}". route entry not found.`] });
}

function transitRoute(place: Place, mount: Mount, rest: string): Reply {
  const { operation, world, namespace, product } = place;
  const keys = world.keys.filter((key) => key.mount === mount.path && key.namespace === namespace.path);
  if (rest === 'keys')
    return operation === 'list' ? list(keys.map(({ name }) => name)) : unsupportedOperation();
  if (operation !== 'read') return unsupportedOperation();
  if (rest === 'config/keys') return data({ disable_upsert: mount.path === 'payments-transit/' });
  if (rest === 'cache-config') return data({ size: 0 });
  const key = keys.find(({ name }) => rest === `keys/${name}`);
  return key === undefined ? nothing() : data(keyAnswer(key, product, world.seed));
}

const SECRETS = ['orders-api/database', 'billing/smtp', 'payments/acquirer'];

/** Configuration and metadata; the sample keeps no secret values. */
function kvRoute({ operation, world }: Place, mount: Mount, rest: string): Reply {
  if (mount.version === '1') return nothing();
  if (rest === 'config' && operation === 'read')
    return data({ cas_required: false, delete_version_after: '0s', max_versions: 10 });
  if (rest === 'metadata' || rest.startsWith('metadata/')) {
    const name = rest.slice('metadata/'.length);
    if (operation === 'list') {
      const under = SECRETS.filter((secret) => name === '' || secret.startsWith(`${name}/`));
      const next = under.map((s) => s.slice(name === '' ? 0 : name.length + 1).replace(/\/.*/, '/'));
      return list([...new Set(next)]);
    }
    if (operation === 'read' && SECRETS.includes(name)) return data(secretMetadata(world, name));
  }
  return nothing();
}

function secretMetadata(world: VaultWorld, name: string): Record<string, unknown> {
  const random = randomFor(world.seed, 'vault-kv', name);
  const ages = [400 + random.int(200), 120 + random.int(100), random.int(90)];
  const times = ages.map((age) => new Date(world.now - age * DAY).toISOString());
  return {
    cas_required: false,
    created_time: times[0],
    current_version: times.length,
    custom_metadata: null,
    delete_version_after: '0s',
    max_versions: 0,
    oldest_version: 1,
    updated_time: times.at(-1),
    versions: Object.fromEntries(
      times.map((created_time, i) => [String(i + 1), { created_time, deletion_time: '', destroyed: false }]),
    ),
  };
}

/** What LIST is asked on, for each auth method. */
export const ROLE_FOLDER: Record<AuthMount['type'], string> = {
  approle: 'role',
  kubernetes: 'role',
  jwt: 'role',
  oidc: 'role',
  userpass: 'users',
  token: 'roles',
  ns_token: 'roles',
};

function authRoute({ operation, namespace, path }: Place, rest: string): Reply {
  const mount = namespace.auth.find((one) => rest.startsWith(one.path));
  if (mount === undefined)
    return bare(404, { errors: [`no handler for route "${path}". route entry not found.`] });
  const folder = ROLE_FOLDER[mount.type];
  const inner = rest.slice(mount.path.length);
  if (inner === folder)
    return operation === 'list' ? list(mount.roles.map(({ name }) => name)) : unsupportedOperation();
  if (operation !== 'read') return unsupportedOperation();
  if (inner === 'config' && mount.type === 'oidc')
    return data({
      bound_issuer: '',
      default_role: 'staff',
      oidc_client_id: 'vault',
      oidc_discovery_url: 'https://login.meridian-freight.example',
    });
  if (inner === 'config' && mount.type === 'kubernetes')
    return data({ kubernetes_host: 'https://kubernetes.default.svc', disable_local_ca_jwt: false });
  const role = mount.roles.find(({ name }) => inner === `${folder}/${name}`);
  return role === undefined ? nothing() : data(role.data);
}

function identityRoute({ operation, namespace, world }: Place, rest: string): Reply {
  const { entities, groups } = namespace;
  const [kind = '', by = '', id] = rest.split('/');
  if (by !== 'id') return unsupportedPath();
  const aliases = entities.flatMap((entity) => entity.aliases.map((alias) => ({ entity, alias })));
  if (id === undefined) {
    if (operation !== 'list') return unsupportedOperation();
    const info = <T extends { id: string; name: string }>(all: T[]): Reply =>
      list(
        all.map((item) => item.id),
        Object.fromEntries(all.map((item) => [item.id, { name: item.name }])),
      );
    if (kind === 'entity') return info(entities);
    if (kind === 'group') return info(groups);
    if (kind === 'entity-alias') return info(aliases.map(({ alias }) => alias));
    return kind === 'group-alias'
      ? info(groups.filter(isExternal).map(({ id, name }) => ({ id: `${id}-alias`, name })))
      : unsupportedPath();
  }
  if (operation !== 'read') return unsupportedOperation();
  const entity = kind === 'entity' ? entities.find((one) => one.id === id) : undefined;
  if (entity !== undefined) return data(entityAnswer(world, namespace, entity));
  const group = kind === 'group' ? groups.find((one) => one.id === id) : undefined;
  if (group !== undefined) return data(groupAnswer(world, group));
  const found = kind === 'entity-alias' ? aliases.find(({ alias }) => alias.id === id) : undefined;
  return found === undefined ? nothing() : data(aliasAnswer(world, namespace, found.entity, found.alias));
}

const isExternal = ({ type }: Group): boolean => type === 'external';

function aliasAnswer(
  world: VaultWorld,
  ns: Namespace,
  entity: Entity,
  alias: Entity['aliases'][number],
): Record<string, unknown> {
  const mount = ns.auth.find(({ path }) => path === alias.mount);
  return {
    canonical_id: entity.id,
    custom_metadata: null,
    id: alias.id,
    local: false,
    metadata: null,
    mount_accessor: accessorOf(world, ns, `auth/${alias.mount}`, mount?.type ?? ''),
    mount_path: `auth/${alias.mount}`,
    mount_type: mount?.type,
    name: alias.name,
    namespace_id: ns.id,
  };
}

function entityAnswer(world: VaultWorld, ns: Namespace, entity: Entity): Record<string, unknown> {
  const direct = ns.groups.filter((group) => group.memberEntities.includes(entity.id)).map(({ id }) => id);
  const inherited = ns.groups
    .filter((g) => g.memberGroups.some((id) => direct.includes(id)))
    .map(({ id }) => id);
  return {
    aliases: entity.aliases.map((alias) => aliasAnswer(world, ns, entity, alias)),
    creation_time: new Date(world.now - 600 * DAY).toISOString(),
    direct_group_ids: direct,
    disabled: false,
    group_ids: [...new Set([...direct, ...inherited])],
    id: entity.id,
    inherited_group_ids: inherited,
    last_update_time: new Date(world.now - 200 * DAY).toISOString(),
    metadata: entity.metadata,
    name: entity.name,
    namespace_id: ns.id,
    policies: entity.policies,
  };
}

function groupAnswer(world: VaultWorld, group: Group): Record<string, unknown> {
  return {
    alias: isExternal(group) ? { id: `${group.id}-alias`, name: group.name, mount_type: 'oidc' } : {},
    creation_time: new Date(world.now - 500 * DAY).toISOString(),
    id: group.id,
    last_update_time: new Date(world.now - 100 * DAY).toISOString(),
    member_entity_ids: group.memberEntities,
    member_group_ids: group.memberGroups,
    metadata: null,
    name: group.name,
    policies: group.policies,
    type: group.type,
  };
}

export function accessorOf(world: VaultWorld, ns: Namespace, path: string, type: string): string {
  const prefix = path.startsWith('auth/') ? `auth_${type}` : type;
  return `${prefix}_${randomFor(world.seed, 'vault-accessor', ns.path, path).hex(8)}`;
}

const tune = { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 };

function mountAnswer({ world, namespace }: Place, mount: Mount): Record<string, unknown> {
  return {
    accessor: accessorOf(world, namespace, mount.path, mount.type),
    config: tune,
    description: mount.description,
    external_entropy_access: false,
    local: mount.type === 'cubbyhole',
    options: mount.version === undefined ? null : { version: mount.version },
    plugin_version: '',
    seal_wrap: mount.path === 'payments-transit/',
    type: mount.type,
    uuid: randomFor(world.seed, 'vault-mount', namespace.path, mount.path).uuid(),
  };
}

function systemRoute(place: Place, rest: string): Reply {
  const { operation, namespace, world, product } = place;
  if (operation === 'list') {
    if (rest === 'policies/acl')
      return list([...namespace.policies.keys(), ...(namespace.path === '' ? ['root'] : [])]);
    if (rest === 'namespaces')
      return list(namespace.path === '' ? world.namespaces.slice(1).map(({ path }) => path) : []);
    const enterprise = /^(managed-keys\/.|policies\/[er]gp$)/.test(rest);
    if (enterprise && product === 'vault') return nothing();
    return unsupportedPath();
  }
  if (operation !== 'read') return unsupportedOperation();
  const mount = namespace.mounts.find(({ path }) => rest === `mounts/${path}tune`);
  if (mount !== undefined)
    return sys({
      ...tune,
      default_lease_ttl: 2_764_800,
      max_lease_ttl: 2_764_800,
      description: mount.description,
      ...(mount.version ? { options: { version: mount.version } } : {}),
    });
  if (rest === 'mounts')
    return sys(Object.fromEntries(namespace.mounts.map((one) => [one.path, mountAnswer(place, one)])));
  if (rest === 'auth')
    return sys(
      Object.fromEntries(
        namespace.auth.map(({ path, type }) => [
          path,
          {
            accessor: accessorOf(world, namespace, `auth/${path}`, type),
            config: { ...tune, token_type: 'default-service' },
            description: '',
            local: false,
            options: null,
            seal_wrap: false,
            type,
          },
        ]),
      ),
    );
  if (rest.startsWith('policies/acl/')) {
    const name = rest.slice('policies/acl/'.length);
    const policy = name === 'root' && namespace.path === '' ? '' : namespace.policies.get(name);
    return policy === undefined ? nothing() : sys({ name, policy });
  }
  return namespace.path === '' ? clusterRoute(place, rest) : unsupportedPath();
}

/** What only the root namespace has. */
function clusterRoute({ world, product, version }: Place, rest: string): Reply {
  switch (rest) {
    case 'audit':
      return sys(
        Object.fromEntries(
          world.devices.map(({ path, filePath, prefix }) => [
            path,
            {
              description: '',
              local: false,
              options: { file_path: filePath, ...(prefix ? { prefix, hmac_accessor: 'false' } : {}) },
              path,
              type: 'file',
            },
          ]),
        ),
      );
    case 'config/auditing/request-headers':
      return sys({ headers: { 'x-correlation-id': { hmac: false } } });
    case 'key-status':
      return sys({
        encryptions: 48_211,
        install_time: new Date(world.now - 130 * DAY).toISOString(),
        term: 4,
      });
    case 'rotate/config':
      return sys({ enabled: true, interval: 0, max_operations: 3_865_470_566 });
    case 'rotate/keyring/config':
      return product === 'openbao'
        ? sys({ enabled: true, interval: 0, max_operations: 3_865_470_566 })
        : unsupportedPath();
    case 'ha-status':
      return sys({
        nodes: ['vault-0', 'vault-1', 'vault-2'].map((hostname, i) => ({
          active_node: i === 0,
          api_address: `https://${hostname}.meridian-freight.example:8200`,
          cluster_address: `https://${hostname}.meridian-freight.example:8201`,
          hostname,
          last_echo: i === 0 ? null : new Date(world.now).toISOString(),
          version,
        })),
      });
    case 'config/state/sanitized':
      return sys({
        api_addr: 'https://vault-0.meridian-freight.example:8200',
        cluster_addr: 'https://vault-0.meridian-freight.example:8201',
        disable_mlock: true,
        listeners: [{ config: { address: '0.0.0.0:8200', tls_min_version: 'tls12' }, type: 'tcp' }],
        log_level: 'info',
        seals: [{ disabled: false, type: 'awskms' }],
        storage: {
          cluster_addr: 'https://vault-0.meridian-freight.example:8201',
          disable_clustering: false,
          raft: { max_entry_size: '' },
          type: 'raft',
        },
        raw_storage_endpoint: false,
      });
    case 'license/status':
      return product === 'vault'
        ? sys({
            autoloading_used: true,
            autoloaded: {
              expiration_time: new Date(world.now + 200 * DAY).toISOString(),
              features: ['HSM', 'Namespaces', 'Control Groups'],
              license_id: randomFor(world.seed, 'license').uuid(),
            },
          })
        : unsupportedPath();
    case 'replication/status':
      return product === 'vault'
        ? sys({ dr: { mode: 'disabled' }, performance: { mode: 'disabled' } })
        : unsupportedPath();
    default:
      return unsupportedPath();
  }
}

/** sys/health, sys/seal-status and sys/leader: asked without a token, never audited. */
export function openRoute(
  world: VaultWorld,
  path: string,
  state: 'active' | 'standby' | 'sealed',
  version: string,
  query: URLSearchParams = new URLSearchParams(),
): Reply | undefined {
  const sealed = state === 'sealed';
  const cluster = sealed ? {} : { cluster_id: world.clusterId, cluster_name: 'meridian-vault' };
  if (path === 'sys/health')
    return bare(healthStatus(state, query), {
      initialized: true,
      sealed,
      standby: state !== 'active',
      performance_standby: false,
      replication_performance_mode: sealed ? 'unknown' : 'disabled',
      replication_dr_mode: sealed ? 'unknown' : 'disabled',
      server_time_utc: Math.floor(world.now / 1000),
      version,
      ...cluster,
    });
  if (path === 'sys/seal-status')
    return bare(200, {
      type: 'awskms',
      initialized: true,
      sealed,
      t: 3,
      n: 5,
      progress: 0,
      nonce: '',
      version,
      migration: false,
      recovery_seal: true,
      storage_type: 'raft',
      ...cluster,
    });
  if (path !== 'sys/leader') return undefined;
  if (sealed) return bare(503, { errors: ['Vault is sealed'] });
  return bare(200, {
    ha_enabled: true,
    is_self: state === 'active',
    leader_address: 'https://vault-0.meridian-freight.example:8200',
    leader_cluster_address: 'https://vault-0.meridian-freight.example:8201',
    performance_standby: false,
  });
}

/** A caller may ask for other statuses (api-docs/system/health). */
function healthStatus(state: 'active' | 'standby' | 'sealed', query: URLSearchParams): number {
  if (state === 'sealed') return Number(query.get('sealedcode') ?? 503);
  if (state === 'active' || query.get('standbyok') === 'true') return Number(query.get('activecode') ?? 200);
  return Number(query.get('standbycode') ?? 429);
}

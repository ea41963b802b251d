import { randomFor } from '../company/random.ts';
import { DAY } from '../company/time.ts';
import type { Company } from '../company/types.ts';
import { logisticsAuth, rootAuth, rootIdentity } from './people-world.ts';
import { LOGISTICS_POLICIES, ROOT_POLICIES } from './policy-texts.ts';
import { tellTransitStories } from './transit-world.ts';
import type { Mount, Namespace, Token, VaultWorld } from './types.ts';

export interface VaultWorldOptions {
  /** Texts of policies of the root namespace, in place of the company's own or beside them. */
  policies?: Record<string, string>;
}

const common: Mount[] = [
  { path: 'cubbyhole/', type: 'cubbyhole', description: 'per-token private secret storage' },
  { path: 'identity/', type: 'identity', description: 'identity store' },
  { path: 'sys/', type: 'system', description: 'system endpoints used for control, policy and debugging' },
];

/** The Vault cluster of the sample company: a pure function of the company. */
export function buildVaultWorld(company: Company, options: VaultWorldOptions = {}): VaultWorld {
  const { seed, now } = company;
  const random = (word: string): ReturnType<typeof randomFor> => randomFor(seed, 'vault', word);
  const root: Namespace = {
    path: '',
    id: 'root',
    mounts: [
      ...common,
      { path: 'transit/', type: 'transit', description: 'Encryption as a service' },
      { path: 'payments-transit/', type: 'transit', description: 'Card data, PCI scope' },
      { path: 'secret/', type: 'kv', version: '2', description: 'Application secrets' },
      { path: 'legacy-kv/', type: 'kv', version: '1', description: 'Secrets of the old warehouse system' },
    ],
    auth: rootAuth(),
    policies: new Map(Object.entries({ ...ROOT_POLICIES, ...options.policies })),
    ...rootIdentity(seed),
  };
  const logistics: Namespace = {
    path: 'logistics/',
    id: random('namespace').upper(5).toLowerCase(),
    mounts: [...common, { path: 'transit/', type: 'transit', description: 'Fleet and scanners' }],
    auth: logisticsAuth(),
    policies: new Map(Object.entries(LOGISTICS_POLICIES)),
    entities: [],
    groups: [],
  };
  const world: VaultWorld = {
    seed,
    now,
    period: company.period,
    namespaces: [root, logistics],
    ...tellTransitStories(company),
    devices: [
      {
        path: 'file/',
        filePath: '/var/log/vault/audit.log',
        prefix: '',
        enabledAt: now - 1100 * DAY,
        salt: random('salt 1').hex(64),
      },
      {
        path: 'siem/',
        filePath: '/var/log/vault-siem/audit.log',
        prefix: 'meridian-vault ',
        enabledAt: now - 40 * DAY,
        salt: random('salt 2').hex(64),
      },
    ],
    tokens: new Map(),
    clusterId: random('cluster').uuid(),
    logins: new Map(),
  };
  for (const mount of root.auth) {
    for (const { name } of mount.roles) {
      const secret = random(`secret ${mount.path}${name}`).uuid();
      if (mount.type === 'userpass')
        world.logins.set(`userpass ${name}`, { secret, mount: mount.path, role: name });
      if (mount.type === 'approle')
        world.logins.set(`approle ${roleIdOf(seed, name)}`, { secret, mount: mount.path, role: name });
    }
  }
  addToken(world, 'root', ['root'], 'auth/token/root');
  addToken(world, 'token-keywitness', ['default', 'keywitness-auditor'], 'auth/token/create');
  addToken(world, 'token-limited', ['default'], 'auth/token/create');
  return world;
}

/** The role_id that an approle role logs in with. */
export const roleIdOf = (seed: string, role: string): string =>
  randomFor(seed, 'vault', `role-id ${role}`).uuid();

/** Makes a token; the same words in the same world make the same token. */
export function addToken(
  world: VaultWorld,
  displayName: string,
  policies: string[],
  path: string,
  entity?: Token['entity'],
): Token {
  const random = randomFor(world.seed, 'vault-token', displayName, world.tokens.size);
  const token: Token = {
    id: `hvs.${random.hex(24)}`,
    accessor: random.hex(24),
    namespace: '',
    displayName,
    policies: [...policies].sort(),
    path,
    createdAt: world.now,
    ...(entity === undefined ? {} : { entity }),
  };
  world.tokens.set(token.id, token);
  return token;
}

import { randomFor } from '../company/random.ts';
import { DAY, HOUR } from '../company/time.ts';
import type { Instant } from '../company/types.ts';
import type { TransitKey, VaultWorld } from './types.ts';

/** Who asked, as audit lines show them. */
export interface AuditActor {
  displayName: string;
  /** Role of an AppRole sign-in. */
  role: string | null;
  entityId: string;
  token: string;
  accessor: string;
  policies: string[];
  address: string;
}

export interface AuditedRequest {
  at: Instant;
  id: string;
  namespace: string;
  path: string;
  operation: 'create' | 'read' | 'update' | 'delete';
  actor: AuditActor;
  data: Record<string, string | number | boolean>;
  answer?: Record<string, string | number>;
  error?: string;
}

const PEOPLE = new Set(['maria.lopez', 'tom.becker', 'priya.nair', 'lena.fischer', 'ines.carvalho']);

/** Every audited request in [from, to), by time: uses by the services, the changes of the period, and a few refusals. */
export function requestsOf(
  world: VaultWorld,
  from: Instant,
  to: Instant,
  usesPerDay: number,
): AuditedRequest[] {
  const found: AuditedRequest[] = [];
  const used = world.keys.filter(({ usedBy }) => usedBy !== undefined);
  for (let day = from - (from % DAY); day < to; day += DAY) {
    const random = randomFor(world.seed, 'vault-uses', day);
    for (let i = 0; i < usesPerDay; i++) {
      const key = random.pick(used);
      found.push(useOf(world, key, day + random.int(DAY), random.int(100)));
    }
    // Somebody tries what their policies do not give.
    if (random.int(6) === 0) {
      found.push({
        ...request(
          world,
          day + 9 * HOUR + random.int(8 * HOUR),
          'lena.fischer',
          '',
          'transit/encrypt/orders-pii',
        ),
        data: { plaintext: random.hex(20) },
        error: '1 error occurred:\n\t* permission denied\n\n',
      });
    }
  }
  for (const { at, namespace, actor, operation, path, data } of world.changes) {
    found.push({ ...request(world, at, actor, namespace, path), operation, data });
  }
  return found
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function useOf(world: VaultWorld, key: TransitKey, at: Instant, chance: number): AuditedRequest {
  const { namespace, mount, name, usedBy, type } = key;
  const signing = type === 'ed25519' || type.startsWith('ecdsa');
  const operation = signing ? 'sign' : type === 'hmac' ? 'hmac' : chance < 60 ? 'decrypt' : 'encrypt';
  const value = randomFor(world.seed, 'vault-value', name, at).hex(40);
  const version = key.versions.filter((made) => made <= at).length;
  const base = request(world, at, usedBy!, namespace, `${mount}${operation}/${name}`);
  if (operation === 'decrypt')
    return { ...base, data: { ciphertext: `vault:v${version}:${value}` }, answer: { plaintext: value } };
  if (operation === 'encrypt')
    return {
      ...base,
      data: { plaintext: value },
      answer: { ciphertext: `vault:v${version}:${value}`, key_version: version },
    };
  const result = operation === 'sign' ? 'signature' : 'hmac';
  return { ...base, data: { input: value }, answer: { [result]: `vault:v${version}:${value}` } };
}

function request(
  world: VaultWorld,
  at: Instant,
  who: string,
  namespace: string,
  path: string,
): AuditedRequest {
  const id = randomFor(world.seed, 'vault-audit', at, who, path).uuid();
  return {
    at,
    id,
    namespace,
    path,
    operation: 'update',
    actor: actorOf(world, who, namespace, at),
    data: {},
  };
}

/** A service logs in anew each day; the token and its accessor stay the same for that day. */
function actorOf(world: VaultWorld, who: string, namespace: string, at: Instant): AuditActor {
  const random = randomFor(world.seed, 'vault-session', namespace, who, Math.floor(at / DAY));
  const home = world.namespaces.find(({ path }) => path === namespace)!;
  const role = home.auth.flatMap(({ roles }) => roles).find(({ name }) => name === who);
  const policies = (role?.data['token_policies'] as string[] | undefined) ?? [who];
  return {
    displayName: PEOPLE.has(who) ? `userpass-${who}` : 'approle',
    role: PEOPLE.has(who) ? null : who,
    entityId: home.entities.find(({ name }) => name === who)?.id ?? '',
    token: `hvs.${random.hex(24)}`,
    accessor: random.hex(24),
    policies: ['default', ...policies],
    address: PEOPLE.has(who) ? '203.0.113.24' : `10.20.${who.length}.${10 + random.int(200)}`,
  };
}

import { join } from 'node:path';
import { vaultPolicy } from '../../../electron/providers/vault/policy.ts';
import type { OpenBao } from './server.ts';

/** Where things are in the server under test, and what was done in it. */
export interface BaoWorld {
  /** Devices with the files that they write. */
  devices: { path: string; file: string }[];
  /** Keys as `<namespace>|<mount>|<name>`, with the number of versions made. */
  keys: Map<string, number>;
  approle: { roleId: string; secretId: string };
  password: string;
  /** What went through the engines: nothing of it may be kept anywhere. */
  secrets: string[];
  /** Uses made, by `<namespace>|<path>`. */
  uses: Map<string, number>;
}

const TYPES = [
  ...['aes128-gcm96', 'aes256-gcm96', 'chacha20-poly1305', 'xchacha20-poly1305', 'ed25519'],
  ...['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-3072', 'hmac'],
];

/** Name of the policy that the collector holds. */
export const COLLECTOR = 'keywitness-collector';
export const ANN = 'ann';

/** Sets up audit devices, namespaces, keys, people and policies, and uses the keys. */
export async function furnish(bao: OpenBao): Promise<BaoWorld> {
  const { must } = bao;
  const world: BaoWorld = {
    devices: ['file', 'siem', 'raw'].map((name) => ({
      path: `${name}/`,
      file: join(bao.folder, `audit-${name}`, 'audit.log'),
    })),
    ...{ keys: new Map(), uses: new Map(), secrets: [], password: 'correct horse battery staple' },
    approle: { roleId: '', secretId: '' },
  };
  await devicesOf(bao, world);
  await must('POST', 'sys/namespaces/team-a');
  await must('POST', 'sys/namespaces/inner', {}, { namespace: 'team-a' });
  for (const namespace of ['', 'team-a', 'team-a/inner']) await engines(bao, world, namespace);
  await people(bao, world);
  await used(bao, world);
  return world;
}

async function devicesOf({ must }: OpenBao, { devices }: BaoWorld): Promise<void> {
  const [file, siem, raw] = devices.map((device) => ({ file_path: device.file, mode: '0600' }));
  await must('POST', 'sys/audit/file', { type: 'file', options: file });
  await must('POST', 'sys/audit/siem', {
    type: 'file',
    options: { ...siem, prefix: 'bao-siem: ', hmac_accessor: 'false', elide_list_responses: 'true' },
  });
  await must('POST', 'sys/audit/raw', { type: 'file', options: { ...raw, log_raw: 'true' } });
}

async function engines({ must }: OpenBao, world: BaoWorld, namespace: string): Promise<void> {
  const at = { namespace };
  for (const mount of namespace === '' ? ['transit', 'team/crypto'] : ['transit']) {
    await must('POST', `sys/mounts/${mount}`, { type: 'transit' }, at);
    for (const type of TYPES) {
      const name = `k-${type}`;
      await must('POST', `${mount}/keys/${name}`, { type, ...(type === 'hmac' && { key_size: 32 }) }, at);
      const rotations = type === 'aes256-gcm96' ? 3 : type === 'rsa-2048' ? 1 : 0;
      for (let n = 0; n < rotations; n++) await must('POST', `${mount}/keys/${name}/rotate`, {}, at);
      world.keys.set(`${namespace}|${mount}|${name}`, rotations + 1);
    }
    await must('POST', `${mount}/keys/weak`, { exportable: true, allow_plaintext_backup: true }, at);
    await must(
      'POST',
      `${mount}/keys/weak/config`,
      { deletion_allowed: true, auto_rotate_period: '720h' },
      at,
    );
    await must('POST', `${mount}/keys/derived`, { derived: true, convergent_encryption: true }, at);
    for (const name of ['weak', 'derived']) world.keys.set(`${namespace}|${mount}|${name}`, 1);
  }
  await must('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } }, at);
  const secret = `kv-value-${namespace}`;
  world.secrets.push(secret);
  for (const name of ['app', 'folder/inner']) await must('POST', `kv/data/${name}`, { data: { secret } }, at);
}

async function people({ must }: OpenBao, world: BaoWorld): Promise<void> {
  await must('POST', `sys/policies/acl/${COLLECTOR}`, { policy: leastPrivilege() });
  await must('POST', 'sys/auth/userpass', { type: 'userpass' });
  await must('POST', `auth/userpass/users/${ANN}`, { password: world.password, token_policies: [COLLECTOR] });
  await must('POST', 'sys/auth/approle', { type: 'approle' });
  await must('POST', 'auth/approle/role/collector', { token_policies: [COLLECTOR], token_ttl: '1h' });
  await must('POST', 'auth/approle/role/orders', { token_policies: ['orders'] });
  const role = (await must('GET', 'auth/approle/role/collector/role-id')).data as { role_id: string };
  const secret = (await must('POST', 'auth/approle/role/collector/secret-id')).data as { secret_id: string };
  world.approle = { roleId: role.role_id, secretId: secret.secret_id };
  await must('POST', 'sys/policies/acl/orders', {
    policy:
      'path "transit/encrypt/k-aes256-gcm96" { capabilities = ["update"] }\npath "transit/+/k-hmac" { capabilities = ["update"] }',
  });
  await must('POST', 'sys/policies/acl/admin', {
    policy: 'path "transit/*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }',
  });
  const entity = (await must('POST', 'identity/entity', { name: 'bob', policies: ['orders'] })).data as {
    id: string;
  };
  await must('POST', 'identity/group', {
    name: 'keepers',
    policies: ['admin'],
    member_entity_ids: [entity.id],
  });
}

async function used({ must }: OpenBao, world: BaoWorld): Promise<void> {
  const plain = `plaintext-that-nobody-may-keep-${'x'.repeat(8)}`;
  world.secrets.push(plain, Buffer.from(plain).toString('base64'));
  const use = async (namespace: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const key = `${namespace}|${path}`;
    world.uses.set(key, (world.uses.get(key) ?? 0) + 1);
    return (await must('POST', path, body, { namespace })).data as Record<string, unknown>;
  };
  for (const namespace of ['', 'team-a']) {
    for (let n = 0; n < 5; n++) {
      const { ciphertext } = await use(namespace, 'transit/encrypt/k-aes256-gcm96', {
        plaintext: Buffer.from(plain).toString('base64'),
      });
      await use(namespace, 'transit/decrypt/k-aes256-gcm96', { ciphertext });
      await use(namespace, 'transit/hmac/k-hmac', { input: Buffer.from(plain).toString('base64') });
    }
    await use(namespace, 'transit/sign/k-ed25519', { input: Buffer.from(plain).toString('base64') });
    const exported = (await must('GET', 'transit/export/encryption-key/weak', undefined, { namespace }))
      .data as {
      keys: Record<string, string>;
    };
    world.secrets.push(...Object.values(exported.keys));
    world.uses.set(`${namespace}|transit/export/encryption-key/weak`, 1);
  }
}

/** The policy that we print for a client who has this. */
function leastPrivilege(): string {
  const mount = (path: string, type: string, version: string | null = null) => ({ path, type, version });
  return vaultPolicy({
    ...{ cluster: true, kvMetadata: true, auditHash: true, namespaces: ['team-a', 'team-a/inner'] },
    mounts: [mount('transit', 'transit'), mount('team/crypto', 'transit'), mount('kv', 'kv', '2')],
    auth: [...['approle', 'userpass', 'oidc', 'token'].map((type) => mount(type, type))],
  });
}

const REDIRECT = 'http://localhost:8250/oidc/callback';

/** Lets people sign in through the server's own OpenID provider: a real one, with PKCE and signed tokens. */
export async function withOidc({ must, address, ca }: OpenBao): Promise<void> {
  await must('POST', 'identity/oidc/client/keywitness', {
    ...{ redirect_uris: [REDIRECT], assignments: ['allow_all'] },
  });
  const client = (await must('GET', 'identity/oidc/client/keywitness')).data as Record<string, string>;
  await must('POST', 'sys/auth/oidc', { type: 'oidc' });
  await must('POST', 'auth/oidc/config', {
    oidc_discovery_url: `${address}/v1/identity/oidc/provider/default`,
    oidc_discovery_ca_pem: ca,
    oidc_client_id: client.client_id,
    oidc_client_secret: client.client_secret,
    default_role: 'collector',
  });
  await must('POST', 'auth/oidc/role/collector', {
    ...{ role_type: 'oidc', user_claim: 'sub', allowed_redirect_uris: [REDIRECT] },
    token_policies: [COLLECTOR],
  });
}

/** What the browser of somebody who is signed in does on the provider's page: agrees, and is sent back with a code. */
export async function agree({ must }: OpenBao, page: string, password: string): Promise<number> {
  const { auth } = (await must('POST', `auth/userpass/login/${ANN}`, { password })) as {
    auth: { client_token: string };
  };
  const { search, searchParams } = new URL(page);
  const path = `identity/oidc/provider/default/authorize${search}`;
  const { code, state } = await must('GET', path, undefined, { token: auth.client_token });
  const back = new URL(searchParams.get('redirect_uri')!);
  back.searchParams.set('code', String(code));
  back.searchParams.set('state', String(state));
  return (await fetch(back)).status;
}

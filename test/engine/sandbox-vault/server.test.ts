import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vault from 'node-vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCompany } from '../../../electron/sandbox/company/company.ts';
import { startVaultSandbox } from '../../../electron/sandbox/vault/index.ts';
import type { VaultSandbox } from '../../../electron/sandbox/vault/index.ts';

const company = buildCompany({ asOf: '2026-07-01T00:00:00Z' });
let sandbox: VaultSandbox;
beforeAll(async () => {
  sandbox = await startVaultSandbox(company);
});
afterAll(() => sandbox.close());

interface Answer {
  data: Record<string, unknown> & { keys: string[] };
  [name: string]: unknown;
}
interface Refusal {
  response: { statusCode: number; body: { errors: string[] } };
}

function client(token: string, at = sandbox, namespace?: string): ReturnType<typeof vault> {
  return vault({
    endpoint: at.endpoint,
    token,
    noCustomHTTPVerbs: true,
    ...(namespace === undefined ? {} : { namespace }),
  });
}
const read = async (path: string, token = sandbox.tokens.auditor, namespace?: string): Promise<Answer> =>
  (await client(token, sandbox, namespace).read(path)) as Answer;
const list = async (path: string, token = sandbox.tokens.auditor, namespace?: string): Promise<string[]> =>
  ((await client(token, sandbox, namespace).list(path)) as Answer).data.keys;
const refusal = async (answer: Promise<unknown>): Promise<Refusal['response']> => {
  try {
    await answer;
  } catch (error) {
    return (error as Refusal).response;
  }
  throw new Error('it was not refused');
};

describe('what the auditor reads with the real client', () => {
  it('lists mounts, with the data also beside the envelope', async () => {
    const answer = await read('sys/mounts');
    expect(answer.data['payments-transit/']).toMatchObject({ type: 'transit', seal_wrap: true });
    expect(answer['transit/']).toEqual(answer.data['transit/']);
    expect((await read('sys/mounts/transit/tune')).data).toMatchObject({ max_lease_ttl: 2_764_800 });
  });

  it('dates every version of every key, whatever its type', async () => {
    for (const mount of ['transit', 'payments-transit']) {
      for (const name of await list(`${mount}/keys`)) {
        if (name === 'customs-broker') continue;
        const { data } = await read(`${mount}/keys/${name}`);
        const versions = Object.values(
          data['keys'] as unknown as Record<string, number | { creation_time: string; public_key: string }>,
        );
        expect(versions).toHaveLength(data['latest_version'] as number);
        for (const version of versions) {
          const at = typeof version === 'number' ? version * 1000 : Date.parse(version.creation_time);
          expect(at).toBeLessThan(company.now);
          if (typeof version !== 'number')
            expect(version.public_key).toMatch(/^(-----BEGIN PUBLIC KEY|[\w+/]{43}=$)/);
        }
      }
    }
  });

  it('gives no version dates of hmac keys where the product is OpenBao', async () => {
    const bao = await startVaultSandbox(company, { product: 'openbao' });
    try {
      const at = client(bao.tokens.auditor, bao);
      expect(((await at.read('transit/keys/webhook-mac')) as Answer).data).not.toHaveProperty('keys');
      expect((await read('transit/keys/webhook-mac')).data).toHaveProperty('keys');
      expect((await refusal(at.read('sys/license/status'))).body.errors[0]).toContain('unsupported path');
      expect(((await at.read('sys/rotate/keyring/config')) as Answer).data).toMatchObject({ enabled: true });
    } finally {
      await bao.close();
    }
  });

  it('is refused the one key that a policy denies, and all that needs more', async () => {
    for (const path of [
      'transit/keys/customs-broker',
      'transit/export/encryption-key/legacy-labels',
      'secret/data/billing/smtp',
    ]) {
      const { statusCode, body } = await refusal(read(path));
      expect([statusCode, body.errors]).toEqual([403, ['1 error occurred:\n\t* permission denied\n\n']]);
    }
    expect((await refusal(read('sys/audit', sandbox.tokens.limited))).statusCode).toBe(403);
    expect((await refusal(read('sys/mounts', 'hvs.nobody'))).body.errors).toEqual([
      'permission denied',
      'invalid token',
    ]);
  });

  it('reads the rest of the cluster', async () => {
    const audit = (await read('sys/audit')).data;
    expect(Object.keys(audit)).toEqual(['file/', 'siem/']);
    expect(audit['siem/']).toMatchObject({ options: { prefix: 'meridian-vault ', hmac_accessor: 'false' } });
    expect((await read('sys/key-status')).data).toMatchObject({ term: 4 });
    expect((await read('sys/rotate/config')).data).toMatchObject({ enabled: true });
    expect((await read('sys/config/state/sanitized')).data).toMatchObject({ storage: { type: 'raft' } });
    expect((await read('sys/ha-status')).data['nodes']).toHaveLength(3);
    expect((await read('sys/license/status')).data).toMatchObject({ autoloading_used: true });
    expect((await refusal(list('sys/managed-keys/pkcs11'))).body.errors).toEqual([]);
    expect((await refusal(read('sys/rotate/keyring/config'))).statusCode).toBe(404);
    expect((await read('transit/config/keys')).data).toEqual({ disable_upsert: false });
    expect((await read('secret/config')).data).toMatchObject({ max_versions: 10 });
    expect(await list('secret/metadata')).toEqual(['billing/', 'orders-api/', 'payments/']);
    expect((await read('secret/metadata/billing/smtp')).data).toMatchObject({ current_version: 3 });
  });

  it('reads every policy, auth role, entity and group', async () => {
    const names = await list('sys/policies/acl');
    expect(names).toContain('root');
    for (const name of names) expect((await read(`sys/policies/acl/${name}`)).data).toHaveProperty('policy');
    const mounts = (await read('sys/auth')).data as unknown as Record<
      string,
      { type: string; accessor: string }
    >;
    const folders: Record<string, string> = { userpass: 'users', token: 'roles' };
    for (const [path, { type }] of Object.entries(mounts)) {
      const folder = `auth/${path}${folders[type] ?? 'role'}`;
      for (const name of await list(folder)) {
        const { data } = await read(`${folder}/${name}`);
        expect(data['token_policies'] ?? data['allowed_policies']).toBeInstanceOf(Array);
      }
    }
    for (const id of await list('identity/entity/id')) {
      const { data } = await read(`identity/entity/id/${id}`);
      const [alias] = data['aliases'] as { mount_accessor: string; mount_path: string }[];
      expect(mounts[alias!.mount_path.slice('auth/'.length)]?.accessor).toBe(alias!.mount_accessor);
    }
    for (const id of await list('identity/group/id'))
      expect((await read(`identity/group/id/${id}`)).data).toHaveProperty('type');
    expect(await list('identity/entity-alias/id')).toHaveLength(9);
  });

  it('recurses into a namespace by header, where the cluster paths do not exist', async () => {
    expect(await list('sys/namespaces')).toEqual(['logistics/']);
    expect(await list('transit/keys', sandbox.tokens.auditor, 'logistics')).toEqual([
      'fleet-telemetry',
      'scanner-signing',
    ]);
    expect(await list('logistics/transit/keys')).toEqual(['fleet-telemetry', 'scanner-signing']);
    expect(await list('auth/approle/role', sandbox.tokens.auditor, 'logistics')).toEqual([
      'fleet-gateway',
      'scanner-fleet',
    ]);
    expect((await refusal(read('sys/audit', sandbox.tokens.root, 'logistics'))).statusCode).toBe(404);
    expect(
      (await refusal(list('identity/entity/id', sandbox.tokens.auditor, 'logistics'))).body.errors,
    ).toEqual([]);
    expect((await refusal(read('sys/mounts', sandbox.tokens.auditor, 'nowhere'))).statusCode).toBe(404);
  });
});

describe('tokens, logins and the state of the cluster', () => {
  it('logs in with approle and with userpass, and refuses what is wrong', async () => {
    const approle = client('');
    await approle.approleLogin({ role_id: sandbox.approle.roleId, secret_id: sandbox.approle.secretId });
    const self = (await approle.tokenLookupSelf()) as Answer;
    expect(self.data).toMatchObject({
      policies: ['default', 'keywitness-auditor'],
      path: 'auth/approle/login',
    });
    const person = client('');
    await person.userpassLogin(sandbox.userpass);
    expect(((await person.read('sys/mounts')) as Answer).data).toHaveProperty('transit/');
    const wrong = await refusal(client('').userpassLogin({ ...sandbox.userpass, password: 'wrong' }));
    expect([wrong.statusCode, wrong.body.errors]).toEqual([400, ['invalid username or password']]);
  });

  it('answers capabilities-self as the evaluator decides', async () => {
    const paths = ['transit/keys/orders-pii', 'transit/decrypt/orders-pii', 'sys/audit'];
    const answer = (await client(sandbox.tokens.auditor).write('sys/capabilities-self', { paths })) as Answer;
    expect(answer.data).toEqual({
      'transit/keys/orders-pii': ['read'],
      'transit/decrypt/orders-pii': ['deny'],
      'sys/audit': ['read', 'sudo'],
    });
    const root = (await client(sandbox.tokens.root).write('sys/capabilities-self', {
      paths: ['x'],
    })) as Answer;
    expect(root['capabilities']).toEqual(['root']);
  });

  it('answers health, seal status and leader without a token, by the state of the cluster', async () => {
    const get = (at: VaultSandbox, path: string): Promise<Response> => fetch(`${at.endpoint}/v1/${path}`);
    expect((await get(sandbox, 'sys/health')).status).toBe(200);
    expect((await fetch(`${sandbox.endpoint}/v1/sys/health`, { method: 'HEAD' })).status).toBe(200);
    expect(await (await get(sandbox, 'sys/leader')).json()).toMatchObject({ is_self: true });
    const sealed = await startVaultSandbox(company, { state: 'sealed' });
    try {
      expect((await get(sealed, 'sys/health')).status).toBe(503);
      expect(await (await get(sealed, 'sys/seal-status')).json()).toMatchObject({ sealed: true });
      expect(await (await get(sealed, 'sys/mounts')).json()).toEqual({ errors: ['Vault is sealed'] });
    } finally {
      await sealed.close();
    }
  });

  it('throttles with Retry-After, counts every request, and needs exactly the policy it is given', async () => {
    const at = await startVaultSandbox(company, {
      throttle: { every: 3, retryAfterSeconds: 2 },
      policies: { 'keywitness-auditor': 'path "sys/mounts" { capabilities = ["read"] }' },
    });
    try {
      const headers = { 'x-vault-token': at.tokens.auditor };
      const get = (path: string): Promise<Response> => fetch(`${at.endpoint}/v1/${path}`, { headers });
      expect((await get('sys/mounts')).status).toBe(200);
      expect((await get('sys/auth')).status).toBe(403);
      const refused = await get('sys/mounts');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
      expect(at.calls().map(({ operation, path, status }) => [operation, path, status])).toEqual([
        ['read', 'sys/mounts', 200],
        ['read', 'sys/auth', 403],
        ['read', 'sys/mounts', 429],
      ]);
    } finally {
      await at.close();
    }
  });

  it('serves HTTPS with the certificate it is given', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vault-tls-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=vault',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    );
    const ca = readFileSync(cert, 'utf8');
    const at = await startVaultSandbox(company, { tls: { key: readFileSync(key, 'utf8'), cert: ca } });
    try {
      const trusting = vault({
        endpoint: at.endpoint,
        token: at.tokens.auditor,
        noCustomHTTPVerbs: true,
        requestOptions: { ca },
      });
      expect(((await trusting.read('sys/mounts')) as Answer).data).toHaveProperty('transit/');
      await expect(client(at.tokens.auditor, at).read('sys/mounts')).rejects.toThrow(
        /self-signed|certificate/,
      );
    } finally {
      await at.close();
      await rm(dir, { recursive: true });
    }
  });
});

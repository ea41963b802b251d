import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAzureSandbox, type AzureSandbox } from '../../../electron/sandbox/azure/index.ts';
import { AS_OF, clients, collect, refusal } from './clients.ts';

let sandbox: AzureSandbox;
let auditor: ReturnType<typeof clients>;
beforeAll(async () => {
  sandbox = await startAzureSandbox({ asOf: AS_OF });
  auditor = clients(sandbox.azure);
});
afterAll(() => sandbox.close());

describe('the data plane of a vault, with the real key client', () => {
  it('lists every key over pages of 25 after one challenge', async () => {
    const client = auditor.keys('mf-orders-prod');
    const pages: number[] = [];
    for await (const page of client.listPropertiesOfKeys().byPage()) pages.push(page.length);
    expect(pages).toEqual([25, 9]);
    const calls = (await sandbox.calls()).filter(({ operation }) => operation === 'keyvault.GetKeys');
    expect(calls.map(({ status }) => status)).toEqual([401, 200, 200]);
  });
  it('lists thirty versions with the dates of their making', async () => {
    const versions = await collect(
      auditor.keys('mf-orders-prod').listPropertiesOfKeyVersions('orders-events'),
    );
    expect(versions.length).toBe(30);
    const days = versions.map(({ createdOn }) => createdOn!.getTime()).sort((a, b) => a - b);
    expect(days.at(-1)! - days[0]!).toBeGreaterThan(860 * 86_400_000);
  });
  it('gives type, size, expiry, protection and rotation policy', async () => {
    const client = auditor.keys('mf-orders-prod');
    const key = await client.getKey('orders-db');
    expect(key.keyType).toBe('RSA');
    expect(key.key!.n!.length).toBe(256);
    expect(key.properties.expiresOn).toBeInstanceOf(Date);
    expect(key.properties.recoveryLevel).toBe('Recoverable');
    expect((await client.getKeyRotationPolicy('orders-db')).lifetimeActions).toEqual(
      [
        { action: 'Rotate', timeAfterCreate: 'P365D' },
        { action: 'Notify', timeBeforeExpiry: 'P30D' },
      ].map((action) => expect.objectContaining(action) as unknown),
    );
    expect((await client.getKey('orders-signing')).keyType).toBe('EC-HSM');
    expect((await client.getKey('orders-enclave')).properties.exportable).toBe(true);
    expect((await client.getKey('orders-tls')).properties.managed).toBe(true);
    expect((await client.getKey('orders-disabled')).properties.enabled).toBe(false);
  });
  it('names deleted keys', async () => {
    const deleted = await collect(auditor.keys('mf-orders-prod').listDeletedKeys());
    expect(deleted.map(({ name }) => name)).toEqual(['orders-old']);
  });
  it('answers where an access policy gives get, list and getrotationpolicy', async () => {
    const keys = await collect(auditor.keys('mf-billing-prod').listPropertiesOfKeys());
    expect(keys.map(({ name }) => name)).toEqual(['billing-db', 'billing-export']);
  });
  it('refuses each denied vault in its own way', async () => {
    const denied = async (vault: string, key: string): Promise<string[]> => [
      await refusal(auditor.keys(vault).getKey(key)),
      // The client keeps the inner code of a refused read, but drops it for a refused list: it is in the body alone.
      await refusal(collect(auditor.keys(vault).listPropertiesOfKeys())),
    ];
    expect(await denied('mf-payments-prod', 'card-vault')).toEqual([
      '403 ForbiddenByFirewall',
      '403 Forbidden',
    ]);
    expect(await denied('mf-legacy-apps', 'legacy-app')).toEqual(['403 ForbiddenByPolicy', '403 Forbidden']);
    expect(await denied('mf-claims', 'claims')).toEqual(['403 ForbiddenByRbac', '403 Forbidden']);
    const list = `${sandbox.azure.vaults['mf-payments-prod']}/keys?api-version=2025-07-01`;
    expect((await auditor.get('https://vault.azure.net/.default', list)).text).toContain(
      '"ForbiddenByFirewall"',
    );
    const nobody = clients(sandbox.azure, sandbox.azure.signIns.nobody);
    expect(await refusal(nobody.keys('mf-orders-prod').getKey('orders-db'))).toBe('403 ForbiddenByRbac');
    expect(await refusal(auditor.keys('mf-orders-prod').getKey('no-such-key'))).toBe('404 KeyNotFound');
    expect(await refusal(auditor.keys('mf-orders-prod').createKey('new', 'RSA'))).toBe(
      '405 MethodNotAllowed',
    );
  });
  it('does not accept a token of another service', async () => {
    const url = `${sandbox.azure.vaults['mf-orders-prod']}/keys?api-version=2025-07-01`;
    expect((await auditor.get('https://management.azure.com/.default', url)).status).toBe(401);
    expect((await auditor.get('https://vault.azure.net/.default', url)).status).toBe(200);
  });
});

describe('a managed HSM', () => {
  it('lists keys with the token of its own service, and its local roles', async () => {
    const keys = await collect(auditor.keys('mf-ledger-hsm').listPropertiesOfKeys());
    expect(keys.map(({ name }) => name)).toEqual(['ledger-master', 'ledger-seal']);
    expect((await auditor.keys('mf-ledger-hsm').getKey('ledger-master')).keyType).toBe('oct-HSM');
    const roles = (kind: string) =>
      auditor.get(
        'https://managedhsm.azure.net/.default',
        `${sandbox.azure.vaults['mf-ledger-hsm']}/providers/Microsoft.Authorization/${kind}?api-version=7.4`,
      );
    const assignments = (await roles('roleAssignments')).body.value!;
    expect(assignments.map(({ properties }) => (properties as { scope: string }).scope)).toEqual([
      '/',
      '/keys/ledger-master',
      '/keys',
      '/',
    ]);
    expect((await roles('roleDefinitions')).body.value!.length).toBe(8);
  });
  it('does not let an Owner of everything in ARM read its keys', async () => {
    const admin = clients(sandbox.azure, sandbox.azure.signIns.admin);
    expect(await refusal(admin.keys('mf-ledger-hsm').getKey('ledger-master'))).toBe('403 ForbiddenByRbac');
  });
});

describe('signing in', () => {
  it('with a wrong secret is refused as Entra does', async () => {
    const wrong = clients(sandbox.azure, { ...sandbox.azure.signIns.auditor, clientSecret: 'wrong' });
    await expect(wrong.credential.getToken('https://vault.azure.net/.default')).rejects.toThrow(
      /AADSTS7000215/,
    );
  });
  it('is not trusted without the authority of the sandbox', async () => {
    const untrusted = clients({ ...sandbox.azure, ca: '' });
    await expect(untrusted.credential.getToken('https://vault.azure.net/.default')).rejects.toThrow();
  });
});

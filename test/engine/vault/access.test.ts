import { expect, test } from 'vitest';
import { derive } from '../../../electron/derive/derive.ts';
import { deriveVaultSample, vaultFor } from './support.ts';

test('the access matrix says who reaches a key, through which policy and role', async () => {
  const { db } = await deriveVaultSample(await vaultFor());
  const paths = db
    .prepare<[], { principal: string; kind: string; access: string; use: string | null; via: string }>(
      `SELECT principal, principal_kind AS kind, access, use_kind AS use, via FROM access_path
        WHERE key LIKE '%/root/transit/keys/billing-exports'`,
    )
    .all();
  const holders = new Map(
    paths.map(({ principal, kind }) => [principal.replace(/^vault:\/\/[^/]+\//, ''), kind]),
  );
  expect(holders.get('auth/approle/billing-batch')).toBe('service');
  expect(holders.get('auth/github/infrastructure')).toBe('federated');
  expect(holders.has('auth/approle/orders-api')).toBe(false);
  expect(
    paths.filter(({ principal, access }) => principal.endsWith('billing-batch') && access !== 'use'),
  ).toEqual([]);
  expect(
    paths.find(({ principal, use }) => principal.endsWith('billing-batch') && use === 'decrypt')!.via,
  ).toBe('acl policy billing-batch → auth role auth/approle/billing-batch');
});

test('our reading of policies is what the server says of the collector, path by path', async () => {
  const { db } = await deriveVaultSample(await vaultFor());
  const checked = db
    .prepare("SELECT how FROM access_fact WHERE kind = 'capabilities-checked'")
    .pluck()
    .get() as string;
  expect(checked).toMatch(/^\d{3} paths compared, 0 different$/);
  expect(db.prepare("SELECT count(*) FROM access_fact WHERE kind = 'iam-missing'").pluck().get()).toBe(0);
});

test('a policy that cannot be read leaves access open, with the reason', async () => {
  const { ROOT_POLICIES } = await import('../../../electron/sandbox/vault/policy-texts.ts');
  const refused = 'path "sys/policies/acl/developers" { capabilities = ["deny"] }\n';
  const sandbox = await vaultFor({
    policies: { 'keywitness-auditor': ROOT_POLICIES['keywitness-auditor']! + refused },
  });
  const { db } = await deriveVaultSample(sandbox);
  const missing = db
    .prepare("SELECT how FROM access_fact WHERE kind = 'iam-missing'")
    .pluck()
    .get() as string;
  expect(missing).toContain('sys/policies/acl/developers was denied (PermissionDenied)');
  const unknown = db
    .prepare(
      "SELECT count(*) FROM access_path WHERE certainty = 'unknown' AND key LIKE '%/transit/keys/orders-pii'",
    )
    .pluck()
    .get();
  expect(unknown).toBeGreaterThan(0);
});

test('rows are made again from the ledger alone, the same', async () => {
  const { db } = await deriveVaultSample(await vaultFor());
  const rows = () =>
    [
      'key',
      'key_setting',
      'principal',
      'access_right',
      'access_fact',
      'cluster_setting',
      'secret',
      'log_route',
    ].map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  const before = rows();
  derive(db);
  expect(rows()).toEqual(before);
  expect(before.every((table) => table.length > 0)).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { readBody } from '../../../db/ledger/bodies.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { testSource } from '../../../electron/collect/test-source.ts';
import { newEngagement } from '../../support/ledger.ts';
import {
  azureEngagement,
  azureOptions,
  azureSandboxFor,
  azureSource,
  collectAzureSample,
  exchanges,
} from './support.ts';

const BY = { name: 'Ann Auditor', email: null };

describe('collecting an Azure tenant', () => {
  test('every vault is listed twice, every key asked, and denials are gaps with Azure’s own code', async () => {
    const sandbox = await azureSandboxFor();
    const { db, result } = await collectAzureSample(sandbox);
    expect(result.state).toBe('complete-with-gaps');
    expect(result.stopped).toEqual([]);
    const denied = result.gaps
      .filter((gap) => gap.op === 'azure.keys.GetKeys')
      .map(({ scope, code }) => `${scope.split('/')[1]} ${code}`);
    expect(denied.sort()).toEqual([
      'mf-claims ForbiddenByRbac',
      'mf-legacy-apps ForbiddenByPolicy',
      'mf-payments-prod ForbiddenByFirewall',
    ]);
    const live = sandbox.estate.vaults.filter((vault) => vault.deletedAt === undefined);
    const listed = exchanges(db).filter(({ facts }) => facts.op === 'azure.vaults.ListVaultKeys');
    for (const label of ['start', 'end']) {
      const scopes = new Set(listed.filter((e) => e.facts.label === label).map((e) => e.facts.scope));
      expect(scopes.size).toBe(live.length);
    }
    const gap = result.gaps.find(({ code }) => code === 'ForbiddenByFirewall')!;
    expect(gap.remedy).toContain('firewall');
    expect(gap.message).toContain('Public network access is disabled');
  });

  test('no token, secret or sign-in answer is in the file', async () => {
    const sandbox = await azureSandboxFor();
    const { db } = await collectAzureSample(sandbox);
    const { clientSecret } = sandbox.azure.signIns.auditor;
    const token = Buffer.from('{"aud":"https').toString('base64url').slice(0, 16);
    const stored = [
      db.serialize().toString('latin1'),
      ...exchanges(db).flatMap(({ values }) => (values.body ? [readBody(db, values.body)!.toString()] : [])),
    ].join();
    expect(stored.includes('management.azure.com')).toBe(true);
    for (const secret of [clientSecret, token, 'access_token', 'Bearer ey']) {
      expect(stored.includes(secret)).toBe(false);
    }
    const signIn = exchanges(db).filter(({ facts }) => facts.op.startsWith('azure.entra.'));
    expect(signIn.length).toBeGreaterThan(1);
    for (const { facts, values } of signIn) {
      expect(facts.bodyClass).toBe('none');
      expect(values.body).toBeUndefined();
      expect(values.params).toBe('{}');
    }
  });

  test('the ledger names the sample’s server, and a source with an endpoint needs a sample engagement', async () => {
    const sandbox = await azureSandboxFor();
    const { db } = await collectAzureSample(sandbox);
    const at = new URL(sandbox.azure.gateway).host;
    for (const { facts } of exchanges(db)) {
      expect(facts.host.endsWith(` at ${at}`)).toBe(true);
      expect(facts.tlsPeer).toMatch(/^[0-9a-f]{64}$/);
    }
    const real = { ...azureEngagement(sandbox), sample: false };
    await expect(collectAzureSample(sandbox, { engagement: real })).rejects.toThrow(/sample environment/);
  });

  test('who asks is the token’s own name, and another tenant is refused', async () => {
    const sandbox = await azureSandboxFor();
    const { db } = await collectAzureSample(sandbox);
    const { clientId, objectId } = sandbox.azure.signIns.auditor;
    const caller = exchanges(db).find(({ facts }) => facts.op === 'azure.vaults.ListVaults')!.values.caller!;
    expect(JSON.parse(caller)).toEqual({
      account: sandbox.azure.tenantId,
      arn: `application ${clientId}`,
      userId: objectId,
    });
    const other = { ...azureSource(sandbox), tenant: '11111111-2222-3333-4444-555555555555' };
    const { result } = await collectAzureSample(sandbox, { sources: [other] });
    expect(result.stopped.map(({ code }) => code)).toEqual(['CREDENTIALS']);
  });

  test('a wrong secret stops the source with words, and nothing is invented', async () => {
    const sandbox = await azureSandboxFor();
    const { result } = await collectAzureSample(sandbox, {
      credentialsFor: () => ({ azure: { secret: () => Promise.resolve('wrong') } }),
    });
    expect(result.state).toBe('stopped');
    expect(result.stopped[0]!.message).toMatch(/no token .*Invalid client secret/);
  });

  test('throttling is waited out as Retry-After says', async () => {
    const sandbox = await azureSandboxFor({
      failures: [{ operation: 'arm.ListVaults', how: 'throttle', call: 1 }],
    });
    const { db, result } = await collectAzureSample(sandbox);
    const calls = exchanges(db).filter(({ facts }) => facts.op === 'azure.vaults.ListVaults');
    expect(calls.some(({ facts }) => facts.errorCode === 'TooManyRequests')).toBe(true);
    const retried = calls.filter(({ facts }) => facts.attempt === 2);
    expect(retried).toHaveLength(1);
    const failed = calls.find(({ facts }) => facts.errorCode === 'TooManyRequests')!;
    expect(Date.parse(retried[0]!.facts.start) - Date.parse(failed.facts.end)).toBeGreaterThanOrEqual(990);
    expect(result.gaps.some(({ op }) => op === 'azure.vaults.ListVaults')).toBe(false);
  });

  test('a collection that was stopped goes on where it was, and asks nothing twice', async () => {
    const sandbox = await azureSandboxFor();
    const open = newEngagement();
    const stop = new AbortController();
    let answered = 0;
    const first = await collectSnapshot(
      azureOptions(sandbox, {
        writer: open.writer,
        signal: stop.signal,
        onProgress: (event) => {
          if (event.kind === 'operation' && (answered += 1) === 12) stop.abort();
        },
      }),
    );
    expect(first.state).toBe('cancelled');
    const before = exchanges(open.db).filter(({ facts }) => facts.outcome === 'ok').length;
    const second = await collectSnapshot(
      azureOptions(sandbox, { writer: open.writer, resume: first.snapshotId }),
    );
    expect(second.state).toBe('complete-with-gaps');
    const whole = await collectAzureSample(sandbox);
    const calls = (db: typeof open.db): string[] =>
      exchanges(db)
        .filter(
          ({ facts }) => facts.outcome !== 'interrupted' && !/^azure\.(entra|keys\.Challenge)/.test(facts.op),
        )
        .filter(
          ({ facts }) => !facts.op.endsWith('.Challenge') && facts.op !== 'azure.insights.ListActivityLog',
        )
        .filter(({ facts }) => facts.op !== 'azure.loganalytics.Query')
        .map(({ facts, values }) => `${facts.op} ${facts.scope} ${facts.label} ${values.params}`)
        .sort();
    expect(before).toBeGreaterThan(3);
    expect(calls(open.db)).toEqual(calls(whole.db));
  });

  test('the connection test says of every permission whether it is there', async () => {
    const sandbox = await azureSandboxFor();
    const open = newEngagement();
    const tested = await testSource({
      writer: open.writer,
      engagement: azureEngagement(sandbox),
      operator: BY,
      source: azureSource(sandbox),
      credentialsFor: azureOptions(sandbox, { writer: open.writer }).credentialsFor!,
    });
    expect(tested.account).toBe(sandbox.azure.tenantId);
    const status = new Map(tested.permissions.map((p) => [p.op, p.status]));
    expect(status.get('azure.vaults.ListVaults')).toBe('ok');
    expect(status.get('azure.authorization.ListRoleAssignments')).toBe('ok');
    expect(status.get('azure.managedhsm.ListLocalRoleAssignments')).toBe('ok');
    expect(tested.permissions.filter((p) => p.status === 'denied')).toEqual([]);
  });
});

describe('keys from answers of Azure', () => {
  test('types, versions, rotation policies and deleted keys become rows; which plane answered is kept', async () => {
    const sandbox = await azureSandboxFor();
    const { db, writer } = await collectAzureSample(sandbox);
    await declare(writer, BY, 'engagement', '', azureEngagement(sandbox));
    derive(db);
    const row = (name: string) =>
      db
        .prepare<[string], Record<string, unknown>>("SELECT * FROM key WHERE id LIKE '%/keys/' || ?")
        .get(name)!;
    expect(row('orders-db')).toMatchObject({
      provider: 'azure',
      algorithm: 'RSA_2048',
      state: 'Enabled',
      rotation_enabled: 1,
      rotation_period_days: 365,
      material_holder: 'platform',
    });
    expect(row('orders-archive')).toMatchObject({ rotation_enabled: 0, valid_to: null });
    expect(row('orders-backup')).toMatchObject({ rotation_enabled: 0 });
    expect(row('ledger-master')).toMatchObject({ algorithm: 'AES_256', material_holder: 'hsm' });
    expect(row('orders-signing')).toMatchObject({ algorithm: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' });
    expect(row('orders-disabled')).toMatchObject({ state: 'Disabled' });
    expect(row('orders-old')).toMatchObject({ state: 'PendingDeletion', listed_start: 0 });
    // Behind a firewall: known from the control plane, with its versions and its policy.
    expect(row('card-vault')).toMatchObject({ algorithm: 'RSA_4096', rotation_enabled: 1 });
    // The data plane is denied, and the control plane shows no policy: not known.
    expect(row('legacy-app')).toMatchObject({ rotation_enabled: null });
    const versions = db
      .prepare<[], { n: number }>(
        "SELECT count(*) AS n FROM key_rotation WHERE key LIKE '%/keys/orders-events'",
      )
      .get()!.n;
    expect(versions).toBe(30);
    const policy = (name: string) =>
      JSON.parse(
        db
          .prepare<[string], string>(
            "SELECT value FROM key_setting WHERE name = 'rotation-policy' AND key LIKE '%/keys/' || ?",
          )
          .pluck()
          .get(name)!,
      ) as { answeredBy: string };
    expect(policy('orders-db').answeredBy).toBe('control plane');
    expect(policy('orders-archive').answeredBy).toBe('vault');
    const account = db
      .prepare<[], { op: string; n: number }>('SELECT op, count(*) AS n FROM key_answer GROUP BY op')
      .all();
    const keys = db.prepare<[], number>('SELECT count(*) FROM key').pluck().get()!;
    // Counts add up: one row for each key and question.
    expect(account.map(({ n }) => n)).toEqual(account.map(() => keys));
    const tls = db
      .prepare<[], string>("SELECT rotation_support_why FROM key WHERE id LIKE '%/keys/orders-tls'")
      .pluck()
      .get();
    expect(tls).toContain('certificate');
  });
});

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { collectSnapshot, type CollectResult } from '../../../electron/collect/collect-snapshot.ts';
import { vaultSource } from '../../../electron/engagement/vault-source.ts';
import { newEngagement } from '../../support/ledger.ts';
import {
  collectVaultSample,
  deriveVaultSample,
  given,
  vaultFor,
  vaultOptions,
  vaultSampleSource,
} from './support.ts';

/** Gaps but for the note that no audit log files were given: these tests give none. */
const gapsOfCalls = ({ gaps }: CollectResult) => gaps.filter(({ code }) => code !== 'log-files-not-read');
const ops = (db: Parameters<typeof entries>[0]) => [...entries(db, 'exchange')].map(({ facts }) => facts.op);

describe('a collection of the sample company’s Vault', () => {
  test('reads every namespace, engine and key, and names the one key that a policy denies', async () => {
    const sandbox = await vaultFor();
    const { db, result } = await deriveVaultSample(sandbox);
    expect(result.state).toBe('complete-with-gaps');
    expect(gapsOfCalls(result).map(({ op, subject, code }) => [op, subject, code])).toEqual([
      ['vault.transit.ReadKey', '{"path":"transit/keys/customs-broker"}', 'PermissionDenied'],
    ]);
    const keys = db.prepare<[], { id: string; created: string | null }>('SELECT id, created FROM key').all();
    expect(keys).toHaveLength(sandbox.world.keys.length);
    for (const { namespace, mount, name, versions } of sandbox.world.keys) {
      const ns = namespace === '' ? 'root/' : namespace;
      const id = `vault://${sandbox.world.clusterId}/${ns}${mount}keys/${name}`;
      const row = keys.find((key) => key.id === id);
      expect(row, id).toBeDefined();
      if (name === 'customs-broker') continue;
      // Dates of symmetric keys have whole seconds.
      expect(Math.abs(Date.parse(row!.created!) - versions[0]!)).toBeLessThan(1000);
      const rotations = db
        .prepare('SELECT at FROM key_rotation WHERE key = ? AND at IS NOT NULL ORDER BY n')
        .pluck()
        .all(id);
      expect(rotations).toHaveLength(versions.length - 1);
    }
  });

  test('takes the list of keys twice, with counts that add up', async () => {
    const sandbox = await vaultFor();
    const { db } = await deriveVaultSample(sandbox);
    const lists = db
      .prepare('SELECT region, label, items, complete FROM listing ORDER BY region, label')
      .all();
    expect(lists).toEqual(
      ['logistics/transit 2', 'root/payments-transit 2', 'root/transit 11'].flatMap((text) => {
        const [region, items] = text.split(' ');
        return ['end', 'start'].map((label) => ({ region, label, items: Number(items), complete: 1 }));
      }),
    );
  });

  test('ties every exchange to the request id of the server’s own audit log', async () => {
    const sandbox = await vaultFor();
    const { db } = await collectVaultSample(sandbox);
    const withId = [...entries(db, 'exchange', { op: 'vault.transit.ReadKey' })].filter(
      ({ facts }) => facts.outcome === 'ok',
    );
    for (const { facts } of withId) expect(facts.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(withId.map(({ facts }) => facts.requestId)).size).toBe(withId.length);
  });

  test('signs in with AppRole and with a password, and keeps neither secret nor token', async () => {
    for (const from of ['approle', 'userpass'] as const) {
      const sandbox = await vaultFor();
      const login =
        from === 'approle'
          ? { from, mount: 'approle', roleId: sandbox.approle.roleId }
          : { from, mount: 'userpass', username: sandbox.userpass.username };
      const secret = from === 'approle' ? sandbox.approle.secretId : sandbox.userpass.password;
      const { db, result } = await collectVaultSample(
        sandbox,
        { sources: [vaultSampleSource(sandbox, { login })] },
        secret,
      );
      expect(result.state).toBe('complete-with-gaps');
      db.pragma('wal_checkpoint(TRUNCATE)');
      const stored = readFileSync(db.name, 'latin1');
      expect(stored).not.toContain(secret);
      for (const token of sandbox.world.tokens.keys()) expect(stored).not.toContain(token);
      for (const { facts } of entries(db, 'exchange')) {
        if (/Login|LookupSelf/.test(facts.op))
          expect([facts.bodyClass, facts.bodyBytes]).toEqual(['none', null]);
      }
    }
  });

  test('goes on after a refused token where it stopped, and asks nothing twice', async () => {
    const sandbox = await vaultFor();
    const open = newEngagement();
    const first = await collectSnapshot(
      vaultOptions(sandbox, { writer: open.writer, credentialsFor: () => ({ vault: given('hvs.nobody') }) }),
    );
    expect(first.state).toBe('stopped');
    expect(first.stopped[0]).toMatchObject({ code: 'CREDENTIALS' });
    const stop = new AbortController();
    const interrupted = await collectSnapshot(
      vaultOptions(sandbox, {
        writer: open.writer,
        resume: first.snapshotId,
        signal: stop.signal,
        onProgress: (event) => {
          if (event.kind === 'operation' && event.op === 'vault.transit.ReadKey') stop.abort();
        },
      }),
    );
    expect(interrupted.state).toBe('cancelled');
    const before = ops(open.db).length;
    const last = await collectSnapshot(
      vaultOptions(sandbox, { writer: open.writer, resume: first.snapshotId }),
    );
    expect(last.state).toBe('complete-with-gaps');
    const answered = new Map<string, number>();
    for (const { facts, values } of entries(open.db, 'exchange')) {
      if (facts.outcome !== 'ok' || facts.label.startsWith('run-')) continue;
      const call = [facts.op, facts.scope, facts.label, values.params].join(' ');
      answered.set(call, (answered.get(call) ?? 0) + 1);
    }
    expect([...answered].filter(([, times]) => times > 1)).toEqual([]);
    expect(ops(open.db).length).toBeGreaterThan(before);
  });

  test('backs off when the server limits the rate, and still has everything', async () => {
    const sandbox = await vaultFor({ throttle: { every: 7, retryAfterSeconds: 1 } });
    const { db, result } = await collectVaultSample(sandbox);
    expect(gapsOfCalls(result).map(({ code }) => code)).toEqual(['PermissionDenied']);
    const limited = [...entries(db, 'exchange')].filter(({ facts }) => facts.errorCode === 'RateLimited');
    expect(limited.length).toBeGreaterThan(5);
  });

  test('reads OpenBao: what it does not have is not applicable, versions of hmac keys are not known', async () => {
    const sandbox = await vaultFor({ product: 'openbao' });
    const { db, result } = await deriveVaultSample(sandbox);
    expect(gapsOfCalls(result).map(({ subject }) => subject)).toEqual([
      '{"path":"transit/keys/customs-broker"}',
    ]);
    const setting = (kind: string) =>
      db.prepare('SELECT status FROM cluster_setting WHERE kind = ?').pluck().get(kind);
    expect(setting('license')).toBe('absent');
    expect(setting('barrier rotation')).toBe('set');
    const hmac = db
      .prepare(
        `SELECT s.value FROM key_setting s JOIN key k ON k.id = s.key
          WHERE s.name = 'version_dates_known' AND k.native_id = 'transit/keys/webhook-mac'`,
      )
      .pluck()
      .get();
    expect(hmac).toBe('false');
  });

  test('says what a sealed server needs, and leaves the snapshot to be resumed', async () => {
    const sandbox = await vaultFor({ state: 'sealed' });
    const { result } = await collectVaultSample(sandbox);
    expect(result.state).toBe('stopped');
    expect(result.stopped[0]).toMatchObject({ code: 'UNAVAILABLE' });
    expect(result.stopped[0]!.message).toContain('sealed');
  });

  test('collects from a standby node', async () => {
    const sandbox = await vaultFor({ state: 'standby' });
    const { result } = await collectVaultSample(sandbox);
    expect(result.state).toBe('complete-with-gaps');
  });

  test('notes the namespaces and mounts that the source leaves out', async () => {
    const sandbox = await vaultFor();
    const source = vaultSampleSource(sandbox, { namespaces: ['root'], mounts: ['transit'] });
    const { db, result } = await deriveVaultSample(sandbox, { sources: [source] });
    expect(
      result.gaps
        .filter(({ code }) => code.endsWith('-not-collected'))
        .map(({ scope, code }) => [scope.split('/')[1], code]),
    ).toEqual([
      ['logistics', 'namespace-not-collected'],
      ['root', 'mount-not-collected'],
      ['root', 'mount-not-collected'],
      ['root', 'mount-not-collected'],
    ]);
    expect(db.prepare('SELECT DISTINCT region FROM key').pluck().all()).toEqual(['root/transit']);
  });
});

describe('a token goes to one server only', () => {
  test('a redirect is not followed, and the source stops with the reason', async () => {
    const heard: string[] = [];
    const other = createServer((request, response) => {
      heard.push(String(request.headers['x-vault-token']));
      response.end('{}');
    });
    const redirecting = createServer((_request, response) => {
      const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/sys/health`;
      response.writeHead(307, { location: to }).end();
    });
    for (const server of [other, redirecting]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
    }
    const sandbox = await vaultFor();
    const address = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    const { db, result } = await collectVaultSample(sandbox, {
      sources: [vaultSampleSource(sandbox, { address })],
    });
    expect(result.stopped[0]!.message).toContain('points to another server');
    expect(heard).toEqual([]);
    const [asked] = [...entries(db, 'exchange')];
    expect(asked!.facts).toMatchObject({ op: 'vault.sys.Health', errorCode: 'Redirected' });
  });

  test('the environment of the Vault command line is reported and not used', async () => {
    const set = {
      VAULT_ADDR: 'http://127.0.0.1:1',
      VAULT_SKIP_VERIFY: 'false',
      VAULT_NAMESPACE: 'nowhere',
      VAULT_PREFIX: '/x',
      VAULT_TOKEN: 'hvs.other',
    };
    for (const [name, value] of Object.entries(set)) {
      process.env[name] = value;
      onTestFinished(() => void delete process.env[name]);
    }
    const sandbox = await vaultFor();
    const { db, result } = await collectVaultSample(sandbox);
    expect(result.state).toBe('complete-with-gaps');
    const settings = [...entries(db, 'declaration', { op: 'collect.settings' })].map(
      ({ values }) => values.value!,
    );
    const { value } = JSON.parse(settings[0]!) as { value: { ignoredEnvironment: string[] } };
    expect(value.ignoredEnvironment.filter((name) => name.startsWith('VAULT_'))).toEqual([
      'VAULT_ADDR',
      'VAULT_NAMESPACE',
      'VAULT_PREFIX',
      'VAULT_SKIP_VERIFY',
    ]);
  });

  test('an address without TLS is refused, except the sample’s on this machine', async () => {
    const base = vaultSampleSource({ endpoint: 'http://127.0.0.1:8200' });
    expect(vaultSource.safeParse(base).success).toBe(true);
    expect(vaultSource.safeParse({ ...base, sample: false }).success).toBe(false);
    expect(vaultSource.safeParse({ ...base, address: 'http://vault.example:8200' }).success).toBe(false);
    expect(
      vaultSource.safeParse({ ...base, sample: false, address: 'https://vault.example:8200' }).success,
    ).toBe(true);
    expect(vaultSource.safeParse({ ...base, address: 'https://vault.example:8200/v1' }).success).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { entries } from '../../../db/ledger/read.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import type { VaultSource } from '../../../electron/engagement/vault-source.ts';
import { soughtRows } from '../../../electron/pack/exhibits/vault-sought.ts';
import { auditHash, writeVaultAuditLogs } from '../../../electron/sandbox/vault/index.ts';
import { ROOT_POLICIES } from '../../../electron/sandbox/vault/policy-texts.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { newEngagement } from '../../support/ledger.ts';
import { vaultFor, vaultOptions, vaultSampleSource } from './support.ts';

const ALLOWED = 'path "sys/audit-hash/+" { capabilities = ["update"] }\n';
const ACCESSOR = 'this-accessor-is-not-in-the-log';

/** A collection with audit logs that looks for values; `value` is what the operator answers when asked. */
async function sought(value: string, values: NonNullable<VaultSource['sought']>, policy = ALLOWED) {
  const policies = { 'keywitness-auditor': ROOT_POLICIES['keywitness-auditor']! + policy };
  const sandbox = await vaultFor({ policies });
  const { devices } = await writeVaultAuditLogs(sandbox.world, temporaryFolder(), {});
  const source = vaultSampleSource(sandbox, {
    mounts: ['transit'],
    auditLogs: devices.map(({ path, files }) => ({ device: path, paths: files })),
    sought: values,
  });
  const open = newEngagement();
  await declare(open.writer, { name: 'Ann', email: null }, 'source', source.id, source);
  const asked: string[] = [];
  const options = vaultOptions(sandbox, {
    writer: open.writer,
    sources: [source],
    credentialsFor: () => ({
      vault: {
        secret: (_source, name) => {
          asked.push(name);
          return Promise.resolve(name === 'token' ? sandbox.tokens.auditor : value);
        },
        openPage: () => Promise.resolve(),
      },
    }),
  });
  const result = await collectSnapshot(options);
  return { ...open, sandbox, result, asked, rows: () => [...soughtRows(open.db, result.snapshotId)] };
}

test('a value is found in the log of each device by the hash that the server makes, and is stored nowhere', async () => {
  const { db, rows, asked, sandbox } = await sought(ACCESSOR, [{ label: 'accessor of ci', hash: null }]);
  expect(asked).toContain('value of accessor of ci');
  const exchanges = [...entries(db, 'exchange', { op: 'vault.sys.AuditHash' })];
  expect(exchanges).toHaveLength(2);
  for (const { values } of exchanges)
    expect(Object.keys(JSON.parse(values.params!) as object)).toEqual(['path']);
  expect(rows().map((row) => [row[1], row[2], row[3], row[5]])).toEqual(
    sandbox.world.devices.map((device) => ['accessor of ci', device.path, auditHash(device, ACCESSOR), 0]),
  );
  db.pragma('wal_checkpoint(TRUNCATE)');
  expect(readFileSync(db.name, 'latin1')).not.toContain(ACCESSOR);
});

test('what a hash stands for is tied to names, identities and requests, also without asking the server', async () => {
  const first = await sought('', []);
  // The accessor of some session of billing-batch, as the first device wrote it.
  const kept = [...entries(first.db, 'import')].find(({ facts }) => facts.outcome === 'ok')!;
  const { logRecords } = await import('../../../db/ledger/log-records.ts');
  const text = [...logRecords(first.db, kept.seq)]
    .map(({ raw }) => raw.toString())
    .find((line) => line.includes('"role_name":"billing-batch"'))!;
  const hash = /"accessor":"(hmac-sha256:[0-9a-f]{64})"/.exec(text)![1]!;
  const { rows, db } = await sought('', [{ label: 'batch', hash }]);
  expect([...entries(db, 'exchange', { op: 'vault.sys.AuditHash' })]).toEqual([]);
  const [row] = rows();
  expect(row!.slice(0, 5)).toEqual(['vault', 'batch', '', hash, 'given by Ann']);
  expect(row![5]).toBeGreaterThan(0);
  expect(row![8]).toBe('approle');
  expect(row![10]).toContain('transit/');
});

test('a device that may not be asked is a gap that names the policy line; a value nobody gives is one too', async () => {
  const values = [{ label: 'accessor of ci', hash: null }];
  const denied = await sought(ACCESSOR, values, '');
  expect(denied.result.gaps.filter(({ op }) => op === 'vault.sys.AuditHash').map(({ code }) => code)).toEqual(
    ['PermissionDenied', 'PermissionDenied'],
  );
  const silent = await sought('', values);
  expect(silent.result.gaps.map(({ code }) => code)).toContain('value-not-given');
});

import { beforeAll, describe, expect, test } from 'vitest';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { createEngagementFile } from '../../../db/open.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { analyse } from '../../../electron/engine/analyse.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { startAzureSandbox } from '../../../electron/sandbox/azure/index.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureEngagement, azureOptions, azureSource } from './support.ts';

const BY = { name: 'Ann Auditor', email: null };
interface Row {
  control: string;
  subject: string;
  at: string;
  result: string;
  reason: string;
  cites: string;
}
let rows: Row[] = [];

/** One collection for all tests here: they only read what it gave. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keywitness-test-'));
  const sandbox = await startAzureSandbox({ seed: 'azure-controls', ordinaryKeys: 2 });
  const file = createEngagementFile(join(folder, 'engagement.keywitness'));
  const ingest = openLogIngest({ folder });
  try {
    const writer = new LedgerWriter(file.db);
    await declare(writer, BY, 'engagement', '', azureEngagement(sandbox));
    await declare(writer, BY, 'source', 'azure-sample', azureSource(sandbox));
    await collectSnapshot(azureOptions(sandbox, { writer, ingestLines: ingest.ingestLines }));
    analyse(file.db);
    rows = file.db
      .prepare<[], Row>('SELECT control, subject, at, result, reason, cites FROM test_result')
      .all();
  } finally {
    await ingest.close();
    file.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

/** Results of a control by the last part of their subject. */
function results(control: string, at: 'collection' | 'period' = 'collection'): Map<string, string> {
  const found = rows.filter((row) => row.control === control && row.at === at);
  return new Map(found.map(({ subject, result }) => [subject.split('/').at(-1)!, result]));
}
const reason = (control: string, subject: string): string =>
  rows.find((r) => r.control === control && r.subject.endsWith(subject) && r.at === 'collection')!.reason;

describe('tests of controls with Azure’s own meaning', () => {
  test.each([
    ['rotation-enabled', 'orders-db', 'pass'],
    ['rotation-enabled', 'orders-archive', 'exception'],
    // Notifies and never rotates.
    ['rotation-enabled', 'orders-backup', 'exception'],
    // The data plane is denied, and the control plane shows no policy: a missing permission is never a finding.
    ['rotation-enabled', 'legacy-app', 'undetermined'],
    ['rotation-enabled', 'claims', 'undetermined'],
    // Behind a firewall, and read from the control plane.
    ['rotation-enabled', 'card-vault', 'pass'],
    ['rotation-enabled', 'orders-tls', 'not-applicable'],
    ['rotation-age', 'orders-db', 'pass'],
    ['rotation-age', 'orders-archive', 'exception'],
    ['approved-algorithm', 'orders-db', 'pass'],
    ['approved-algorithm', 'orders-weak', 'exception'],
    ['azure-key-expiry', 'orders-db', 'pass'],
    ['azure-key-expiry', 'orders-archive', 'exception'],
    ['azure-key-expiry', 'orders-expired', 'exception'],
    ['azure-purge-protection', 'mf-orders-prod', 'pass'],
    ['azure-purge-protection', 'mf-billing-prod', 'exception'],
    ['azure-self-grant', 'mf-billing-prod', 'exception'],
    ['azure-self-grant', 'mf-orders-prod', 'not-applicable'],
    ['azure-self-grant', 'mf-ledger-hsm', 'not-applicable'],
    // Given for a time only, and an Owner at the management group is judged with the subscription.
    ['azure-vault-administrators', 'mf-orders-prod', 'pass'],
    ['azure-diagnostics', 'mf-orders-prod', 'pass'],
    ['azure-diagnostics', 'mf-billing-prod', 'exception'],
    ['azure-diagnostics', 'mf-logs-cmk', 'exception'],
    ['azure-diagnostics', 'mf-payments-prod', 'pass'],
    ['azure-log-destination', 'mf-orders-prod', 'evidence-required'],
    ['azure-log-destination', 'mf-billing-prod', 'not-applicable'],
    ['log-coverage', 'mf-orders-prod', 'pass'],
  ])('%s of %s: %s', (control, subject, expected) => {
    expect(results(control).get(subject)).toBe(expected);
  });

  test('reasons name what was found', () => {
    expect(reason('azure-self-grant', 'mf-billing-prod')).toContain('role Contributor');
    expect(reason('azure-diagnostics', 'mf-logs-cmk')).toContain('leave out requests');
    const standing = rows.filter((r) => r.control === 'azure-vault-administrators' && r.at === 'collection');
    const [production] = standing.filter((r) => /Administrator at \/subscriptions/.test(r.reason));
    expect([production!.result, standing.filter((r) => r.result === 'exception').length]).toEqual([
      'exception',
      2,
    ]);
    expect(production!.reason).toMatch(
      /user break-glass@\S+ \(\S+\) through role Owner at .*managementgroups/,
    );
    expect(production!.reason).toMatch(
      /Limited: .*maria\.lopez@\S+ \(\S+\) through eligibility for role Owner/,
    );
    expect(production!.reason).toMatch(/Applications: service-principal platform-pipeline/);
    expect(reason('azure-vault-administrators', 'mf-orders-prod')).toMatch(
      /Limited: user tom\.becker@.* for a time: role/,
    );
    expect(reason('azure-purge-protection', 'mf-billing-prod')).toContain('destroyed at once');
    expect(reason('rotation-enabled', '/keys/legacy-app')).toContain('ForbiddenByPolicy');
  });

  test('retention shorter than policy is an exception, two years of exported files are enough', () => {
    const retention = results('azure-log-retention');
    expect(retention.get('mf-security-logs')).toBe('exception');
    expect(retention.get('mfkeylogs')).toBe('pass');
  });

  test('an alert counts only when it is on and covers the change', () => {
    const alerts = rows.filter((row) => row.control === 'azure-change-alerts' && row.at === 'collection');
    expect(alerts).toHaveLength(2);
    expect(alerts.every(({ result }) => result === 'exception')).toBe(true);
    expect(alerts.some((row) => row.reason.includes('role-changes is off'))).toBe(true);
    expect(
      alerts.some((row) =>
        /Nobody is told of Microsoft\.Authorization\/roleAssignments\/write in/.test(row.reason),
      ),
    ).toBe(true);
  });

  test('questions that only AWS has are not put to Azure, and every result cites the ledger', () => {
    for (const control of ['trail-logging', 'key-change-alerts', 'kms-events-recorded']) {
      expect(results(control).size).toBe(0);
    }
    for (const control of ['key-policy-public', 'grants-unconstrained']) {
      expect(new Set(results(control).values())).toEqual(new Set(['not-applicable']));
    }
    const bare = rows.filter((row) => row.control.startsWith('azure-') && row.cites === '[]');
    expect(bare.filter(({ result }) => result !== 'not-applicable')).toEqual([]);
  });
});

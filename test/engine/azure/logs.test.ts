import { describe, expect, test } from 'vitest';
import type { ReadableDb } from '../../../db/handle.ts';
import { analyse } from '../../../electron/engine/analyse.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import type { AzureSandboxOptions } from '../../../electron/sandbox/azure/index.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { azureEngagement, azureSandboxFor, azureSource, collectAzureSample, exchanges } from './support.ts';

const BY = { name: 'Ann Auditor', email: null };

/** Collects with logs, and analyses. */
async function collected(options: AzureSandboxOptions = {}, usageEventBudget = 2000) {
  const sandbox = await azureSandboxFor(options);
  const ingest = openLogIngest({ folder: temporaryFolder() });
  try {
    const run = await collectAzureSample(sandbox, { ingestLines: ingest.ingestLines, usageEventBudget });
    await declare(run.writer, BY, 'engagement', '', azureEngagement(sandbox));
    await declare(run.writer, BY, 'source', 'azure-sample', azureSource(sandbox));
    analyse(run.db);
    return { ...run, sandbox };
  } finally {
    await ingest.close();
  }
}

const events = (db: ReadableDb): number =>
  db
    .prepare<[], number>(
      `SELECT count(*) FROM usage_event_row r JOIN usage_operation o ON o.id = r.operation
        WHERE o.service = 'Microsoft.KeyVault' AND o.name NOT LIKE '%/%'
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = r.seq AND d.n = r.n)`,
    )
    .pluck()
    .get()!;

const coverage = (db: ReadableDb, vault: string) =>
  db
    .prepare<[string], { state: string; means: string; reason: string; detail: string }>(
      'SELECT state, means, reason, detail FROM coverage WHERE region = ? ORDER BY start',
    )
    .all(vault);

describe('logs of an Azure tenant', () => {
  test('every record of both tables and of the exported files is an event, once', async () => {
    const { db, sandbox } = await collected();
    const { from } = azureEngagement(sandbox).period;
    const recording = new Set(
      sandbox.estate.vaults
        .filter(({ diagnosticSettings }) =>
          diagnosticSettings.some(({ logs }) =>
            logs.some((l) => l.category === 'AuditEvent' || l.categoryGroup),
          ),
        )
        .map(({ id }) => id),
    );
    const written = sandbox.estate.audit.filter(
      (record) => recording.has(record.vaultId) && record.at >= Date.parse(from),
    );
    expect(written.length).toBeGreaterThan(500);
    expect(events(db)).toBe(written.length);
    const files = exchanges(db).filter(({ facts }) => facts.op === 'azure.blob.GetBlob');
    expect(files.length).toBeGreaterThan(100);
    expect(files.every(({ facts }) => facts.lines!.defect === null && facts.lines!.rejected === 0)).toBe(
      true,
    );
    const named = db
      .prepare<[], string>('SELECT DISTINCT key FROM usage_key ORDER BY key')
      .pluck()
      .all()
      .filter((key) => !db.prepare('SELECT 1 FROM key WHERE id = ?').get(key));
    expect(named).toEqual([]);
  });

  test('what is recorded is covered, and what is not says why', async () => {
    const { db } = await collected();
    const states = (vault: string) =>
      coverage(db, vault).map(({ state, reason }) => `${state} ${reason}`.trim());
    expect(states('mf-orders-prod')).toEqual(['covered']);
    expect(states('mf-billing-prod')).toEqual(['gap not logging: no diagnostic setting records use of keys']);
    expect(coverage(db, 'mf-logs-cmk')[0]!.detail).toBe('1 diagnostic setting records other categories');
    // Written inside the period: the first record shows that it was there before.
    expect(states('mf-warehouse-prod').at(-1)).toBe('covered');
    const activity = db
      .prepare<[], string>("SELECT DISTINCT state FROM coverage WHERE region = 'global'")
      .pluck()
      .all();
    expect(activity).toEqual(['changes only']);
  });

  test('a query answered in part is halved, then a gap; too many rows are split first', async () => {
    const partial = await collected({ logs: { partialFailure: true } });
    const gaps = partial.result.gaps.filter(({ code }) => code === 'log-query-partial');
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps[0]!.remedy).toContain('partial');
    expect(coverage(partial.db, 'mf-orders-prod').some(({ state }) => state === 'gap')).toBe(true);
  });

  test('beyond the event budget the rest is counted and named, not read', async () => {
    const { result, db } = await collected({}, 1);
    const said = result.gaps.filter(({ code }) => code === 'event-budget-reached');
    expect(said).toEqual([]);
    const none = await collected({}, 0);
    const unread = none.result.gaps.filter(({ code }) => code === 'event-budget-reached');
    expect(unread.length).toBeGreaterThan(0);
    expect(unread[0]!.message).toMatch(/\d+ more records were counted and not read/);
    expect(events(db)).toBeGreaterThan(events(none.db));
  });

  test('changes of keys, vaults and roles stand in the change timeline', async () => {
    const { db } = await collected();
    const changes = db
      .prepare<[], string>("SELECT DISTINCT event || ' ' || setting FROM setting_change ORDER BY 1")
      .pluck()
      .all();
    for (const expected of [
      'KeyDelete state',
      'KeyRotate material',
      'Microsoft.Authorization/roleAssignments/write iam',
      'Microsoft.Insights/diagnosticSettings/write diagnostics',
      'Microsoft.KeyVault/vaults/accessPolicies/write policy',
    ]) {
      expect(changes).toContain(expected);
    }
  });
});

describe('access to keys of an Azure tenant', () => {
  test('paths name role and scope, and facts tell who can give itself access', async () => {
    const { db } = await collected();
    const paths = db
      .prepare<[], { via: string; access: string }>(
        "SELECT via, access FROM access_path WHERE key LIKE '%/keys/orders-db'",
      )
      .all();
    expect(paths.some(({ via, access }) => access === 'use' && via.includes('role Key Vault Crypto'))).toBe(
      true,
    );
    const facts = (kind: string) =>
      db
        .prepare<[string], { subject: string; how: string }>(
          'SELECT subject, how FROM access_fact WHERE kind = ?',
        )
        .all(kind);
    const granting = facts('self-grant').map(({ subject }) => subject.split('/').at(-1));
    expect(new Set(granting)).toEqual(new Set(['mf-billing-prod', 'mf-legacy-apps']));
    expect(facts('self-grant').some(({ how }) => how.includes('role Contributor'))).toBe(true);
    const administrators = [...facts('vault-administrator'), ...facts('vault-administrator-limited')].map(
      ({ how }) => how,
    );
    expect(administrators.some((how) => how.startsWith('role Owner'))).toBe(true);
    expect(administrators.some((how) => how.startsWith('eligibility for role Owner'))).toBe(true);
    // The managed application's deny assignment takes data actions from everybody else.
    const claims = db
      .prepare<[], number>(
        "SELECT count(*) FROM access_path WHERE key LIKE '%/keys/claims' AND access = 'use'",
      )
      .pluck()
      .get();
    expect(claims).toBe(0);
    const cites = db
      .prepare<[], string>("SELECT cites FROM access_evidence WHERE key LIKE '%/keys/orders-db'")
      .pluck()
      .get()!;
    expect((JSON.parse(cites) as number[]).length).toBeGreaterThan(4);
  });
});

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import { rebuildEvents } from '../../../electron/logs/derive-events.ts';
import { importIntoEngagement } from '../../../electron/engine/import-engagement.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ID = '/subscriptions/0b1c/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/contoso';
const KID = 'https://contoso.vault.azure.net/keys/orders';
const ROLE = '/subscriptions/0b1c/providers/Microsoft.Authorization';
const attributes = (created: string) => ({ created, enabled: true, expires: '2027-03-01T00:00:00+00:00' });

/** What each command prints, by the names of the files. */
const FILES: Record<string, unknown> = {
  // Without settings, as some versions list; its file comes before that of `show`.
  'a-vaults.json': [{ id: ID, name: 'contoso', location: 'westeurope', type: 'Microsoft.KeyVault/vaults' }],
  'b-vault.json': {
    ...{ id: ID, name: 'contoso', location: 'westeurope', type: 'Microsoft.KeyVault/vaults' },
    properties: { vaultUri: 'https://contoso.vault.azure.net/', enableRbacAuthorization: true },
  },
  'keys.json': [
    { kid: KID, name: 'orders', managed: null, attributes: attributes('2026-01-01T00:00:00+00:00') },
  ],
  'key.json': {
    attributes: attributes('2026-03-01T00:00:00+00:00'),
    key: { kid: `${KID}/v2`, kty: 'EC', crv: 'P-256', keyOps: ['sign', 'verify'] },
    managed: null,
  },
  'versions.json': [
    { kid: `${KID}/v2`, name: 'orders', attributes: attributes('2026-03-01T00:00:00+00:00') },
    { kid: `${KID}/v1`, name: 'orders', attributes: attributes('2026-01-01T00:00:00+00:00') },
  ],
  'rotation-policy_contoso_orders.json': {
    expiryTime: 'P1Y',
    lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P90D', timeBeforeExpiry: null }],
  },
  'assignments.json': [
    {
      ...{ id: `${ROLE}/roleAssignments/a1`, name: 'a1', principalId: 'p1', principalType: 'User' },
      ...{ scope: '/subscriptions/0b1c', roleDefinitionId: `${ROLE}/roleDefinitions/d1` },
    },
  ],
  'definitions.json': [
    {
      ...{ id: `${ROLE}/roleDefinitions/d1`, name: 'd1', roleName: 'Key reader', roleType: 'CustomRole' },
      permissions: [{ actions: ['Microsoft.KeyVault/vaults/keys/read'], notActions: [], dataActions: [] }],
    },
  ],
  'diagnostic.json': [
    {
      ...{ id: `${ID}/providers/microsoft.insights/diagnosticSettings/audit`, name: 'audit' },
      ...{ workspaceId: '/subscriptions/0b1c/w', logs: [{ categoryGroup: 'audit', enabled: true }] },
    },
  ],
  'rows.json': [
    {
      ...{ TimeGenerated: '2026-02-01T00:00:00Z', OperationName: 'KeySign', CorrelationId: 'c1' },
      ...{ ResourceProvider: 'MICROSOFT.KEYVAULT', _ResourceId: ID, id_s: `${KID}/v1` },
    },
  ],
  'activity.json': [
    {
      ...{ eventTimestamp: '2026-04-01T00:00:00.1234567Z', resourceId: ID, caller: 'ann@contoso.com' },
      ...{ operationName: { value: 'Microsoft.KeyVault/vaults/write' }, status: { value: 'Succeeded' } },
      ...{ eventDataId: 'e1', correlationId: 'c9' },
    },
  ],
  'rotation-policy.json': { lifetimeActions: [], expiryTime: null },
  'empty.json': [],
  'partial.json': {
    tables: [
      {
        columns: ['TimeGenerated', 'OperationName', '_ResourceId', 'Id'].map((name) => ({ name })),
        rows: [['2026-02-10T00:00:00Z', 'KeySign', ID, `${KID}/v1`]],
      },
    ],
    error: { code: 'PartialError', message: 'There were some errors when processing your query.' },
  },
  'other.json': [{ id: '/subscriptions/0b1c/resourceGroups/rg', type: 'Microsoft.Resources/resourceGroups' }],
};

/** "Export to CSV" of the portal: whole, and at the number of rows where the portal stops. */
const row = (day: number) => `"6/${day}/2026, 1:00:00.000 AM",KeySign,${ID},${KID}/v1,"two\r\nlines"`;
const csv = (days: readonly number[]): string =>
  ['\ufeff"TimeGenerated [UTC]",OperationName,"_ResourceId",Id,ResultDescription', ...days.map(row), ''].join(
    '\r\n',
  );
const CSV_FILES: Record<string, string> = {
  'query_data.csv': csv([13, 14, 20]),
  'cut.csv': csv(Array.from({ length: 1000 }, (_, i) => 21 + (i % 3))),
};

test('what the Azure CLI saved becomes keys, versions, policy, roles, log routes and events', async () => {
  const folder = temporaryFolder();
  for (const [name, value] of Object.entries(FILES)) writeFileSync(join(folder, name), JSON.stringify(value));
  for (const [name, text] of Object.entries(CSV_FILES)) writeFileSync(join(folder, name), text);
  const file = createEngagementFile(join(temporaryFolder(), 'e.keywitness'));
  try {
    const { db } = file;
    const work = { db, writer: new LedgerWriter(db) };
    const ann = { name: 'Ann', email: null };
    await declare(work.writer, ann, 'engagement', '', {
      ...{ client: 'Contoso', criteria: ['CC6.1'], mode: 'management', type: 2, sample: false },
      period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
      parameters: defaultParameters,
    });
    const summary = await importIntoEngagement(work, {
      paths: [folder],
      operator: ann,
      signer: null,
      timestamp: null,
    });
    const all = (sql: string): unknown[] => db.prepare(sql).raw().all();

    expect(summary.rejected.map(({ path, reason }) => [basename(path), reason.slice(0, 24)])).toEqual([
      ['empty.json', 'it is an empty list, whi'],
      ['other.json', 'it is a list, but not of'],
      ['rotation-policy.json', 'the answer of "az keyvau'],
    ]);
    expect(
      all('SELECT id, account, region, algorithm, usage, rotation_enabled, rotation_period_days FROM key'),
    ).toEqual([[KID, '0b1c', 'contoso', 'ECC_NIST_P256', 'SIGN_VERIFY', 1, 90]]);
    expect(all('SELECT material, at, valid_to, basis FROM key_rotation ORDER BY n')).toEqual([
      ['v1', null, '2027-03-01T00:00:00.000Z', 'client-provided'],
      ['v2', '2026-03-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z', 'client-provided'],
    ]);
    expect(all('SELECT kind, name, account FROM principal ORDER BY kind')).toEqual([
      ['role assignment', 'p1', '0b1c'],
      ['role definition', 'Key reader', '0b1c'],
    ]);
    expect(all('SELECT subject, key_events FROM log_route')).toEqual([[ID.toLowerCase(), 'all']]);
    expect(
      all(
        'SELECT s.kind, count(*) FROM usage_event_row r JOIN usage_source s ON s.seq = r.seq GROUP BY r.seq',
      ),
    ).toEqual([
      ['imported-lookup', 1],
      ['imported-log-file', 1000],
      ['imported-lookup', 1],
      ['imported-log-file', 3],
      ['imported-lookup', 1],
    ]);
    // What the files cover: whole ones from their first row to their last, those that may lack rows nothing.
    const iso = (ms: unknown) => new Date(ms as number).toISOString().slice(0, 10);
    const covered = (
      all(`SELECT region, start, state, means, reason FROM coverage ORDER BY region, start`) as unknown[][]
    )
      .filter(([, , state, , reason]) => state !== 'gap' || String(reason).includes('lack rows'))
      .map(([region, start, state, means, reason]) => [
        region,
        iso(start),
        state,
        means,
        String(reason).slice(0, 60),
      ]);
    expect(covered).toEqual([
      ['contoso', '2026-02-01', 'covered', 'imported records', ''],
      ['contoso', '2026-02-10', 'gap', '', 'an imported file may lack rows: Azure answered in part only '],
      ['contoso', '2026-06-13', 'covered', 'imported records', ''],
      ['contoso', '2026-06-21', 'gap', '', 'an imported file may lack rows: it holds exactly 1,000 rows,'],
      ['global', '2026-04-01', 'changes only', 'imported activity log', 'it tells changes, not uses'],
    ]);
    expect(all(`SELECT message FROM gap WHERE reason = 'defective-file' ORDER BY n`)).toEqual([
      [expect.stringMatching(/exactly 1,000 rows/)],
      [expect.stringMatching(/PartialError: There were some errors/)],
    ]);
    // What was not read is no finding; a vault without settings is not one without purge protection.
    const results = all(
      `SELECT control, result FROM test_result WHERE at = 'collection' AND control LIKE 'azure-%' ORDER BY control`,
    );
    expect((results as unknown[][]).filter(([, result]) => result === 'exception')).toEqual([
      ['azure-purge-protection', 'exception'],
    ]);
    const before = all('SELECT * FROM usage_event_row ORDER BY seq, n, k');
    rebuildEvents(db);
    expect(all('SELECT * FROM usage_event_row ORDER BY seq, n, k')).toEqual(before);
  } finally {
    file.close();
  }
});

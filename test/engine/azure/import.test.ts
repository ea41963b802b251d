import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
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
  'rotation-policy.json': { lifetimeActions: [], expiryTime: null },
  'empty.json': [],
  'other.json': [{ id: '/subscriptions/0b1c/resourceGroups/rg', type: 'Microsoft.Resources/resourceGroups' }],
};

test('what the Azure CLI saved becomes keys, versions, policy, roles, log routes and events', async () => {
  const folder = temporaryFolder();
  for (const [name, value] of Object.entries(FILES)) writeFileSync(join(folder, name), JSON.stringify(value));
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
    expect(all('SELECT count(*) FROM usage_event_row')).toEqual([[1]]);
  } finally {
    file.close();
  }
});

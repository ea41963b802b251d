import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { evaluateAzureAccess } from '../../../electron/access/azure/access-paths.ts';
import type {
  AzureVault,
  DenyAssignment,
  RoleAssignment,
  RoleDefinition,
  ScheduleInstance,
} from '../../../electron/access/azure/model.ts';
import { AUDITOR_PERMISSION } from '../../../electron/sandbox/azure/auditor-rights.ts';
import {
  startAzureSandbox,
  type AzureSandbox,
  type AzureSandboxOptions,
} from '../../../electron/sandbox/azure/index.ts';
import { AS_OF, clients, refusal } from './clients.ts';

let sandbox: AzureSandbox;
let auditor: ReturnType<typeof clients>;
let sub: string;
beforeAll(async () => {
  sandbox = await startAzureSandbox({ asOf: AS_OF, armPageSize: 3 });
  auditor = clients(sandbox.azure);
  sub = `/subscriptions/${sandbox.azure.subscriptions[0]!.id}`;
});
afterAll(() => sandbox.close());

const opened: AzureSandbox[] = [];
const start = async (options: AzureSandboxOptions): Promise<AzureSandbox> => {
  const made = await startAzureSandbox({ asOf: AS_OF, ...options });
  opened.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((s) => s.close()));
});

const KV = '2026-02-01';
const AUTH = '2022-04-01';
const vaultId = (name: string): string => sandbox.estate.vaults.find((v) => v.name === name)!.id;

describe('Resource Manager', () => {
  it('lists tenants, both subscriptions and resource groups', async () => {
    expect((await auditor.all('/tenants', '2022-12-01')).items).toMatchObject([
      { tenantId: sandbox.azure.tenantId },
    ]);
    const { items } = await auditor.all('/subscriptions', '2022-12-01');
    expect(items.map(({ displayName }) => displayName)).toEqual(['meridian-production', 'meridian-security']);
    const groups = await auditor.all(`${sub}/resourcegroups`, '2022-12-01');
    expect([groups.items.length, groups.pages]).toEqual([7, 3]);
  });
  it('lists living vaults over nextLink, deleted ones and managed HSMs each in their own list', async () => {
    const vaults = await auditor.all(`${sub}/providers/Microsoft.KeyVault/vaults`, KV);
    expect(vaults.pages).toBe(2);
    expect(vaults.items.map(({ name }) => name)).toEqual([
      'mf-orders-prod',
      'mf-billing-prod',
      'mf-payments-prod',
      'mf-warehouse-prod',
      'mf-legacy-apps',
      'mf-claims',
    ]);
    const deleted = await auditor.all(`${sub}/providers/Microsoft.KeyVault/deletedVaults`, KV);
    expect(deleted.items).toMatchObject([
      { name: 'mf-orders-old', properties: { purgeProtectionEnabled: true } },
    ]);
    const hsms = await auditor.all(`${sub}/providers/Microsoft.KeyVault/managedHSMs`, KV);
    expect(hsms.items).toMatchObject([
      { name: 'mf-ledger-hsm', properties: { hsmUri: `${sandbox.azure.vaults['mf-ledger-hsm']}/` } },
    ]);
    expect((await auditor.all(`${sub}/providers/Microsoft.KeyVault/deletedManagedHSMs`, KV)).items).toEqual(
      [],
    );
  });
  it('shows a vault with its access model, and refuses other api-versions', async () => {
    const billing = await auditor.arm(vaultId('mf-billing-prod'), KV);
    expect(billing.body['properties']).toMatchObject({
      enableRbacAuthorization: null,
      softDeleteRetentionInDays: 90,
    });
    expect((await auditor.arm(vaultId('mf-billing-prod'), '2023-07-01')).code).toBe(
      'InvalidApiVersionParameter',
    );
    expect((await auditor.arm(`${vaultId('mf-billing-prod')}x`, KV)).code).toBe('ResourceNotFound');
  });
  it('shows the keys of a firewalled vault through the control plane, with rotation policy and versions', async () => {
    const id = vaultId('mf-payments-prod');
    const [listed] = (await auditor.all(`${id}/keys`, KV)).items;
    expect(listed).toMatchObject({ name: 'card-vault' });
    expect(listed!['properties']).not.toHaveProperty('rotationPolicy');
    const key = await auditor.arm(`${id}/keys/card-vault`, KV);
    expect(key.body['properties']).toMatchObject({
      kty: 'RSA-HSM',
      keySize: 4096,
      rotationPolicy: { lifetimeActions: [{ action: { type: 'rotate' } }, { action: { type: 'notify' } }] },
    });
    expect((await auditor.all(`${id}/keys/card-vault/versions`, KV)).items.length).toBe(2);
    expect((await auditor.arm(`${id}/privateEndpointConnections`, KV)).body.value!.length).toBe(1);
  });
  it('lists role assignments at, above and below a scope, or without those below', async () => {
    const path = '/providers/Microsoft.Authorization/roleAssignments';
    const scopes = (items: Record<string, unknown>[]) =>
      items.map(({ properties }) => (properties as { scope: string }).scope);
    const all = scopes((await auditor.all(`${sub}${path}`, AUTH)).items);
    expect(all.some((scope) => scope.includes('/keys/'))).toBe(true);
    expect(all.some((scope) => scope.includes('managementGroups'))).toBe(true);
    expect(all.some((scope) => scope.includes(sandbox.azure.subscriptions[1]!.id))).toBe(false);
    const orders = scopes(
      (await auditor.all(`${vaultId('mf-orders-prod')}${path}`, AUTH, '&$filter=atScope()')).items,
    );
    expect(orders.some((scope) => scope.includes('/keys/'))).toBe(false);
    expect(orders).toContain(vaultId('mf-orders-prod'));
    expect((await auditor.arm(`${sub}${path}`, AUTH, "&$filter=anything eq 'x'")).code).toBe(
      'UnsupportedQuery',
    );
  });
  it('shows diagnostic settings with categories and category groups', async () => {
    const settings = async (name: string) =>
      (
        await auditor.arm(
          `${vaultId(name)}/providers/Microsoft.Insights/diagnosticSettings`,
          '2021-05-01-preview',
        )
      ).body.value!;
    expect(await settings('mf-billing-prod')).toEqual([]);
    expect(await settings('mf-orders-prod')).toMatchObject([
      {
        properties: {
          logAnalyticsDestinationType: 'Dedicated',
          logs: [{ category: 'AuditEvent', categoryGroup: null, enabled: true }],
        },
      },
    ]);
    expect((await settings('mf-warehouse-prod')).length).toBe(2);
  });
  it('accepts only the documented activity log filters, within 90 days', async () => {
    const path = `${sub}/providers/Microsoft.Insights/eventtypes/management/values`;
    const ask = (filter: string) => auditor.arm(path, '2015-04-01', `&$filter=${encodeURIComponent(filter)}`);
    const found = await ask(
      "eventTimestamp ge '2026-09-01T00:00:00Z' and eventTimestamp le '2026-11-24T00:00:00Z' and resourceProvider eq 'Microsoft.Authorization'",
    );
    expect(found.body.value!.length).toBeGreaterThan(3);
    expect(
      new Set(found.body.value!.map(({ operationName }) => (operationName as { value: string }).value)),
    ).toEqual(new Set(['Microsoft.Authorization/roleAssignments/write']));
    expect((await ask("eventTimestamp ge '2026-08-01T00:00:00Z'")).code).toBe('BadRequest');
    expect((await ask("caller eq 'x' and eventTimestamp ge '2026-11-01T00:00:00Z'")).code).toBe('BadRequest');
  });
  it('shows the workspace and how long its tables keep', async () => {
    const { id } = sandbox.estate.workspace;
    expect((await auditor.arm(id, '2023-09-01')).body['properties']).toMatchObject({
      customerId: sandbox.azure.workspaceId,
    });
    expect((await auditor.arm(`${id}/tables/AZKVAuditLogs`, '2023-09-01')).body['properties']).toMatchObject({
      totalRetentionInDays: 180,
    });
  });
});

describe('who may ask', () => {
  it('a client without roles sees no subscription and is refused by name of action', async () => {
    const nobody = clients(sandbox.azure, sandbox.azure.signIns.nobody);
    expect((await nobody.all('/subscriptions', '2022-12-01')).items).toEqual([]);
    const reply = await nobody.arm(`${sub}/providers/Microsoft.KeyVault/vaults`, KV);
    expect([reply.status, reply.code]).toEqual([403, 'AuthorizationFailed']);
    expect(reply.text).toContain("'Microsoft.KeyVault/vaults/read'");
  });
  it('one permission taken from the collector is one refusal', async () => {
    const without = 'Microsoft.Insights/DiagnosticSettings/Read';
    const permission = {
      ...AUDITOR_PERMISSION,
      actions: AUDITOR_PERMISSION.actions!.filter((a) => a !== without),
    };
    const other = await start({ auditor: { permission } });
    const client = clients(other.azure);
    expect((await client.arm(vaultId('mf-orders-prod'), KV)).status).toBe(200);
    const reply = await client.arm(
      `${vaultId('mf-orders-prod')}/providers/Microsoft.Insights/diagnosticSettings`,
      '2021-05-01-preview',
    );
    expect([reply.status, reply.text.includes(without)]).toEqual([403, true]);
  });
  it('the evaluator reads what the servers answer, and says the same', async () => {
    const list = async <T>(kind: string, version = AUTH): Promise<T[]> =>
      (await auditor.all(`${sub}/providers/Microsoft.Authorization/${kind}`, version)).items as T[];
    const vaults = (await auditor.all(`${sub}/providers/Microsoft.KeyVault/vaults`, KV))
      .items as unknown as AzureVault[];
    const orders = vaultId('mf-orders-prod');
    const legacy = vaultId('mf-legacy-apps');
    const access = evaluateAzureAccess({
      subscriptions: [
        {
          subscriptionId: sandbox.azure.subscriptions[0]!.id,
          tenantId: sandbox.azure.tenantId,
          roleDefinitions: await list<RoleDefinition>('roleDefinitions'),
          roleAssignments: await list<RoleAssignment>('roleAssignments'),
          denyAssignments: await list<DenyAssignment>('denyAssignments'),
          eligibilities: await list<ScheduleInstance>('roleEligibilityScheduleInstances', '2020-10-01'),
          activeInstances: await list<ScheduleInstance>('roleAssignmentScheduleInstances', '2020-10-01'),
        },
      ],
      vaults,
      keys: [
        { id: 'archive', vaultId: orders, name: 'orders-archive' },
        { id: 'legacy', vaultId: legacy, name: 'legacy-app' },
      ],
      directory: sandbox.estate.directory,
      at: AS_OF,
    });
    const holders = (key: string, cls: string, type?: string): string[] =>
      [
        ...new Set(
          [...access.paths()]
            .filter(
              (p) =>
                p.key === key &&
                p.right.class === cls &&
                (type === undefined || p.via.some((s) => s.type === type)),
            )
            .map((p) => /([\w.-]+)(?:[@_]\S*)?(?: \(account disabled\))?$/.exec(p.principal.kindReason)![1]!),
        ),
      ].sort();
    expect(holders('archive', 'use')).toEqual([
      'jonas.keller',
      'lena.fischer',
      'maria.lopez',
      'orders-api',
      'platform-pipeline',
      'priya.nair',
      'sam.contractor',
      'tom.becker',
    ]);
    expect(holders('archive', 'use', 'role-activation')).toEqual(['tom.becker']);
    expect(holders('archive', 'grant', 'role-eligibility')).toEqual(['maria.lopez']);
    expect(holders('legacy', 'use')).toEqual(['tom.becker']);
    expect(holders('legacy', 'grant')).toEqual([
      'break-glass',
      'infrastructure-deployer',
      'maria.lopez',
      'platform-pipeline',
    ]);
    expect(access.issues.filter(({ code }) => code !== 'members-missing')).toEqual([]);
  });
});

describe('logs', () => {
  const COUNT =
    '| where TimeGenerated >= datetime(2026-10-01) and TimeGenerated < datetime(2026-10-02) | count';
  const first = (reply: { body: Record<string, unknown> }) =>
    (reply.body['tables'] as { columns: { name: string }[]; rows: unknown[][] }[])[0]!;
  it('are in the table that the diagnostic setting writes: count first, then as many rows', async () => {
    const count = first(await auditor.logs(`AZKVAuditLogs ${COUNT}`)).rows[0]![0];
    const day = [Date.parse('2026-10-01'), Date.parse('2026-10-02')] as const;
    const dedicated = ['mf-orders-prod', 'mf-payments-prod', 'mf-ledger-hsm'];
    const truth = sandbox.estate.audit.filter(
      ({ at, vaultName }) => at >= day[0] && at < day[1] && dedicated.includes(vaultName),
    );
    expect(truth.length).toBeGreaterThanOrEqual(15);
    expect(count).toBe(truth.length);
    const rows = first(
      await auditor.logs(
        'AZKVAuditLogs | order by TimeGenerated asc',
        '2026-10-01T00:00:00Z/2026-10-02T00:00:00Z',
      ),
    );
    expect(rows.rows.length).toBe(count);
    expect(rows.columns.map(({ name }) => name)).toContain('CorrelationId');
    const diagnostics = first(
      await auditor.logs(
        "AzureDiagnostics | where ResourceProvider == 'MICROSOFT.KEYVAULT' | summarize n = count()",
      ),
    );
    expect(diagnostics.rows[0]![0]).toBeGreaterThan(400);
    expect((await auditor.logs('Heartbeat | count')).status).toBe(400);
    expect((await auditor.logs('AZKVAuditLogs | evaluate x()')).status).toBe(400);
  });
  it('over the row limit, or failing partially, say so beside the rows', async () => {
    const small = clients((await start({ logs: { maxRows: 100 } })).azure);
    const cut = await small.logs('AZKVAuditLogs');
    expect([cut.status, cut.code, first(cut).rows.length]).toEqual([200, 'PartialError', 100]);
    const partial = clients((await start({ logs: { partialFailure: true } })).azure);
    expect((await partial.logs('AZKVAuditLogs | count')).code).toBeUndefined();
    expect((await partial.logs('AZKVAuditLogs')).code).toBe('PartialError');
  });
  it('are in hourly blobs of the storage account, one record a line', async () => {
    const list = await auditor.blob('/insights-logs-auditevent?restype=container&comp=list&maxresults=2');
    const names = [...list.text.matchAll(/<Name>([^<]+)/g)].map(([, name]) => name!);
    expect(names.length).toBe(2);
    const marker = /<NextMarker>([^<]+)/.exec(list.text)![1]!;
    const next = await auditor.blob(
      `/insights-logs-auditevent?restype=container&comp=list&maxresults=2&marker=${encodeURIComponent(marker)}`,
    );
    expect(next.text).toContain(`<Name>${marker}</Name>`);
    expect(names[0]).toMatch(
      /^resourceId=\/SUBSCRIPTIONS\/.+\/y=\d{4}\/m=\d\d\/d=\d\d\/h=\d\d\/m=00\/PT1H\.json$/,
    );
    const blob = await auditor.blob(`/insights-logs-auditevent/${encodeURI(names[0]!)}`);
    const lines = blob.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { category: string });
    expect(lines.every(({ category }) => category === 'AuditEvent')).toBe(true);
    expect((await auditor.blob('/insights-logs-auditevent/none')).status).toBe(404);
  });
});

describe('behaviour', () => {
  it('the same seed gives the same company, another does not', async () => {
    const strip = (s: AzureSandbox) =>
      JSON.stringify({ ...s.estate, directory: [...s.estate.directory.members] });
    expect(strip(await start({}))).toBe(strip(sandbox));
    expect(strip(await start({ seed: 'other' }))).not.toBe(strip(sandbox));
  });
  it('too many requests are refused with Retry-After', async () => {
    const client = clients(
      (await start({ quotas: { 'arm.ListSubscriptions': 1, 'keyvault.GetKey': 1 } })).azure,
    );
    await client.arm('/subscriptions', '2022-12-01');
    const reply = await client.arm('/subscriptions', '2022-12-01');
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, '1']);
    const keys = client.keys('mf-orders-prod');
    expect(await refusal(keys.getKey('orders-db'))).toBe('answered');
    expect(await refusal(keys.getKey('orders-db'))).toBe('429 TooManyRequests');
  });
  it('ordered failures come when they were ordered', async () => {
    const failures = [
      { operation: 'arm.ListSubscriptions', call: 1, how: 'error-500' as const },
      { operation: 'arm.ListSubscriptions', call: 2, how: 'drop' as const },
    ];
    const client = clients((await start({ failures })).azure);
    expect((await client.arm('/subscriptions', '2022-12-01')).status).toBe(500);
    expect(await refusal(client.arm('/subscriptions', '2022-12-01'))).toContain('ECONNRESET');
    expect((await client.arm('/subscriptions', '2022-12-01')).status).toBe(200);
  });
});

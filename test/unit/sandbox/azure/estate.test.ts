import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { filterActivity } from '../../../../electron/sandbox/azure/activity-filter.ts';
import { buildEstate } from '../../../../electron/sandbox/azure/estate.ts';
import { page, type Request } from '../../../../electron/sandbox/azure/http.ts';
import { blobsOf, rowsOf } from '../../../../electron/sandbox/azure/log-rows.ts';
import { createLoopbackTls } from '../../../../electron/sandbox/azure/tls.ts';
import { SandboxError } from '../../../../electron/sandbox/company/frame.ts';

const AS_OF = '2026-11-24T00:00:00Z';
const estate = buildEstate({ asOf: AS_OF });

describe('the Azure of the sample company', () => {
  it('is dated inside its own past', () => {
    for (const { versions } of estate.vaults.flatMap(({ keys }) => keys))
      for (const { createdAt } of versions) expect(createdAt).toBeLessThan(estate.now);
    for (const { at } of estate.audit) {
      expect(at).toBeGreaterThanOrEqual(estate.period.from);
      expect(at).toBeLessThan(estate.period.to);
    }
  });
  it('logs a rotation for every version made in the period of a vault that logs', () => {
    const orders = estate.vaults.find(({ name }) => name === 'mf-orders-prod')!;
    const made = orders.keys.flatMap(({ versions }) =>
      versions.slice(1).filter(({ createdAt }) => createdAt >= estate.period.from),
    );
    const rotated = estate.audit.filter((r) => r.vaultId === orders.id && r.operation === 'KeyRotate');
    expect(made.length).toBeGreaterThan(20);
    expect(rotated.length).toBe(made.length);
  });
  it('writes each audit record to the destinations of its vault and to no other', () => {
    const names = (column: string, rows: Record<string, unknown>[]): Set<string> =>
      new Set(rows.map((row) => String(row[column]).split('/').at(-1)!));
    expect(names('_ResourceId', rowsOf(estate, 'AZKVAuditLogs'))).toEqual(
      new Set(['mf-orders-prod', 'mf-payments-prod', 'mf-ledger-hsm']),
    );
    expect(names('_ResourceId', rowsOf(estate, 'AzureDiagnostics'))).toEqual(new Set(['mf-warehouse-prod']));
    const lines = [...blobsOf(estate).values()].join('').trim().split('\n');
    expect(lines.length).toBe(rowsOf(estate, 'AzureDiagnostics').length);
  });
  it('grows by ordinary keys without changing the others', () => {
    const larger = buildEstate({ asOf: AS_OF, ordinaryKeys: 60 });
    const of = (e: typeof estate) => e.vaults[0]!.keys.filter(({ story }) => story !== 'ordinary');
    expect(larger.vaults[0]!.keys.length).toBe(estate.vaults[0]!.keys.length + 36);
    expect(of(larger)).toEqual(of(estate));
  });
  it('is refused for a date that is none', () => {
    expect(() => buildEstate({ asOf: 'yesterday' })).toThrow(SandboxError);
  });
});

describe('the activity log filter', () => {
  const ask = (filter: string) => filterActivity(estate.activity, filter, estate.now);
  const since = "eventTimestamp ge '2026-10-01T00:00:00Z'";
  it('takes a start, an end and one equality', () => {
    expect(ask(since).length).toBeGreaterThan(10);
    const { resourceId } = ask(since)[0]!;
    expect(ask(`${since} and resourceUri eq '${resourceId.toUpperCase()}'`).length).toBe(1);
    expect(ask(`${since} and eventTimestamp le '2026-10-01T00:00:01Z'`)).toEqual([]);
    expect(
      ask(`${since} and resourceGroupName eq 'billing'`).every((e) => e.resourceId.includes('/billing/')),
    ).toBe(true);
  });
  it.each([
    ['nothing at all', ''],
    ['no start', "resourceProvider eq 'Microsoft.KeyVault'"],
    ['two equalities', `${since} and resourceProvider eq 'a' and resourceUri eq 'b'`],
    ['an unknown field', `${since} and status eq 'Failed'`],
    ['an unknown operator', `${since} and resourceUri ne 'b'`],
    ['a time that is none', "eventTimestamp ge 'then'"],
    ['more than 90 days ago', "eventTimestamp ge '2026-08-25T23:59:59Z'"],
  ])('refuses %s', (_what, filter) => {
    expect(() => ask(filter)).toThrow();
  });
});

describe('a page', () => {
  const request = (skip?: string): Request => ({
    method: 'GET',
    path: '/keys',
    query: new Map([['api-version', '1'], ...(skip === undefined ? [] : [['$skiptoken', skip] as const])]),
    headers: {},
    body: '',
    origin: 'https://127.0.0.1:1',
  });
  it('links to the next one until the last, which has no link', () => {
    const first = page(request(), [1, 2, 3], 2);
    expect(first.value).toEqual([1, 2]);
    const next = new URL(first.nextLink!);
    expect(next.origin + next.pathname).toBe('https://127.0.0.1:1/keys');
    expect(next.searchParams.get('api-version')).toBe('1');
    expect(page(request(next.searchParams.get('$skiptoken')!), [1, 2, 3], 2)).toEqual({ value: [3] });
    expect(page(request(), [1, 2], 2)).toEqual({ value: [1, 2] });
    expect(() => page(request('x'), [1], 2)).toThrow(/skiptoken/);
  });
});

it('the servers present a certificate for loopback from their own authority', async () => {
  const tls = await createLoopbackTls();
  const [ca, own] = [new X509Certificate(tls.ca), new X509Certificate(tls.certificate)];
  expect(own.verify(ca.publicKey)).toBe(true);
  expect(own.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(own.checkHost('localhost')).toBe('localhost');
  expect(own.checkHost('example.com')).toBeUndefined();
  expect(own.ca).toBe(false);
  expect(own.checkPrivateKey(tls.key)).toBe(true);
});

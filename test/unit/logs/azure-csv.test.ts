import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { azureAuditFormat, ACTIVITY_LOG, SAVED_ROWS } from '../../../electron/logs/azure-audit/format.ts';
import { azureCsvFormat } from '../../../electron/logs/azure-csv/format.ts';
import { orderOf, timeOf } from '../../../electron/logs/azure-csv/times.ts';
import { recognise, type Recognised } from '../../../electron/providers/files/recognise.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const VAULT = '/subscriptions/0b1c/resourcegroups/rg/providers/microsoft.keyvault/vaults/contoso';
const KEY = 'https://contoso.vault.azure.net/keys/orders';
const IDENTITY = JSON.stringify({
  claim: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': 'd914', upn: 'ann@contoso.com' },
});
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** "Export to CSV - all columns" of each table. */
const AUDIT_LOGS = [
  'TenantId,"TimeGenerated [UTC]",OperationName,ResultType,CorrelationId,Identity,Id,CallerIpAddress,"_ResourceId"',
  `w,"5/13/2026, 4:32:49.469 PM",KeySign,Success,c1,${quoted(IDENTITY)},${KEY}/v1,10.0.0.1,${VAULT}`,
  `w,"5/2/2026, 12:05:01.000 AM",KeyDelete,Success,c2,${quoted(IDENTITY)},${KEY},10.0.0.1,${VAULT}`,
];
const DIAGNOSTICS = [
  '"TimeGenerated [UTC]",ResourceId,Category,OperationName,ResultType,ResultSignature,CorrelationId,CallerIPAddress,"identity_claim_oid_g","requestUri_s","id_s","ResultDescription","httpStatusCode_d"',
  `"13/05/2026, 16:32:49.469",${VAULT.toUpperCase()},AuditEvent,KeyGet,Failed,Forbidden,c3,10.0.0.2,D914,${KEY}?api-version=7.4,,"Caller is not authorized,\r\nno ""get""",403`,
];

function recognised(lines: readonly string[], name = 'query_data.csv', prefix = '\ufeff'): Recognised {
  const path = join(temporaryFolder(), name);
  const text = Buffer.from(`${prefix}${lines.join('\r\n')}\r\n`);
  const bytes = name.endsWith('.gz') ? gzipSync(text) : text;
  writeFileSync(path, bytes);
  return recognise({ path, bytes: bytes.length, modified: '2026-05-14T00:00:00.000Z' });
}

/** The rows of a file, read as ingest and the ledger read them, in pieces of any size. */
function rowsOf(lines: readonly string[], piece = 1 << 16) {
  const what = recognised(lines);
  if (what.as !== 'log' || !('place' in what)) throw new Error(JSON.stringify(what));
  const raw: Buffer[] = [];
  const splitter = azureCsvFormat.split({
    record: (bytes, start, end) => void raw.push(Buffer.from(bytes.subarray(start, end))),
    reject: () => void raw.push(Buffer.from('rejected')),
  });
  const content = Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`);
  for (let at = 0; at < content.length; at += piece) splitter.write(content.subarray(at, at + piece));
  const { defect } = splitter.end();
  const records = raw.map((row) => azureCsvFormat.read(row, what.place));
  return { defect, raw: raw.map(String), rows: records.map((record) => record?.rows(0)[0] ?? null) };
}

describe('times of the portal', () => {
  test('are read in the order that their language writes, in UTC, with decimals of either kind', () => {
    const iso = (text: string, order: 'iso' | 'month-first' | 'day-first') => {
      const time = timeOf(text, order);
      return time === null ? null : new Date(time).toISOString();
    };
    const may25 = '2026-05-25T04:32:49.469Z';
    expect(iso('5/25/2026, 4:32:49.469 AM', 'month-first')).toBe(may25);
    expect(iso('25/05/2026, 04:32:49.469', 'day-first')).toBe(may25);
    expect(iso('25.5.2026, 4:32:49,469', 'day-first')).toBe(may25);
    expect(iso('2026/5/25 4:32:49.469', 'iso')).toBe(may25);
    expect(iso('2026-05-25T04:32:49.4691234Z', 'iso')).toBe(may25);
    expect(iso('2026-05-25T04:32:49.469', 'iso')).toBe(may25);
    expect(iso('5/1/2026, 12:00:00.000 AM', 'month-first')).toBe('2026-05-01T00:00:00.000Z');
    expect(iso('2/30/2026, 1:00:00.000 AM', 'month-first')).toBeNull();
    expect(iso('25/05/2026, 04:32', 'month-first')).toBeNull();
  });
  test('show their order only when a number can be no month', () => {
    expect(['5/25/2026, 1:00:00 AM', '25/5/2026, 01:00:00', '25.5.2026, 01:00:00'].map(orderOf)).toEqual([
      'month-first',
      'day-first',
      'day-first',
    ]);
    expect(orderOf('4/5/2026, 1:00:00.000 AM')).toBe('month-first');
    expect(orderOf('04/05/2026, 01:00:00.000')).toBeNull();
  });
});

describe('rows of a log query as CSV', () => {
  test('name key, vault, caller and outcome, from either table and in pieces of any size', () => {
    for (const piece of [1, 7, 1 << 16]) {
      const { rows, defect } = rowsOf(AUDIT_LOGS, piece);
      expect(defect).toBeNull();
      expect(rows[0]).toMatchObject({
        ...{ name: 'KeySign', key: KEY, account: '0b1c', region: 'contoso', principal: 'd914', error: null },
        ...{ time: Date.UTC(2026, 4, 13, 16, 32, 49, 469), actor: 'ann@contoso.com', sourceIp: '10.0.0.1' },
      });
      expect(rows[1]).toMatchObject({ name: 'KeyDelete', change: true, time: Date.UTC(2026, 4, 2, 0, 5, 1) });
      const other = rowsOf(DIAGNOSTICS, piece);
      expect(other.raw).toHaveLength(1);
      expect(other.raw[0]).toContain('not authorized,\r\nno ""get""');
      expect(other.rows[0]).toMatchObject({
        name: 'KeyGet',
        key: KEY,
        error: 'Forbidden',
        principal: 'd914',
      });
    }
  });

  test('are recognised compressed and with semicolons; what was recognised is what is recorded', () => {
    const semicolons = [
      'TimeGenerated;OperationName;_ResourceId;Id',
      `2026-05-13T16:32:49Z;KeySign;${VAULT};${KEY}/v1`,
    ];
    expect(rowsOf(semicolons).rows[0]).toMatchObject({ name: 'KeySign', key: KEY });
    const packed = recognised(AUDIT_LOGS, 'rows.csv.gz');
    expect(packed).toMatchObject({
      as: 'log',
      format: 'azure-csv',
      params: { kind: 'table', dates: 'month-first' },
    });
    expect('place' in packed && (JSON.parse(packed.place) as unknown)).toEqual(
      'params' in packed && packed.params,
    );
  });

  test('a file that cannot be placed in time or at a key is refused in words', () => {
    const reason = (lines: string[]): string => {
      const what = recognised(lines);
      return what.as === 'foreign' ? what.reason : what.as;
    };
    const [header = '', ...more] = AUDIT_LOGS;
    expect(reason([header.replace('[UTC]', '[Local Time]'), ...more])).toMatch(
      /time zone of whoever exported it/,
    );
    const slashes = more.map((row) => row.replace(/"\d[^"]+"/, '"03/04/2026, 04:00:00.000"'));
    expect(reason([header, ...slashes])).toMatch(/day or the month first/);
    expect(reason(['"TimeGenerated [UTC]",OperationName,Id', 'x,y,z'])).toMatch(/which vault a row is of/);
    expect(reason(['"TimeGenerated [UTC]",OperationName,_ResourceId', 'x,y,z'])).toMatch(
      /which key a row is of/,
    );
    expect(reason(['a,b,c', '1,2,3'])).toMatch(/CSV file, but of no log/);
  });

  test('an ambiguous start is decided by a later row', () => {
    const rows = Array.from(
      { length: 1500 },
      (_, i) => `"0${1 + (i % 9)}/04/2026, 04:00:00.000",KeySign,${VAULT},${KEY}/v1`,
    );
    const header = '"TimeGenerated [UTC]",OperationName,_ResourceId,Id';
    const what = recognised([header, ...rows, `"13/04/2026, 04:00:00.000",KeySign,${VAULT},${KEY}/v1`]);
    expect(what).toMatchObject({ as: 'log', params: { dates: 'day-first' } });
  });

  test('a row that is too long or broken is rejected, a cut-off file and one at a limit of Azure named', () => {
    const [header = '', row = ''] = AUDIT_LOGS;
    const long = rowsOf([header, row, `w,"x${'y'.repeat(1024 * 1024)}",z`, row]);
    expect(long.raw.map((each) => each.slice(0, 8))).toEqual(['w,"5/13/', 'rejected', 'w,"5/13/']);
    expect(rowsOf([header, row, 'w,"no such time",KeySign']).rows[1]).toBeNull();
    expect(rowsOf([header, row, 'w,"5/2/20']).defect).toMatch(/cut off/);
    const many = Array.from({ length: 1000 }, () => row);
    expect(rowsOf([header, ...many]).defect).toMatch(/exactly 1,000 rows/);
    expect(rowsOf([header, ...many, row]).defect).toBeNull();
  });
});

describe('the activity log', () => {
  const ROLE = `${VAULT}/providers/Microsoft.Authorization/roleAssignments/a1`;

  test('as the portal exports it: operation and resource from words and columns', () => {
    const lines = [
      'Correlation id,Operation name,Status,Event category,Level,Time,Subscription,Event initiated by,Resource type,Resource group,Resource',
      `c1,Create role assignment,Succeeded,Administrative,Informational,2026-05-13T10:00:00.123Z,0b1c,ann@contoso.com,Microsoft.Authorization/roleAssignments,rg,${ROLE}`,
      'c2,Delete Key Vault,Started,Administrative,Informational,2026-05-13T10:00:00.123Z,0b1c,ann@contoso.com,Microsoft.KeyVault/vaults,rg,contoso',
    ];
    const { rows } = rowsOf(lines);
    expect(rows[0]).toMatchObject({
      ...{ name: 'Microsoft.Authorization/roleAssignments/write', account: '0b1c', region: 'global' },
      ...{ actor: 'ann@contoso.com', change: true, time: Date.UTC(2026, 4, 13, 10, 0, 0, 123) },
    });
    expect(rows[1]).toMatchObject({ name: 'Microsoft.KeyVault/vaults/delete' });
    const started = azureCsvFormat.read(Buffer.from(lines[2]!), placeOf(lines));
    expect(started).toMatchObject({ relevant: false });
  });

  test('as a storage account gets it, with other categories beside', () => {
    const change = {
      time: '2026-05-13T10:00:00.1234567Z',
      resourceId: '/SUBSCRIPTIONS/0B1C/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/CONTOSO',
      operationName: 'MICROSOFT.KEYVAULT/VAULTS/WRITE',
      category: 'Administrative',
      resultType: 'Success',
      resultSignature: 'Succeeded.OK',
      callerIpAddress: '10.0.0.1',
      correlationId: 'c1',
      identity: {
        claims: {
          appid: 'app',
          'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ann@contoso.com',
        },
      },
    };
    const read = (record: unknown) => azureAuditFormat.read(Buffer.from(JSON.stringify(record)));
    expect(read(change)!.rows(0)[0]).toMatchObject({
      ...{ name: 'MICROSOFT.KEYVAULT/VAULTS/WRITE', account: '0b1c', region: 'global', change: true },
      ...{ actor: 'ann@contoso.com', service: 'MICROSOFT.KEYVAULT', error: null },
    });
    expect(read(change)!.change(null)!.subject).toBe(change.resourceId.toLowerCase());
    expect(read({ ...change, resultType: 'Start', resultSignature: 'Started.' })!.relevant).toBe(false);
    expect(read({ ...change, category: 'Policy' })!.relevant).toBe(false);
    const path = join(temporaryFolder(), 'PT1H.json');
    writeFileSync(path, `${JSON.stringify({ ...change, category: 'Policy' })}\n${JSON.stringify(change)}\n`);
    expect(recognise({ path, bytes: 900, modified: '' })).toEqual({ as: 'log', format: 'azure-audit' });
  });

  test('as the CLI and a workspace give it', () => {
    const event = {
      eventTimestamp: '2026-05-13T10:00:00.1234567Z',
      operationName: {
        localizedValue: 'Create role assignment',
        value: 'Microsoft.Authorization/roleAssignments/write',
      },
      status: { localizedValue: 'Succeeded', value: 'Succeeded' },
      ...{ resourceId: ROLE, caller: 'ann@contoso.com', eventDataId: 'e1', claims: { appid: 'app' } },
    };
    const path = join(temporaryFolder(), 'activity.json');
    writeFileSync(path, JSON.stringify([event]));
    const what = recognise({ path, bytes: 900, modified: '' });
    expect(what).toMatchObject({ as: 'document', format: ACTIVITY_LOG });
    const expected = { name: 'Microsoft.Authorization/roleAssignments/write', account: '0b1c', change: true };
    const page = (format: string, body: unknown) =>
      azureAuditFormat.pages[format]!(Buffer.from(JSON.stringify(body)))[0]!.rows(0)[0];
    expect(page(ACTIVITY_LOG, [event])).toMatchObject(expected);
    expect(page(ACTIVITY_LOG, { value: [event] })).toMatchObject(expected);
    const row = {
      ...{
        TimeGenerated: '2026-05-13T10:00:00Z',
        OperationNameValue: 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE',
      },
      ...{
        ActivityStatusValue: 'Success',
        Caller: 'ann@contoso.com',
        _ResourceId: ROLE,
        Claims: '{"appid":"app"}',
      },
    };
    expect(page(SAVED_ROWS, [row])).toMatchObject({ account: '0b1c', actor: 'ann@contoso.com', error: null });
  });

  function placeOf(lines: readonly string[]): string {
    const what = recognised(lines);
    return 'place' in what ? what.place : '';
  }
});

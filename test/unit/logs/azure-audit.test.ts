import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  ACTIVITY_LOG,
  azureAuditFormat,
  LOG_QUERY,
  SAVED_ROWS,
} from '../../../electron/logs/azure-audit/format.ts';
import { recognise } from '../../../electron/providers/files/recognise.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const VAULT = '/SUBSCRIPTIONS/0B1C/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/CONTOSO';
/** The sample record of https://learn.microsoft.com/azure/key-vault/general/logging, for a key. */
const record = {
  time: '2026-01-05T01:32:01.2691226Z',
  resourceId: VAULT,
  operationName: 'KeyUnwrap',
  operationVersion: '7.4',
  category: 'AuditEvent',
  resultType: 'Success',
  resultSignature: 'OK',
  durationMs: '78',
  callerIpAddress: '104.40.82.76',
  correlationId: 'c1',
  identity: {
    claim: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': 'D914', appid: '1950' },
  },
  properties: {
    clientInfo: 'azure-sdk',
    id: 'https://Contoso.vault.azure.net/keys/Orders/abc',
    requestUri: 'https://contoso.vault.azure.net/keys/orders/abc/unwrapkey?api-version=7.4',
    httpStatusCode: 200,
  },
};

function file(name: string, text: string) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return { path, bytes: text.length, modified: '2026-01-05T02:00:00.000Z' };
}

test('a record names its key without version or case, its place and who asked', () => {
  const read = azureAuditFormat.read(Buffer.from(JSON.stringify(record)))!;
  expect([read.relevant, read.ofKeys, new Date(read.time).toISOString()]).toEqual([
    true,
    true,
    '2026-01-05T01:32:01.269Z',
  ]);
  expect(read.rows(3)[0]).toMatchObject({
    n: 3,
    name: 'KeyUnwrap',
    key: 'https://contoso.vault.azure.net/keys/orders',
    account: '0b1c',
    region: 'contoso',
    principal: 'd914',
    error: null,
    change: false,
  });
});

test('a refused request is an error, and a secret concerns no key', () => {
  const denied = { ...record, resultType: 'Failed', resultSignature: 'Forbidden' };
  expect(azureAuditFormat.read(Buffer.from(JSON.stringify(denied)))!.rows(0)[0]!.error).toBe('Forbidden');
  const secret = { ...record, operationName: 'SecretGet' };
  expect(azureAuditFormat.read(Buffer.from(JSON.stringify(secret)))!.relevant).toBe(false);
});

test('exported files are known as lines and as a list of records, saved queries as rows', () => {
  const lines = file('PT1H.json', `${JSON.stringify(record)}\n${JSON.stringify(record)}\n`);
  expect(recognise(lines)).toEqual({ as: 'log', format: 'azure-audit' });
  const list = file('PT1H.json', JSON.stringify({ records: [record] }, null, 2));
  expect(recognise(list)).toEqual({ as: 'log', format: 'azure-audit' });
  const row = {
    TimeGenerated: record.time,
    OperationName: 'KeySign',
    CorrelationId: 'c2',
    _ResourceId: VAULT.toLowerCase(),
    id_s: record.properties.id,
  };
  const saved = recognise(file('query.json', JSON.stringify([row])));
  expect(saved).toMatchObject({ as: 'document', format: SAVED_ROWS });
  const page = azureAuditFormat.pages[SAVED_ROWS]!(Buffer.from(JSON.stringify([row])));
  expect(page[0]!.rows(0)[0]).toMatchObject({
    name: 'KeySign',
    key: 'https://contoso.vault.azure.net/keys/orders',
  });
});

test('a file is cut into the records of its list', () => {
  const seen: string[] = [];
  const splitter = azureAuditFormat.split({
    record: (bytes, start, end) => void seen.push(bytes.toString('utf8', start, end)),
    reject: () => void seen.push('rejected'),
  });
  splitter.write(Buffer.from(JSON.stringify({ records: [record, record] })));
  expect(splitter.end().defect).toBeNull();
  expect(seen).toEqual([JSON.stringify(record), JSON.stringify(record)]);
});

test.each([LOG_QUERY, ACTIVITY_LOG, SAVED_ROWS])(
  '%s: what stands in a page has the order of its records',
  (name) => {
    const columns = ['TimeGenerated', 'OperationName'].map((column) => ({ name: column, type: 'string' }));
    const rows = [
      ['2026-03-01T10:00:00Z', 'KeySign'],
      ['2026-03-01T11:00:00Z', 'KeyUnwrap'],
    ];
    const events = rows.map(([eventTimestamp, value]) => ({ eventTimestamp, operationName: { value } }));
    const body = Buffer.from(
      JSON.stringify(name === ACTIVITY_LOG ? { value: events } : { tables: [{ columns, rows }] }),
    );
    const shown = azureAuditFormat.inPages[name]!(body);
    expect(shown).toHaveLength(azureAuditFormat.pages[name]!(body).length);
    expect(JSON.stringify(shown[1])).toContain('KeyUnwrap');
  },
);

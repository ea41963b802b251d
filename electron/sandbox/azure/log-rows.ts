import type { AuditRecord, Estate } from './types.ts';

/** The two tables a vault's audit records can be in, and the blobs they can be in. */

export type TableName = 'AZKVAuditLogs' | 'AzureDiagnostics';
export interface Column {
  name: string;
  type: 'datetime' | 'string' | 'int' | 'real' | 'bool' | 'dynamic';
}

const column = (type: Column['type'], ...names: string[]): Column[] => names.map((name) => ({ name, type }));

export const COLUMNS: Record<TableName, Column[]> = {
  AZKVAuditLogs: [
    ...column('datetime', 'TimeGenerated'),
    ...column('string', 'OperationName', 'ResultType', 'ResultSignature', 'ResultDescription'),
    ...column('int', 'HttpStatusCode'),
    ...column('string', 'CallerIpAddress', 'CorrelationId'),
    ...column('dynamic', 'Identity'),
    ...column('string', 'Id', 'RequestUri'),
    ...column('bool', 'IsRbacAuthorized'),
    ...column('string', '_ResourceId'),
  ],
  AzureDiagnostics: [
    ...column('datetime', 'TimeGenerated'),
    ...column(
      'string',
      'ResourceId',
      'Category',
      'ResourceProvider',
      'Resource',
      'OperationName',
      'ResultType',
      'ResultSignature',
    ),
    ...column('real', 'httpStatusCode_d'),
    ...column('string', 'CallerIPAddress', 'CorrelationId', 'id_s', 'requestUri_s'),
    ...column('string', 'identity_claim_oid_g', 'identity_claim_upn_s', '_ResourceId'),
  ],
};

const signature = (record: AuditRecord): string => (record.status === 200 ? 'OK' : 'Forbidden');
const idOf = (record: AuditRecord): string =>
  `https://${record.vaultName}.${/managedhsms/i.test(record.vaultId) ? 'managedhsm' : 'vault'}.azure.net${record.requestPath}`;
const claims = (record: AuditRecord): Record<string, string> => ({
  'http://schemas.microsoft.com/identity/claims/objectidentifier': record.principalId,
  ...(record.principalName.includes('@') ? { upn: record.principalName } : { appid: record.principalName }),
});

function row(table: TableName, r: AuditRecord): Record<string, unknown> {
  const time = new Date(r.at).toISOString();
  const resource = r.vaultId.toLowerCase();
  if (table === 'AZKVAuditLogs')
    return {
      TimeGenerated: time,
      OperationName: r.operation,
      ResultType: r.status === 200 ? 'Success' : 'Failed',
      ResultSignature: signature(r),
      ResultDescription: '',
      HttpStatusCode: r.status,
      CallerIpAddress: r.ip,
      CorrelationId: r.correlationId,
      Identity: JSON.stringify({ claim: claims(r) }),
      Id: idOf(r),
      RequestUri: `${idOf(r)}?api-version=7.4`,
      IsRbacAuthorized: r.status === 200,
      _ResourceId: resource,
    };
  return {
    TimeGenerated: time,
    ResourceId: r.vaultId.toUpperCase(),
    Category: 'AuditEvent',
    ResourceProvider: 'MICROSOFT.KEYVAULT',
    Resource: r.vaultName.toUpperCase(),
    OperationName: r.operation,
    ResultType: r.status === 200 ? 'Success' : 'Failed',
    ResultSignature: signature(r),
    httpStatusCode_d: r.status,
    CallerIPAddress: r.ip,
    CorrelationId: r.correlationId,
    id_s: idOf(r),
    requestUri_s: `${idOf(r)}?api-version=7.4`,
    identity_claim_oid_g: r.principalId,
    identity_claim_upn_s: r.principalName,
    _ResourceId: resource,
  };
}

/** Categories and groups under which audit events are delivered. */
const AUDIT = new Set(['AuditEvent', 'audit', 'allLogs']);

/** Rows of a table by time: those of the vaults whose diagnostic setting writes there. */
export function rowsOf(estate: Estate, table: TableName): Record<string, unknown>[] {
  const dedicated = table === 'AZKVAuditLogs';
  const into = new Set(
    estate.vaults
      .filter(({ diagnosticSettings }) =>
        diagnosticSettings.some(
          (s) =>
            s.workspaceId !== undefined &&
            (s.logAnalyticsDestinationType === 'Dedicated') === dedicated &&
            s.logs.some((log) => log.enabled && AUDIT.has(log.category ?? log.categoryGroup ?? '')),
        ),
      )
      .map(({ id }) => id),
  );
  return estate.audit.filter(({ vaultId }) => into.has(vaultId)).map((record) => row(table, record));
}

/** Hourly append blobs of the container insights-logs-auditevent: one JSON record a line. */
export function blobsOf(estate: Estate): Map<string, string> {
  const from = new Set(
    estate.vaults
      .filter(({ diagnosticSettings }) => diagnosticSettings.some((s) => s.storageAccountId !== undefined))
      .map(({ id }) => id),
  );
  const blobs = new Map<string, string>();
  for (const r of estate.audit) {
    if (!from.has(r.vaultId)) continue;
    const [date = '', time = ''] = new Date(r.at).toISOString().split('T');
    const [y, m, d] = date.split('-');
    const name = `resourceId=${r.vaultId.toUpperCase()}/y=${y}/m=${m}/d=${d}/h=${time.slice(0, 2)}/m=00/PT1H.json`;
    const line = JSON.stringify({
      time: new Date(r.at).toISOString(),
      category: 'AuditEvent',
      operationName: r.operation,
      resultType: r.status === 200 ? 'Success' : 'Failed',
      resultSignature: signature(r),
      correlationId: r.correlationId,
      callerIpAddress: r.ip,
      identity: { claim: claims(r) },
      properties: { id: idOf(r), requestUri: `${idOf(r)}?api-version=7.4`, httpStatusCode: r.status },
      resourceId: r.vaultId.toUpperCase(),
    });
    blobs.set(name, `${blobs.get(name) ?? ''}${line}\n`);
  }
  return blobs;
}

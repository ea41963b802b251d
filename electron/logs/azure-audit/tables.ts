import { claimsOf, errorOf, firstUri } from './exported.ts';
import { asObject, asText, type AzureRecord, type JsonObject } from './record.ts';

/** A row of AZKVAuditLogs or AzureDiagnostics, by the names of its columns. */
export function tableRecord(row: JsonObject): AzureRecord | null {
  const operation = asText(row['OperationName']);
  if (operation === '') return null;
  const provider = asText(row['ResourceProvider']);
  if (provider !== '' && provider.toUpperCase() !== 'MICROSOFT.KEYVAULT') return null;
  const claims = row['Identity'] === undefined ? flatClaims(row) : claimsOf(row['Identity']);
  const status = Number(asText(row['HttpStatusCode']) || asText(row['httpStatusCode_d']) || 0);
  return {
    time: asText(row['TimeGenerated']) || asText(row['TimeGenerated [UTC]']),
    operation,
    resource: asText(row['_ResourceId']) || asText(row['ResourceId']),
    correlation: asText(row['CorrelationId']) || asText(row['CorrelationId_g']),
    objectUri: firstUri(row['Id'], row['id_s'], row['RequestUri'], row['requestUri_s']),
    ip: asText(row['CallerIpAddress']) || asText(row['CallerIPAddress']),
    agent: asText(row['ClientInfo']) || asText(row['clientInfo_s']),
    ...claims,
    error: errorOf(asText(row['ResultType']), asText(row['ResultSignature']), status),
    of: 'audit',
    requestId: null,
    service: 'Microsoft.KeyVault',
    unfinished: false,
  };
}

function flatClaims(row: JsonObject): Pick<AzureRecord, 'oid' | 'application' | 'name'> {
  const name = asText(row['identity_claim_upn_s']) || asText(row['identity_claim_unique_name_s']);
  return {
    oid:
      asText(row['identity_claim_oid_g']) ||
      asText(row['identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g']),
    application: asText(row['identity_claim_appid_g']) || asText(row['identity_claim_appid_s']),
    name,
  };
}

/** An event of the activity log, as its list gives it. */
export function activityRecord(event: JsonObject): AzureRecord | null {
  const operation = localized(event['operationName']);
  const status = localized(event['status']);
  if (operation === '') return null;
  const claims = asObject(event['claims']);
  const caller = asText(event['caller']);
  return {
    time: asText(event['eventTimestamp']),
    operation,
    resource: asText(event['resourceId']),
    correlation: asText(event['eventDataId']) || asText(event['correlationId']),
    objectUri: null,
    ip: asText(claims['ipaddr']) || asText(asObject(event['httpRequest'])['clientIpAddress']),
    agent: '',
    oid: asText(claims['http://schemas.microsoft.com/identity/claims/objectidentifier']),
    application: asText(claims['appid']),
    name: caller,
    error: /^failed$/i.test(status) ? localized(event['subStatus']) || 'Failed' : null,
    of: 'activity',
    requestId: null,
    service: localized(event['resourceProviderName']) || operation.split('/')[0]!,
    unfinished: /^(started|accepted)$/i.test(status),
  };
}

const localized = (value: unknown): string =>
  typeof value === 'string' ? value : asText(asObject(value)['value']);

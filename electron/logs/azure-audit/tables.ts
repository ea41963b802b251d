import { activityClaims, claimsOf, errorOf, firstUri, localized } from './exported.ts';
import { asObject, asText, type AzureRecord, type JsonObject } from './record.ts';

/** A row of AZKVAuditLogs or AzureDiagnostics, by the names of its columns. */
export function tableRecord(row: JsonObject): AzureRecord | null {
  if (asText(row['OperationNameValue']) !== '') return activityRow(row);
  const operation = asText(row['OperationName']);
  if (operation === '') return null;
  const provider = asText(row['ResourceProvider']);
  if (provider !== '' && provider.toUpperCase() !== 'MICROSOFT.KEYVAULT') return null;
  const claims = row['Identity'] === undefined ? flatClaims(row) : claimsOf(row['Identity']);
  const status = Number(asText(row['HttpStatusCode']) || asText(row['httpStatusCode_d']) || 0);
  return {
    time: asText(row['TimeGenerated']) || asText(row['TimeGenerated [UTC]']),
    operation,
    resource: resourceOf(row),
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

/** The vault of a row: its resource id, or what the columns of AzureDiagnostics put it together from. */
function resourceOf(row: JsonObject): string {
  const id = asText(row['_ResourceId']) || asText(row['ResourceId']);
  if (id !== '') return id;
  const [subscription, group, name] = ['SubscriptionId', 'ResourceGroup', 'Resource'].map((n) =>
    asText(row[n]),
  );
  const kind = /^managedhsms$/i.test(asText(row['ResourceType'])) ? 'managedHSMs' : 'vaults';
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/${kind}/${name}`;
}

/** A row of AzureActivity, the activity log in a workspace. */
function activityRow(row: JsonObject): AzureRecord {
  const claims = activityClaims(row['Claims_d'] ?? row['Claims']);
  const status = asText(row['ActivityStatusValue']) || asText(row['ActivityStatus']);
  const operation = asText(row['OperationNameValue']);
  return {
    time: asText(row['TimeGenerated']) || asText(row['TimeGenerated [UTC]']),
    operation,
    resource:
      asText(row['_ResourceId']) ||
      asText(row['ResourceId']) ||
      `/subscriptions/${asText(row['SubscriptionId'])}`,
    correlation: asText(row['EventDataId']) || asText(row['CorrelationId']),
    objectUri: null,
    ip: asText(row['CallerIpAddress']) || claims.ip,
    agent: '',
    oid: claims.oid,
    application: claims.application,
    name: asText(row['Caller']) || claims.name,
    error: /^(failure|failed)$/i.test(status) ? asText(row['ActivitySubstatusValue']) || 'Failed' : null,
    of: 'activity',
    requestId: null,
    service: asText(row['ResourceProviderValue']) || operation.split('/')[0]!,
    unfinished: /^(start|started|accept|accepted)$/i.test(status),
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

import { asObject, asText, type AzureRecord, type JsonObject } from './record.ts';

/** Categories of a subscription's activity log; before 2018 changes were of the last three. */
const CHANGES = /^(administrative|write|delete|action)$/i;

/** A record of a diagnostic export: one object of a file of JSON lines, or of its list `records`. */
export function exportedRecord(record: JsonObject): AzureRecord | null {
  const category = asText(record['category']);
  const operation = localized(record['operationName']);
  if (operation === '' || asText(record['time']) === '') return null;
  if (CHANGES.test(category)) return exportedActivity(record, operation);
  const properties = asObject(record['properties']);
  const resource = asText(record['resourceId']) || asText(record['_ResourceId']);
  const ofVault = /\/providers\/microsoft\.keyvault\//i.test(resource);
  const status = Number(asText(properties['httpStatusCode']) || asText(record['statusCode']) || 0);
  return {
    time: asText(record['time']),
    operation,
    resource,
    correlation: asText(record['correlationId']),
    objectUri: firstUri(properties['id'], properties['requestUri']),
    ip: asText(record['callerIpAddress']),
    agent: asText(properties['clientInfo']),
    ...claimsOf(record['identity']),
    error: errorOf(asText(record['resultType']), asText(record['resultSignature']), status),
    of: ofVault && (category === '' || category === 'AuditEvent') ? 'audit' : 'other',
    requestId: null,
    service: 'Microsoft.KeyVault',
    unfinished: false,
  };
}

/**
 * A change as an export of the activity log has it (container insights-activity-logs), with other names than its API.
 * https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#schema-from-storage-account-and-event-hubs
 */
function exportedActivity(record: JsonObject, operation: string): AzureRecord {
  const identity = asObject(record['identity']);
  const claims = activityClaims(identity['claims']);
  const result = asText(record['resultType']);
  return {
    time: asText(record['time']),
    operation,
    resource: asText(record['resourceId']),
    correlation: asText(asObject(record['properties'])['eventDataId']) || asText(record['correlationId']),
    objectUri: null,
    ip: asText(record['callerIpAddress']) || claims.ip,
    agent: '',
    oid: claims.oid,
    application: claims.application,
    name: claims.name,
    error: /^(failure|failed)$/i.test(result) ? asText(record['resultSignature']) || 'Failed' : null,
    of: 'activity',
    requestId: null,
    service: operation.split('/')[0]!,
    unfinished: /^(start|started|accept|accepted)$/i.test(result),
  };
}

/** Who made a change, from the claims of the token that the activity log keeps; a table has them as text. */
export function activityClaims(given: unknown): Pick<AzureRecord, 'oid' | 'application' | 'name' | 'ip'> {
  const claims = asObject(typeof given === 'string' ? parsed(given) : given);
  return {
    oid: asText(claims[OID]) || asText(claims['oid']),
    application: asText(claims['appid']),
    name: asText(claims[UPN]) || asText(claims['upn']) || asText(claims['unique_name']),
    ip: asText(claims['ipaddr']),
  };
}

/** A text, or the one that a program reads of a value with a translation. */
export const localized = (value: unknown): string =>
  typeof value === 'string' ? value : asText(asObject(value)['value']);

export function firstUri(...values: unknown[]): string | null {
  return values.map(asText).find((text) => text !== '') ?? null;
}

/** Code of a refused or failed request; null when it was done. */
export function errorOf(type: string, signature: string, status: number): string | null {
  const failed = status >= 400 || /^(failed|failure|error)$/i.test(type);
  if (!failed) return null;
  return signature && !/^ok$/i.test(signature) ? signature : status > 0 ? `Http${status}` : type;
}

const OID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const UPN = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';

/** Who asked, from the claims of the token; also as text, which is how a table carries it. */
export function claimsOf(identity: unknown): Pick<AzureRecord, 'oid' | 'application' | 'name'> {
  const claims = asObject(asObject(typeof identity === 'string' ? parsed(identity) : identity)['claim']);
  return {
    oid: asText(claims[OID]) || asText(claims['oid']),
    application: asText(claims['appid']),
    name: asText(claims['upn']) || asText(claims[UPN]) || asText(claims['unique_name']),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

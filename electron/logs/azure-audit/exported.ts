import { asObject, asText, type AzureRecord, type JsonObject } from './record.ts';

/** A record of a diagnostic export: one object of a file of JSON lines, or of its list `records`. */
export function exportedRecord(record: JsonObject): AzureRecord | null {
  const properties = asObject(record['properties']);
  const claims = claimsOf(record['identity']);
  const category = asText(record['category']);
  const operation = asText(record['operationName']);
  if (
    operation === '' ||
    (category !== '' && category !== 'AuditEvent' && !/^Administrative$/i.test(category))
  )
    return null;
  const status = Number(asText(properties['httpStatusCode']) || asText(record['statusCode']) || 0);
  return {
    time: asText(record['time']),
    operation,
    resource: asText(record['resourceId']) || asText(record['_ResourceId']),
    correlation: asText(record['correlationId']),
    objectUri: firstUri(properties['id'], properties['requestUri']),
    ip: asText(record['callerIpAddress']),
    agent: asText(properties['clientInfo']),
    ...claims,
    error: errorOf(asText(record['resultType']), asText(record['resultSignature']), status),
    of: 'audit',
    requestId: null,
    service: 'Microsoft.KeyVault',
    unfinished: false,
  };
}

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

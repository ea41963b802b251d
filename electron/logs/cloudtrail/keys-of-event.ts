import { asObject, asText, type CloudTrailRecord } from './parse-record.ts';

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]*:\d*:(?:key|alias)\/./;
const KEY_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/**
 * The keys that a KMS event names, as ARNs, each once: from `resources` (what KMS resolved the request to), else from
 * what was asked. An alias that KMS did not resolve (a refused call) stays an alias, as its ARN. Empty when the call
 * names no key. KMS developer guide, "AWS KMS log file entries".
 */
export function keysOf(record: CloudTrailRecord, account: string, region: string): string[] {
  const resolved = resourceKeys(record.resources);
  if (resolved.length > 0) return resolved;
  const asked = asObject(record.requestParameters);
  const answered = asObject(record.responseElements);
  const service = asObject(record.serviceEventDetails);
  const candidates = [
    asked.keyId,
    asked.sourceKeyId,
    asked.destinationKeyId,
    asked.targetKeyId,
    asObject(answered.keyMetadata).arn,
    asObject(answered.replicaKeyMetadata).arn,
    answered.keyId,
    service.keyId,
  ];
  const keys = new Set<string>();
  for (const candidate of candidates) {
    const key = normalised(asText(candidate), account, region);
    if (key) keys.add(key);
  }
  if (keys.size === 0) {
    const alias = normalised(asText(asked.aliasName), account, region);
    if (alias) keys.add(alias);
  }
  return [...keys];
}

/** ARNs of keys among an event's resources; those of aliases only when there is no key. */
function resourceKeys(resources: unknown): string[] {
  if (!Array.isArray(resources)) return [];
  const keys = new Set<string>();
  const aliases = new Set<string>();
  for (const resource of resources) {
    const arn = asText(asObject(resource).ARN);
    if (arn === null || !KEY_ARN.test(arn)) continue;
    if (arn.includes(':key/')) keys.add(arn);
    else aliases.add(arn);
  }
  return [...(keys.size > 0 ? keys : aliases)];
}

function normalised(text: string | null, account: string, region: string): string | null {
  if (text === null) return null;
  if (KEY_ARN.test(text)) return text;
  if (KEY_ID.test(text)) return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${text}`;
  return text.startsWith('alias/') ? `arn:${partitionOf(region)}:kms:${region}:${account}:${text}` : null;
}

/** The partition a Region belongs to (AWS General Reference, "Amazon Resource Names"). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

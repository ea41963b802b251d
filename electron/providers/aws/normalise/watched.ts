import { asObject, list, text, type Json, type JsonObject } from './wire.ts';

/** Changes of keys that somebody must be told about at once. */
export const WATCHED = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'] as const;

/**
 * The watched operations an EventBridge pattern matches. Every member of a pattern must match; a member that is not
 * there matches everything. EventBridge User Guide, "Event patterns".
 */
export function coveredByPattern(pattern: string | null): string[] {
  if (pattern === null) return [];
  let parsed: JsonObject;
  try {
    parsed = asObject(JSON.parse(pattern) as Json);
  } catch {
    return [];
  }
  const detail = asObject(parsed.detail);
  return WATCHED.filter(
    (operation) =>
      matches(parsed.source, 'aws.kms') &&
      matches(parsed['detail-type'], 'AWS API Call via CloudTrail') &&
      matches(detail.eventSource, 'kms.amazonaws.com') &&
      matches(detail.eventName, operation) &&
      // Narrower than the operation: a rule for one key or one person does not watch the others.
      Object.keys(detail).every((name) => name === 'eventSource' || name === 'eventName') &&
      Object.keys(parsed).every((name) => ['source', 'detail-type', 'detail'].includes(name)),
  );
}

function matches(matcher: Json | undefined, value: string): boolean {
  if (matcher === undefined) return true;
  return list(matcher).some((one) => {
    if (typeof one === 'string') return one === value;
    const rule = asObject(one);
    if (rule.prefix !== undefined) return value.startsWith(text(rule.prefix) ?? '\0');
    if (rule.suffix !== undefined) return value.endsWith(text(rule.suffix) ?? '\0');
    if (rule['equals-ignore-case'] !== undefined)
      return value.toLowerCase() === text(rule['equals-ignore-case'])?.toLowerCase();
    if (rule.wildcard !== undefined) return wildcard(text(rule.wildcard) ?? '', value);
    if (rule['anything-but'] !== undefined) {
      const but = rule['anything-but'];
      return typeof but === 'object' && !Array.isArray(but) ? false : !list(but).includes(value);
    }
    return rule.exists === true;
  });
}

function wildcard(pattern: string, value: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(value);
}

/**
 * The watched operations a metric filter counts: those its pattern names with `$.eventName = …` or `{ $.eventName = "…" }`,
 * unless it asks for another event source. CloudWatch Logs User Guide, "Filter pattern syntax".
 */
export function coveredByFilter(pattern: string | null): string[] {
  if (pattern === null) return [];
  const sources = [...pattern.matchAll(/\$\.eventSource\s*=\s*"?([\w.*-]+)"?/g)].map((m) => m[1]!);
  if (sources.length > 0 && !sources.some((s) => wildcard(s, 'kms.amazonaws.com'))) return [];
  const names = [...pattern.matchAll(/\$\.eventName\s*=\s*"?([\w*]+)"?/g)].map((m) => m[1]!);
  return WATCHED.filter((operation) => names.some((name) => wildcard(name, operation)));
}

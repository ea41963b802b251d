import type { AccessIssue, RawPointer } from '../types.ts';
import { jsonErrorPosition } from './json-position.ts';

/** A policy document read as JSON, before its statements are interpreted. */
export interface RawPolicy {
  /** `2012-10-17` has policy variables; `2008-10-17` (also when absent) has none. */
  version: string;
  statements: { value: Record<string, unknown>; index: number; path: string }[];
  /** Statements that could not be read and that might deny something. */
  unreadable: string[];
}

const TOP_LEVEL = new Set(['Version', 'Id', 'Statement']);

type Report = (code: AccessIssue['code'], path: string, message: string) => void;

/** Makes the function that documents report their problems with. */
export function reporter(issues: AccessIssue[], at: Omit<RawPointer, 'path'>): Report {
  return (code, path, message) => issues.push({ code, rawPointer: { ...at, path }, message });
}

/**
 * Reads a policy's text. IAM sends documents URL-encoded (RFC 3986), KMS does not: both are taken.
 * Returns undefined when there is nothing to evaluate; the reason has then been reported. Never throws.
 */
export function readPolicy(text: string, report: Report): RawPolicy | undefined {
  const decoded = decode(text, report);
  if (decoded === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(decoded);
  } catch {
    report('policy-malformed', '', `cannot read policy: ${jsonProblem(decoded)}`);
    return undefined;
  }
  if (!isRecord(json)) {
    report('policy-malformed', '', `cannot read policy: it is ${nameOf(json)}, not an object`);
    return undefined;
  }
  for (const key of Object.keys(json)) {
    if (!TOP_LEVEL.has(key)) report('element-unknown', pointer(key), `unknown policy element "${key}"`);
  }
  return { version: versionOf(json, report), ...statementsOf(json, report) };
}

function decode(text: string, report: Report): string | undefined {
  if (!/^\s*%/.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    report('policy-malformed', '', 'cannot read policy: its URL encoding is broken');
    return undefined;
  }
}

function jsonProblem(text: string): string {
  const position = jsonErrorPosition(text);
  return position === undefined || position >= text.length
    ? 'it ends before its JSON is complete'
    : `it is not JSON from position ${position}`;
}

function versionOf(json: Record<string, unknown>, report: Report): string {
  const version = json['Version'];
  if (version === undefined) return '2008-10-17';
  if (version === '2012-10-17' || version === '2008-10-17') return version;
  report('element-unknown', '/Version', `unknown policy language version ${JSON.stringify(version)}`);
  return '2008-10-17';
}

function statementsOf(
  json: Record<string, unknown>,
  report: Report,
): { statements: RawPolicy['statements']; unreadable: string[] } {
  const statement = json['Statement'];
  const statements: RawPolicy['statements'] = [];
  const unreadable: string[] = [];
  if (statement === undefined) {
    report('policy-malformed', '/Statement', 'policy has no Statement');
    return { statements, unreadable };
  }
  // A single statement may stand without an array; its pointer then has no index.
  const list: unknown[] = Array.isArray(statement) ? statement : [statement];
  list.forEach((value, index) => {
    const path = Array.isArray(statement) ? `/Statement/${index}` : '/Statement';
    if (isRecord(value)) {
      statements.push({ value, index, path });
    } else {
      report('statement-malformed', path, `statement ${index} is ${nameOf(value)}, not an object`);
      unreadable.push(`statement ${index}`);
    }
  });
  return { statements, unreadable };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** One RFC 6901 reference token per part. */
export function pointer(...parts: (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A string or a list of strings, as most policy elements allow; undefined when it is anything else. */
export function stringList(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  return undefined;
}

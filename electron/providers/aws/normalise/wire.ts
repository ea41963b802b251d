import { XMLParser } from 'fast-xml-parser';

/*
 * Reading the raw bytes AWS sent, without the SDK: JSON for KMS, CloudTrail, CloudWatch, EventBridge and Account; XML
 * for IAM, STS (Query protocol) and S3. Values keep the provider's own member names.
 */

/** Any JSON value as parsed. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const xml = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  processEntities: true,
  htmlEntities: true,
  // White space between elements is no value.
  tagValueProcessor: (_name, value) => (value.trim() === '' ? '' : value),
});

/** Parses a response body by its first character. @throws SyntaxError or Error when it is neither JSON nor XML. */
export function parseBody(body: Uint8Array): JsonObject {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  const start = text.trimStart();
  if (start === '') return {};
  const value = (start.startsWith('<') ? xml.parse(text) : JSON.parse(text)) as Json;
  return asObject(value);
}

/** The value as an object; an empty one when it is something else. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * A list, as JSON has it or as XML writes it: `<Users><member/>…`, one element for a list of one, '' for an empty one.
 */
export function list(value: Json | undefined, item = 'member'): Json[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && item in value) return list(value[item], item);
  return typeof value === 'object' && Object.keys(value).length === 0 ? [] : [value];
}

/** The objects of a list. */
export function objects(value: Json | undefined, item?: string): JsonObject[] {
  return list(value, item).map(asObject);
}

/** The value as text, or null. Numbers are written out. */
export function text(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** True or false, also as XML writes them; null when it is neither. */
export function flag(value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : null;
}

/** A whole number, also as XML writes it; null when it is none. */
export function whole(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

/**
 * A moment: epoch seconds (AWS JSON), or ISO 8601 as XML and the AWS CLI write it. Null when it is none.
 * @returns ISO 8601 UTC with milliseconds.
 */
export function moment(value: Json | undefined): string | null {
  const date =
    typeof value === 'number' ? new Date(value * 1000) : typeof value === 'string' ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

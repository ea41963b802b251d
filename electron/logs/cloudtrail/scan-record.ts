/*
 * The hot loop of ingest: finds the end of one JSON value and, on the way, where a record's own eventSource, eventName
 * and eventTime stand. It reads bytes, makes no strings and no objects, and does not validate what lies between the
 * brackets: a record that is kept is parsed afterwards.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** The value goes on after the bytes at hand. */
export const INCOMPLETE = -1;

/** Where the values (without quotes) of a record's own members stand; 0 when not there or not a plain string. */
export interface RecordFields {
  sourceStart: number;
  sourceEnd: number;
  nameStart: number;
  nameEnd: number;
  timeStart: number;
  timeEnd: number;
}

export function noFields(): RecordFields {
  return { sourceStart: 0, sourceEnd: 0, nameStart: 0, nameEnd: 0, timeStart: 0, timeEnd: 0 };
}

/**
 * Scans the object or array that starts at `start`; returns the position after its last bracket, or
 * {@link INCOMPLETE}. The last of several members of one name counts, as in JSON.parse.
 */
export function scanRecord(bytes: Uint8Array, start: number, end: number, fields: RecordFields): number {
  fields.sourceStart = fields.nameStart = fields.timeStart = 0;
  let depth = 0;
  let at = start;
  while (at < end) {
    let byte = bytes[at++]!;
    if (byte === QUOTE) {
      const from = at;
      while (at < end && (byte = bytes[at]!) !== QUOTE) at += byte === BACKSLASH ? 2 : 1;
      if (at >= end) return INCOMPLETE;
      at += 1;
      // The three names begin with `e` and have `t` fifth; two have 9 letters, eventSource has 11.
      if (depth !== 1 || bytes[from] !== 0x65 || bytes[from + 4] !== 0x74) continue;
      const length = at - 1 - from;
      if (length === 9 || length === 11) noteField(bytes, from, length, at, end, fields);
    } else if (byte >= 0x5b) {
      // 0x20 is the one bit in which [ and {, ] and } differ.
      const bracket = byte | 0x20;
      if (bracket === 0x7b) depth += 1;
      else if (bracket === 0x7d && --depth === 0) return at;
    }
  }
  return INCOMPLETE;
}

const SOURCE = Buffer.from('eventSource');
const NAME = Buffer.from('eventName');
const TIME = Buffer.from('eventTime');

function noteField(
  bytes: Uint8Array,
  from: number,
  length: number,
  after: number,
  end: number,
  fields: RecordFields,
): void {
  const isSource = length === 11 && same(bytes, from, SOURCE);
  const isName = length === 9 && same(bytes, from, NAME);
  if (!isSource && !isName && !(length === 9 && same(bytes, from, TIME))) return;
  let at = skipSpace(bytes, after, end);
  // A value that reads like a member's name has no colon after it.
  if (bytes[at] !== COLON) return;
  at = skipSpace(bytes, at + 1, end);
  let valueStart = 0;
  let valueEnd = 0;
  if (bytes[at] === QUOTE) {
    for (let i = at + 1; i < end; i += 1) {
      const byte = bytes[i];
      if (byte === BACKSLASH) break;
      if (byte === QUOTE) {
        valueStart = at + 1;
        valueEnd = i;
        break;
      }
    }
  }
  if (isSource) {
    fields.sourceStart = valueStart;
    fields.sourceEnd = valueEnd;
  } else if (isName) {
    fields.nameStart = valueStart;
    fields.nameEnd = valueEnd;
  } else {
    fields.timeStart = valueStart;
    fields.timeEnd = valueEnd;
  }
}

function same(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i += 1) if (bytes[from + i] !== word[i]) return false;
  return true;
}

/** Position of the first byte at or after `at` that is not white space (RFC 8259 §2). */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
  return end;
}

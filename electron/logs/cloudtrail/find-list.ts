import { INCOMPLETE, skipSpace } from './scan-record.ts';

/** What the object at the start of a log file turned out to be. */
export type TopObject =
  /** A wrapper: the list of records begins at `at`, after its bracket. */
  | { kind: 'list'; at: number; name: 'Records' | 'Events' }
  /** A whole object without such a list: one record of a file of JSON lines. */
  | { kind: 'object'; end: number }
  | { kind: 'incomplete' }
  | { kind: 'malformed'; at: number };

const QUOTE = 0x22;

/**
 * Walks the members of the object at `start` until one is a list named Records (log files) or Events (saved output of
 * `aws cloudtrail lookup-events`). Whatever else the wrapper holds is stepped over.
 */
export function findList(bytes: Buffer, start: number, end: number): TopObject {
  let at = skipSpace(bytes, start + 1, end);
  for (;;) {
    if (at >= end) return { kind: 'incomplete' };
    if (bytes[at] === 0x7d) return { kind: 'object', end: at + 1 };
    if (bytes[at] !== QUOTE) return { kind: 'malformed', at };
    const nameEnd = skipString(bytes, at, end);
    if (nameEnd === INCOMPLETE) return { kind: 'incomplete' };
    const name = bytes.toString('latin1', at + 1, Math.min(nameEnd - 1, at + 17));
    at = skipSpace(bytes, nameEnd, end);
    if (at >= end) return { kind: 'incomplete' };
    if (bytes[at] !== 0x3a) return { kind: 'malformed', at };
    at = skipSpace(bytes, at + 1, end);
    if (at >= end) return { kind: 'incomplete' };
    if (bytes[at] === 0x5b) {
      // Diagnostic exports of Azure write it small.
      if (name === 'Records' || name === 'records') return { kind: 'list', at: at + 1, name: 'Records' };
      if (name === 'Events') return { kind: 'list', at: at + 1, name };
    }
    at = skipValue(bytes, at, end);
    if (at === INCOMPLETE) return { kind: 'incomplete' };
    at = skipSpace(bytes, at, end);
    if (at >= end) return { kind: 'incomplete' };
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1, end);
    else if (bytes[at] !== 0x7d) return { kind: 'malformed', at };
  }
}

/** Position after the JSON value at `at`, or {@link INCOMPLETE}. Only brackets and strings are looked at. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at, end);
  if (first !== 0x7b && first !== 0x5b) {
    // A number, true, false or null ends where something else begins.
    while (at < end && !isDelimiter(bytes[at]!)) at += 1;
    return at < end ? at : INCOMPLETE;
  }
  for (let depth = 0; at < end;) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = skipString(bytes, at, end);
      if (at === INCOMPLETE) return INCOMPLETE;
      continue;
    }
    at += 1;
    if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return INCOMPLETE;
}

function skipString(bytes: Uint8Array, at: number, end: number): number {
  for (at += 1; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === 0x5c) at += 1;
  }
  return INCOMPLETE;
}

/** Comma, brackets and white space end a scalar. */
function isDelimiter(byte: number): boolean {
  return byte === 0x2c || byte === 0x5d || byte === 0x7d || byte <= 0x20;
}

import { entryLine, type EntryLine } from './entry.ts';

/** A ledger line is at most this long; sealed values stand beside it and bodies in tables of their own. */
export const MOST_LINE_BYTES = 1024 * 1024;

// Fatal: bytes that are no UTF-8 would otherwise read as U+FFFD and hash as something that does not stand there.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses the bytes of a ledger line, wherever they come from.
 *
 * A line has one form only, the one that JSON.stringify writes: no white space, no key twice, no other spelling of a
 * number or of a letter. So every reader reads the same entry out of it, whichever of two equal keys it would take.
 *
 * @throws when the bytes are not UTF-8, not JSON, not in that form, or not an entry of a known version.
 */
export function parseLine(bytes: Uint8Array): EntryLine {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (JSON.stringify(value) !== text) throw new SyntaxError('the line is not in the form it is written in');
  // The schema library passes over this key, as most readers in JavaScript do: nothing may hide behind it.
  if (text.includes('"__proto__":')) throw new SyntaxError('the line has a key __proto__');
  return entryLine.parse(value);
}

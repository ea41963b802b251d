/** Spelling of PDF values (ISO 32000-1, 7.3). Every function returns characters that fit in Latin-1. */
import { PdfError } from './error.ts';

/** An object number; generation is always 0. */
export type ObjectId = number;

/** `12 0 R`. */
export const ref = (id: ObjectId): string => `${id} 0 R`;

/** A number with at most two decimals: a hundredth of a point is finer than any printer. What is no number becomes 0. */
export function num(value: number): string {
  if (!Number.isFinite(value)) return '0';
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

/** A text string as UTF-16BE in hexadecimal, so that any name survives; a lone surrogate becomes U+FFFD. */
export function textString(text: string): string {
  let hex = '<FEFF';
  for (const unit of utf16(text.toWellFormed())) hex += unit;
  return hex + '>';
}

/** The UTF-16BE code units of a text as upper-case hexadecimal, four digits each. */
export function* utf16(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) yield hex4(text.charCodeAt(i));
}

const HEX4 = Array.from({ length: 0x1000 }, (_, i) => i.toString(16).toUpperCase().padStart(4, '0'));

/** Four upper-case hexadecimal digits. */
export function hex4(value: number): string {
  return HEX4[value] ?? value.toString(16).toUpperCase().padStart(4, '0');
}

/** A name object; characters outside the regular ones are written as `#xx` (7.3.5). */
export function name(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  let out = '/';
  for (const b of bytes) {
    const regular = b > 0x20 && b < 0x7f && !'()<>[]{}/%#'.includes(String.fromCharCode(b));
    out += regular ? String.fromCharCode(b) : `#${b.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** A literal string of plain ASCII, used for dates and language tags. */
export const ascii = (text: string): string => `(${text.replace(/[\\()]/g, '\\$&')})`;

/** A PDF date in UTC (7.9.4) from an ISO 8601 time. @throws PdfError `bad-time` when the text is not a time. */
export function pdfDate(iso: string): string {
  const t = new Date(iso);
  if (Number.isNaN(t.getTime())) {
    throw new PdfError(
      'bad-time',
      `cannot date the report: "${iso}" is not a time. Give an ISO 8601 time in UTC.`,
    );
  }
  return `(D:${t.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z)`;
}

import { SealError } from '../error.ts';

/** PDF objects (ISO 32000-1 §7.3) as far as signing needs them. */
export type PdfValue =
  null | boolean | number | PdfName | PdfString | PdfReference | PdfArray | PdfDictionary | PdfStream;

export interface PdfName {
  readonly type: 'name';
  /** Decoded, without the slash. */
  readonly name: string;
}
export interface PdfString {
  readonly type: 'string';
  readonly bytes: Uint8Array;
  readonly hex: boolean;
  /** Offsets in the file of the first delimiter and after the last. */
  readonly start: number;
  readonly end: number;
}
export interface PdfReference {
  readonly type: 'reference';
  readonly number: number;
  readonly generation: number;
}
export interface PdfArray {
  readonly type: 'array';
  readonly items: readonly PdfValue[];
}
export interface PdfDictionary {
  readonly type: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export interface PdfStream {
  readonly type: 'stream';
  readonly dictionary: PdfDictionary;
  /** As stored, filters not undone. */
  readonly data: Uint8Array;
}

export const pdfName = (name: string): PdfName => ({ type: 'name', name });
export const pdfArray = (items: readonly PdfValue[]): PdfArray => ({ type: 'array', items });
export const pdfReference = (number: number, generation = 0): PdfReference => ({
  type: 'reference',
  number,
  generation,
});
export const pdfDictionary = (entries: Record<string, PdfValue>): PdfDictionary => ({
  type: 'dictionary',
  entries: new Map(Object.entries(entries)),
});
export const pdfHex = (bytes: Uint8Array): PdfString => ({
  type: 'string',
  bytes,
  hex: true,
  start: 0,
  end: 0,
});

/** A text string that every script fits in: UTF-16BE with a byte order mark (§7.9.2.2), in hex. */
export const pdfText = (text: string): PdfString => pdfHex(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16());

export const isDictionary = (value: PdfValue | undefined): value is PdfDictionary =>
  typeof value === 'object' && value?.type === 'dictionary';
export const isArray = (value: PdfValue | undefined): value is PdfArray =>
  typeof value === 'object' && value?.type === 'array';
export const isReference = (value: PdfValue | undefined): value is PdfReference =>
  typeof value === 'object' && value?.type === 'reference';
export const isStream = (value: PdfValue | undefined): value is PdfStream =>
  typeof value === 'object' && value?.type === 'stream';
export const isString = (value: PdfValue | undefined): value is PdfString =>
  typeof value === 'object' && value?.type === 'string';
export const nameOf = (value: PdfValue | undefined): string | null =>
  typeof value === 'object' && value?.type === 'name' ? value.name : null;

/** A text string for people: UTF-16BE or UTF-8 with its mark, else Latin-1. */
export function textOf(value: PdfValue | undefined): string | null {
  if (!isString(value)) return null;
  const bytes = Buffer.from(value.bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return bytes.subarray(2).swap16().toString('utf16le');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8');
  return bytes.toString('latin1');
}

/** The dictionary with some entries set, in place where they were and else at the end; null removes nothing. */
export function withEntries(dictionary: PdfDictionary, entries: Record<string, PdfValue>): PdfDictionary {
  return { type: 'dictionary', entries: new Map([...dictionary.entries, ...Object.entries(entries)]) };
}

/** PDF syntax of a value. Equal values give equal text, which is also how revisions are compared. */
export function writeValue(value: PdfValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  switch (value.type) {
    case 'name':
      return writeName(value.name);
    case 'string':
      return `<${Buffer.from(value.bytes).toString('hex')}>`;
    case 'reference':
      return `${value.number} ${value.generation} R`;
    case 'array':
      return `[${value.items.map(writeValue).join(' ')}]`;
    case 'dictionary':
      return `<<${[...value.entries].map(([key, entry]) => `${writeName(key)} ${writeValue(entry)}`).join(' ')}>>`;
    case 'stream':
      return `${writeValue(value.dictionary)} stream ${Buffer.from(value.data).toString('latin1')}`;
  }
}

function writeNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/\.?0+$/, '');
}

const writeName = (name: string): string =>
  `/${name.replace(/[^!"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]/g, (c) => `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;

export function pdfError(reason: string): SealError {
  return new SealError('MALFORMED', `cannot read the PDF: ${reason}. The file is damaged or was altered`);
}

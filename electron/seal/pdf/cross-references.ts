import { decodeStream } from './filters.ts';
import { PdfParser } from './parser.ts';
import { isArray, isDictionary, isStream, pdfError, type PdfDictionary, type PdfValue } from './values.ts';
import { readIndirect } from './indirect.ts';

/** Where an object stands. */
export type Location =
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number }
  | { readonly kind: 'free' };

/** One cross-reference section: one revision of the file (ISO 32000-1 §7.5.4, §7.5.8). */
export interface Section {
  readonly offset: number;
  readonly form: 'table' | 'stream';
  readonly locations: ReadonlyMap<number, Location>;
  readonly trailer: PdfDictionary;
}

const MOST_SECTIONS = 1000;

/** Offset that the last `startxref` names. */
export function lastStartXref(bytes: Uint8Array): number {
  const tailStart = Math.max(0, bytes.length - 2048);
  const tail = Buffer.from(bytes.subarray(tailStart)).toString('latin1');
  const found = /startxref[\r\n\t ]+(\d{1,15})[\r\n\t ]+%%EOF[\r\n\t ]*$/.exec(tail);
  if (!found) throw pdfError('it does not end with startxref and %%EOF');
  return Number(found[1]);
}

/** All sections, newest first. */
export function readSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  const seen = new Set<number>();
  for (let next: number | null = lastStartXref(bytes); next !== null;) {
    if (seen.has(next) || sections.length >= MOST_SECTIONS)
      throw pdfError('its object tables refer to each other in a circle');
    seen.add(next);
    const section: Section = readSection(bytes, next);
    sections.push(section);
    const previous: PdfValue | undefined = section.trailer.entries.get('Prev');
    next = typeof previous === 'number' ? previous : null;
  }
  return sections;
}

function readSection(bytes: Uint8Array, offset: number): Section {
  if (offset >= bytes.length) throw pdfError('its object table lies outside of the file');
  const parser = new PdfParser(bytes, offset);
  return parser.accept('xref') ? readTable(bytes, offset, parser) : readStream(bytes, offset);
}

function readTable(bytes: Uint8Array, offset: number, parser: PdfParser): Section {
  const locations = new Map<number, Location>();
  while (!parser.accept('trailer')) {
    const first = parser.integer();
    const count = parser.integer();
    if (count > bytes.length / 18) throw pdfError('its object table is larger than the file');
    for (let index = 0; index < count; index++) {
      const where = parser.integer();
      const generation = parser.integer();
      if (parser.accept('f')) locations.set(first + index, { kind: 'free' });
      else {
        parser.expect('n');
        locations.set(first + index, { kind: 'offset', offset: where, generation });
      }
    }
  }
  const trailer = parser.value();
  if (!isDictionary(trailer)) throw pdfError('its trailer is missing');
  // Hybrid files (§7.5.8.4): the stream adds objects that old readers shall not see.
  const hybrid = trailer.entries.get('XRefStm');
  if (typeof hybrid === 'number') {
    for (const [number, location] of readStream(bytes, hybrid).locations) {
      const known = locations.get(number);
      if (known === undefined || known.kind === 'free') locations.set(number, location);
    }
  }
  return { offset, form: 'table', locations, trailer };
}

function readStream(bytes: Uint8Array, offset: number): Section {
  const { value } = readIndirect(bytes, offset, () => {
    throw pdfError('the length of its object table is not direct');
  });
  if (!isStream(value)) throw pdfError('its object table is neither a table nor a stream');
  const { dictionary } = value;
  const numbers = (key: string): number[] | null => {
    const array = dictionary.entries.get(key);
    return isArray(array) && array.items.every((item) => typeof item === 'number')
      ? (array.items as number[])
      : null;
  };
  const widths = numbers('W');
  const size = dictionary.entries.get('Size');
  if (widths?.length !== 3 || widths.some((width) => width < 0 || width > 6) || typeof size !== 'number') {
    throw pdfError('its object table has an unknown layout');
  }
  const decoded = decodeStream(value);
  const rows = Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number];
  const index = numbers('Index') ?? [0, size];
  const locations = new Map<number, Location>();
  let at = 0;
  const field = (width: number, otherwise: number): number => {
    if (width === 0) return otherwise;
    if (at + width > rows.length) throw pdfError('its object table is too short');
    at += width;
    return rows.readUIntBE(at - width, width);
  };
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    for (
      let number = index[pair] as number, end = number + (index[pair + 1] as number);
      number < end;
      number++
    ) {
      const kind = field(typeWidth, 1);
      const second = field(secondWidth, 0);
      const third = field(thirdWidth, 0);
      if (kind === 0) locations.set(number, { kind: 'free' });
      if (kind === 1) locations.set(number, { kind: 'offset', offset: second, generation: third });
      if (kind === 2) locations.set(number, { kind: 'compressed', stream: second, index: third });
    }
  }
  return { offset, form: 'stream', locations, trailer: dictionary };
}

import { SealError } from '../error.ts';
import { decodeStream } from './filters.ts';
import { readSections, type Location, type Section } from './cross-references.ts';
import { readIndirect } from './indirect.ts';
import { PdfParser } from './parser.ts';
import {
  isArray,
  isDictionary,
  isReference,
  isStream,
  nameOf,
  pdfError,
  type PdfDictionary,
  type PdfReference,
  type PdfValue,
} from './values.ts';

/**
 * A PDF opened for signing or inspection. Objects are found through the cross-reference tables, as viewers do, and
 * read only when asked for: a report of thousands of pages costs no more than a small one.
 */
export interface PdfFile {
  readonly bytes: Uint8Array;
  /** Newest first. */
  readonly sections: readonly Section[];
  readonly locations: ReadonlyMap<number, Location>;
  readonly trailer: PdfDictionary;
  readonly rootReference: PdfReference;
  readonly catalog: PdfDictionary;
  /** One more than the highest object number in use. */
  readonly size: number;
  /** Follows references until a value; null for objects that do not exist (§7.3.10). */
  resolve(value: PdfValue | undefined): PdfValue;
  dictionary(value: PdfValue | undefined): PdfDictionary | null;
}

const MOST_REFERENCES = 32;

/** @throws SealError MALFORMED or UNSUPPORTED (encrypted) */
export function openPdf(bytes: Uint8Array): PdfFile {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-')
    throw pdfError('it does not begin with %PDF-');
  const sections = readSections(bytes);
  const [newest] = sections;
  if (!newest) throw pdfError('it has no object table');
  const { trailer } = newest;
  if (trailer.entries.has('Encrypt')) {
    throw new SealError('UNSUPPORTED', 'cannot use the PDF: it is encrypted. Save it without a password');
  }
  const locations = new Map<number, Location>();
  for (const section of [...sections].reverse())
    for (const [number, location] of section.locations) locations.set(number, location);

  const objectStreams = new Map<number, Map<number, PdfValue>>();
  const resolving = new Set<number>();

  function load({ number, generation }: PdfReference): PdfValue {
    const location = locations.get(number);
    if (!location || location.kind === 'free') return null;
    if (resolving.has(number)) throw pdfError(`object ${number} refers to itself`);
    resolving.add(number);
    try {
      if (location.kind === 'compressed') return fromObjectStream(location.stream).get(number) ?? null;
      if (location.generation !== generation) return null;
      const object = readIndirect(bytes, location.offset, load);
      if (object.number !== number || object.generation !== generation)
        throw pdfError(`object ${number} is not where its table says`);
      return object.value;
    } finally {
      resolving.delete(number);
    }
  }

  function fromObjectStream(number: number): Map<number, PdfValue> {
    const known = objectStreams.get(number);
    if (known) return known;
    if (locations.get(number)?.kind === 'compressed')
      throw pdfError('an object stream is inside another one');
    const stream = load({ type: 'reference', number, generation: 0 });
    if (!isStream(stream) || nameOf(stream.dictionary.entries.get('Type')) !== 'ObjStm')
      throw pdfError(`object ${number} is no object stream`);
    const objects = readObjectStream(decodeStream(stream), stream.dictionary);
    objectStreams.set(number, objects);
    return objects;
  }

  function resolve(value: PdfValue | undefined): PdfValue {
    let current = value ?? null;
    for (let hop = 0; isReference(current); hop++) {
      if (hop > MOST_REFERENCES) throw pdfError('references lead in a circle');
      current = load(current);
    }
    return current;
  }

  function dictionary(value: PdfValue | undefined): PdfDictionary | null {
    const resolved = resolve(value);
    return isDictionary(resolved) ? resolved : null;
  }

  const rootReference = trailer.entries.get('Root');
  if (!isReference(rootReference)) throw pdfError('its trailer names no catalog');
  const catalog = dictionary(rootReference);
  if (catalog === null) throw pdfError('its catalog is missing');
  const stated = trailer.entries.get('Size');
  const size = Math.max(typeof stated === 'number' ? stated : 0, highest(locations) + 1);
  return { bytes, sections, locations, trailer, rootReference, catalog, size, resolve, dictionary };
}

function highest(locations: ReadonlyMap<number, Location>): number {
  let most = 0;
  for (const number of locations.keys()) most = Math.max(most, number);
  return most;
}

function readObjectStream(data: Uint8Array, dictionary: PdfDictionary): Map<number, PdfValue> {
  const count = dictionary.entries.get('N');
  const first = dictionary.entries.get('First');
  if (typeof count !== 'number' || typeof first !== 'number' || count > data.length)
    throw pdfError('an object stream has no header');
  const header = new PdfParser(data);
  const objects = new Map<number, PdfValue>();
  for (let index = 0; index < count; index++) {
    const number = header.integer();
    objects.set(number, new PdfParser(data, first + header.integer()).value());
  }
  return objects;
}

/** Reference of the first page, by the leftmost path through the page tree (§7.7.3). */
export function firstPage(pdf: PdfFile): PdfReference {
  let node = pdf.catalog.entries.get('Pages');
  for (let depth = 0; depth < 64; depth++) {
    const dictionary = pdf.dictionary(node);
    if (dictionary === null || !isReference(node)) break;
    if (nameOf(pdf.resolve(dictionary.entries.get('Type'))) === 'Page') return node;
    const kids = pdf.resolve(dictionary.entries.get('Kids'));
    node = isArray(kids) ? kids.items[0] : undefined;
  }
  throw pdfError('it has no page');
}

import { hash } from 'node:crypto';
import { appendIncrement, streamObject, valueObject, type NewObject } from '../pdf/increment.ts';
import { decodeStream } from '../pdf/filters.ts';
import type { ValidationData } from '../revocation/gather.ts';
import { openPdf, type PdfFile } from '../pdf/pdf-file.ts';
import {
  isArray,
  isReference,
  isStream,
  pdfArray,
  pdfDictionary,
  pdfName,
  pdfReference,
  withEntries,
  type PdfReference,
  type PdfValue,
} from '../pdf/values.ts';

const KINDS = [
  ['Certs', 'certificates'],
  ['CRLs', 'crls'],
  ['OCSPs', 'ocsps'],
] as const;

/**
 * Appends a document security store (ISO 32000-2 §12.8.4.3; PAdES level B-LT). What an earlier store holds stays in it,
 * and nothing is stored twice. Returns the same bytes when there is nothing to add.
 */
export function addValidationData(pdf: Uint8Array, data: ValidationData): Uint8Array {
  const file = openPdf(pdf);
  const entry = file.catalog.entries.get('DSS');
  const store = file.dictionary(entry) ?? pdfDictionary({ Type: pdfName('DSS') });
  const objects: NewObject[] = [];
  let number = file.size;
  const changed: Record<string, PdfValue> = {};
  for (const [key, kind] of KINDS) {
    const present = streamsOf(file, store.entries.get(key));
    const known = new Set(present.digests);
    const added: PdfReference[] = [];
    for (const der of data[kind]) {
      const digest = hash('sha256', der, 'hex');
      if (known.has(digest)) continue;
      known.add(digest);
      const reference = pdfReference(number++);
      objects.push(streamObject(reference, der));
      added.push(reference);
    }
    if (added.length > 0) changed[key] = pdfArray([...present.items, ...added]);
  }
  if (objects.length === 0) return pdf;
  const extended = withEntries(store, changed);
  if (isReference(entry)) objects.push(valueObject(entry, extended));
  else {
    const reference = pdfReference(number);
    objects.push(valueObject(reference, extended));
    objects.push(valueObject(file.rootReference, withEntries(file.catalog, { DSS: reference })));
  }
  return appendIncrement(file, objects).bytes;
}

/** What a document security store holds; empty when there is none. */
export function readValidationData(file: PdfFile): ValidationData {
  const store = file.dictionary(file.catalog.entries.get('DSS'));
  const all = (key: string): readonly Uint8Array[] => streamsOf(file, store?.entries.get(key)).contents;
  return { certificates: all('Certs'), crls: all('CRLs'), ocsps: all('OCSPs') };
}

function streamsOf(
  file: PdfFile,
  value: PdfValue | undefined,
): { items: readonly PdfValue[]; digests: string[]; contents: Uint8Array[] } {
  const array = file.resolve(value);
  const items = isArray(array) ? array.items : [];
  const contents = items
    .map((item) => file.resolve(item))
    .filter(isStream)
    .map((stream) => decodeStream(stream));
  return { items, digests: contents.map((content) => hash('sha256', content, 'hex')), contents };
}

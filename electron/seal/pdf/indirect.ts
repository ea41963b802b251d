import { PdfParser } from './parser.ts';
import { isDictionary, isReference, pdfError, type PdfReference, type PdfValue } from './values.ts';

/** An object with a number as it stands at an offset: "12 0 obj ... endobj" (ISO 32000-1 §7.3.10). */
export interface Indirect {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
}

/** Reads one indirect object; `resolve` looks up a stream length that is a reference. */
export function readIndirect(
  bytes: Uint8Array,
  offset: number,
  resolve: (reference: PdfReference) => PdfValue,
): Indirect {
  const parser = new PdfParser(bytes, offset);
  const number = parser.integer();
  const generation = parser.integer();
  parser.expect('obj');
  const value = parser.value();
  if (!isDictionary(value) || !parser.accept('stream')) {
    parser.expect('endobj');
    return { number, generation, value };
  }
  // §7.3.8.1: "stream" is followed by CR LF or LF alone.
  const lineEnd = bytes[parser.position] === 0x0d ? 2 : 1;
  if (bytes[parser.position + lineEnd - 1] !== 0x0a)
    throw pdfError(`the stream of object ${number} does not start on a new line`);
  const start = parser.position + lineEnd;
  const stated = value.entries.get('Length');
  const length = isReference(stated) ? resolve(stated) : stated;
  if (
    typeof length !== 'number' ||
    !Number.isSafeInteger(length) ||
    length < 0 ||
    start + length > bytes.length
  ) {
    throw pdfError(`the stream of object ${number} has no usable length`);
  }
  parser.position = start + length;
  parser.expect('endstream');
  parser.expect('endobj');
  return {
    number,
    generation,
    value: { type: 'stream', dictionary: value, data: bytes.subarray(start, start + length) },
  };
}

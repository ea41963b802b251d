import { inflateSync } from 'node:zlib';
import { SealError } from '../error.ts';
import {
  isArray,
  isDictionary,
  nameOf,
  pdfError,
  type PdfDictionary,
  type PdfStream,
  type PdfValue,
} from './values.ts';

/** Cross-reference and object streams of a report are far smaller. */
const MOST_INFLATED_BYTES = 256 * 1024 * 1024;

/** The decoded data of a cross-reference or object stream: no filter, or FlateDecode with or without PNG predictor. */
export function decodeStream({ dictionary, data }: PdfStream): Uint8Array {
  const filter = single(dictionary.entries.get('Filter'));
  if (filter === undefined || filter === null) return data;
  if (nameOf(filter) !== 'FlateDecode') {
    throw new SealError(
      'UNSUPPORTED',
      'cannot read the PDF: its object tables use a filter other than FlateDecode. Save it again with another program',
    );
  }
  const parameters = single(dictionary.entries.get('DecodeParms'));
  let plain: Uint8Array;
  try {
    plain = inflateSync(data, { maxOutputLength: MOST_INFLATED_BYTES });
  } catch (cause) {
    throw new SealError(
      'MALFORMED',
      'cannot read the PDF: a compressed object table is damaged. The file was altered',
      { cause },
    );
  }
  return isDictionary(parameters) ? unpredict(plain, parameters) : plain;
}

const single = (value: PdfValue | undefined): PdfValue | undefined =>
  isArray(value) ? value.items[0] : value;

/** Undoes the PNG predictors (ISO 32000-1 §7.4.4.4; PNG §9) for one byte per sample. */
function unpredict(bytes: Uint8Array, parameters: PdfDictionary): Uint8Array {
  const number = (key: string, otherwise: number): number => {
    const value = parameters.entries.get(key);
    return typeof value === 'number' ? value : otherwise;
  };
  if (number('Predictor', 1) < 10) return bytes;
  const columns = number('Columns', 1);
  if (number('Colors', 1) !== 1 || number('BitsPerComponent', 8) !== 8 || columns < 1)
    throw pdfError('its object table has an unknown layout');
  const rows = Math.floor(bytes.length / (columns + 1));
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (columns + 1)] ?? 0;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const left = column > 0 ? (out[at - 1] ?? 0) : 0;
      const up = row > 0 ? (out[at - columns] ?? 0) : 0;
      const corner = row > 0 && column > 0 ? (out[at - columns - 1] ?? 0) : 0;
      out[at] = (bytes[row * (columns + 1) + 1 + column] ?? 0) + predicted(kind, left, up, corner);
    }
  }
  return out;
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  if (kind !== 4) return 0;
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

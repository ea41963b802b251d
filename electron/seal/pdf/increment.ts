import { hash } from 'node:crypto';
import { concat } from '../der/write.ts';
import type { PdfFile } from './pdf-file.ts';
import {
  isArray,
  isString,
  pdfArray,
  pdfHex,
  pdfName,
  writeValue,
  type PdfReference,
  type PdfValue,
} from './values.ts';

/** An object of an increment: its syntax, without "obj" and "endobj". */
export interface NewObject {
  readonly reference: PdfReference;
  readonly body: Uint8Array;
}

export const valueObject = (reference: PdfReference, value: PdfValue): NewObject => ({
  reference,
  body: Buffer.from(writeValue(value), 'latin1'),
});

/** A stream of raw bytes, uncompressed: certificates and revocation data do not compress. */
export function streamObject(reference: PdfReference, data: Uint8Array): NewObject {
  return {
    reference,
    body: concat(Buffer.from(`<</Length ${data.length}>>\nstream\n`), data, Buffer.from('\nendstream')),
  };
}

/** The result of appending, with where each new object's body begins in it. */
export interface Appended {
  readonly bytes: Uint8Array;
  bodyOffset(reference: PdfReference): number;
}

/**
 * Appends an incremental update (ISO 32000-1 §7.5.6): the original bytes stay as they are and come first. The new
 * cross-reference section has the form of the newest one, as §7.5.8.4 demands of files with object streams.
 */
export function appendIncrement(pdf: PdfFile, objects: readonly NewObject[]): Appended {
  const sorted = [...objects].sort((a, b) => a.reference.number - b.reference.number);
  const last = pdf.bytes[pdf.bytes.length - 1];
  const parts: Uint8Array[] = [pdf.bytes];
  if (last !== 0x0a && last !== 0x0d) parts.push(Buffer.from('\n'));
  let at = parts.reduce((sum, part) => sum + part.length, 0);
  const push = (part: Uint8Array): void => {
    parts.push(part);
    at += part.length;
  };
  const offsets = new Map<number, number>();
  const bodies = new Map<number, number>();
  for (const { reference, body } of sorted) {
    offsets.set(reference.number, at);
    push(Buffer.from(`${reference.number} ${reference.generation} obj\n`));
    bodies.set(reference.number, at);
    push(body);
    push(Buffer.from('\nendobj\n'));
  }
  const startXref = at;
  const form = pdf.sections[0]?.form ?? 'table';
  const size = Math.max(pdf.size, ...sorted.map(({ reference }) => reference.number + 1));
  push(
    form === 'table'
      ? table(pdf, sorted, offsets, size)
      : crossReferenceStream(pdf, sorted, offsets, size, startXref),
  );
  push(Buffer.from(`startxref\n${startXref}\n%%EOF\n`));
  return {
    bytes: concat(...parts),
    bodyOffset: ({ number }) => bodies.get(number) ?? Number.NaN,
  };
}

/** Runs of consecutive object numbers: what both forms are written in. */
function runs(objects: readonly NewObject[]): NewObject[][] {
  const out: NewObject[][] = [];
  for (const object of objects) {
    const run = out[out.length - 1];
    if (run && object.reference.number === (run[0] as NewObject).reference.number + run.length)
      run.push(object);
    else out.push([object]);
  }
  return out;
}

function table(
  pdf: PdfFile,
  objects: readonly NewObject[],
  offsets: ReadonlyMap<number, number>,
  size: number,
): Uint8Array {
  const lines = runs(objects).map((run) => {
    const rows = run.map(({ reference }) => {
      const offset = String(offsets.get(reference.number)).padStart(10, '0');
      return `${offset} ${String(reference.generation).padStart(5, '0')} n \n`;
    });
    return `${run[0]?.reference.number} ${run.length}\n${rows.join('')}`;
  });
  const trailer = writeValue({ type: 'dictionary', entries: trailerEntries(pdf, objects, size) });
  return Buffer.from(`xref\n${lines.join('')}trailer\n${trailer}\n`, 'latin1');
}

function crossReferenceStream(
  pdf: PdfFile,
  objects: readonly NewObject[],
  offsets: ReadonlyMap<number, number>,
  size: number,
  startXref: number,
): Uint8Array {
  const own: NewObject = {
    reference: { type: 'reference', number: size, generation: 0 },
    body: new Uint8Array(),
  };
  const listed = [...objects, own];
  const rows = listed.map(({ reference }) => {
    const row = Buffer.alloc(9);
    row[0] = 1;
    row.writeUIntBE(offsets.get(reference.number) ?? startXref, 1, 6);
    row.writeUInt16BE(reference.generation, 7);
    return row;
  });
  const data = Buffer.concat(rows);
  const entries = new Map<string, PdfValue>([
    ['Type', pdfName('XRef')],
    ['W', pdfArray([1, 6, 2])],
    ['Index', pdfArray(runs(listed).flatMap((run) => [run[0]?.reference.number ?? 0, run.length]))],
    ['Length', data.length],
    ...trailerEntries(pdf, objects, size + 1),
  ]);
  const head = `${size} 0 obj\n${writeValue({ type: 'dictionary', entries })}\nstream\n`;
  return concat(Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream\nendobj\n'));
}

/** §7.5.5; the second part of the identifier changes with the content (§14.4), here without clock or randomness. */
function trailerEntries(pdf: PdfFile, objects: readonly NewObject[], size: number): Map<string, PdfValue> {
  const entries = new Map<string, PdfValue>([
    ['Size', size],
    ['Root', pdf.rootReference],
    ['Prev', pdf.sections[0]?.offset ?? 0],
  ]);
  const info = pdf.trailer.entries.get('Info');
  if (info !== undefined) entries.set('Info', info);
  const identifier = pdf.resolve(pdf.trailer.entries.get('ID'));
  const first = isArray(identifier) ? pdf.resolve(identifier.items[0]) : null;
  const changed = hash(
    'sha256',
    Buffer.concat([Buffer.from(String(pdf.bytes.length)), ...objects.map(({ body }) => body)]),
    'buffer',
  ).subarray(0, 16);
  entries.set('ID', pdfArray([isString(first) ? pdfHex(first.bytes) : pdfHex(changed), pdfHex(changed)]));
  return entries;
}

import { createHash } from 'node:crypto';
import { SealError } from '../error.ts';
import type { DigestAlgorithm } from '../digest.ts';
import { appendIncrement, valueObject, type NewObject } from '../pdf/increment.ts';
import { firstPage, type PdfFile } from '../pdf/pdf-file.ts';
import {
  isArray,
  isDictionary,
  isReference,
  pdfArray,
  pdfDictionary,
  pdfError,
  pdfName,
  pdfReference,
  pdfText,
  withEntries,
  writeValue,
  type PdfDictionary,
  type PdfReference,
  type PdfValue,
} from '../pdf/values.ts';

/** A PDF with a hole where the signature goes. The bytes are final but for the hole. */
export interface Prepared {
  readonly bytes: Uint8Array;
  /** Digest of everything but the hole, angle brackets included in the hole (ISO 32000-1 §12.8.1). */
  digest(algorithm: DigestAlgorithm): Uint8Array;
  /** Writes the signature into the hole. @throws SealError TOO_LARGE */
  fill(signature: Uint8Array): Uint8Array;
}

/** Printed in every entry so that the range can be written without moving anything. */
const RANGE_PLACEHOLDER = '[0 0000000000 0000000000 0000000000]';

/**
 * Appends an invisible signature field and its empty signature dictionary (ISO 32000-1 §12.7.4.5, §12.8.1).
 *
 * The widget has no size, lies on the first page and has the flags Print and Locked: PDF/A then asks for no
 * appearance, and PDF/UA for no tag, as it is outside of what is shown.
 */
export function prepareSignature(
  pdf: PdfFile,
  signature: Record<string, PdfValue>,
  options: { fieldName: string; tooltip: string; contentsBytes: number },
): Prepared {
  const signatureReference = pdfReference(pdf.size);
  const fieldReference = pdfReference(pdf.size + 1);
  const page = firstPage(pdf);
  const field = pdfDictionary({
    Type: pdfName('Annot'),
    Subtype: pdfName('Widget'),
    FT: pdfName('Sig'),
    T: pdfText(uniqueFieldName(pdf, options.fieldName)),
    TU: pdfText(options.tooltip),
    F: 132,
    Rect: pdfArray([0, 0, 0, 0]),
    P: page,
    V: signatureReference,
  });
  const { body, rangeAt, contentsAt } = signatureBody(signature, options.contentsBytes);
  const objects = [
    { reference: signatureReference, body },
    valueObject(fieldReference, field),
    pageWithWidget(pdf, page, fieldReference),
    ...formWithField(pdf, fieldReference),
  ];
  const appended = appendIncrement(pdf, objects);
  const start = appended.bodyOffset(signatureReference);
  const contentsLength = options.contentsBytes * 2 + 2;
  const holeStart = start + contentsAt;
  const holeEnd = holeStart + contentsLength;
  const bytes = Buffer.from(appended.bytes);
  const range = `[0 ${holeStart} ${holeEnd} ${bytes.length - holeEnd}]`.padEnd(RANGE_PLACEHOLDER.length, ' ');
  bytes.write(range, start + rangeAt, 'latin1');
  return {
    bytes,
    digest: (algorithm) =>
      createHash(algorithm).update(bytes.subarray(0, holeStart)).update(bytes.subarray(holeEnd)).digest(),
    fill: (value) => {
      if (value.length > options.contentsBytes) {
        throw new SealError(
          'TOO_LARGE',
          `cannot sign the PDF: the signature has ${value.length} bytes and ${options.contentsBytes} were reserved. Reserve more`,
        );
      }
      const filled = Buffer.from(bytes);
      filled.write(Buffer.from(value).toString('hex'), holeStart + 1, 'latin1');
      return new Uint8Array(filled);
    },
  };
}

function signatureBody(
  entries: Record<string, PdfValue>,
  contentsBytes: number,
): { body: Uint8Array; rangeAt: number; contentsAt: number } {
  const head = writeValue(pdfDictionary(entries)).slice(0, -2);
  const beforeRange = `${head} /ByteRange `;
  const beforeContents = `${beforeRange}${RANGE_PLACEHOLDER} /Contents `;
  const text = `${beforeContents}<${'0'.repeat(contentsBytes * 2)}>>>`;
  return {
    body: Buffer.from(text, 'latin1'),
    rangeAt: beforeRange.length,
    contentsAt: beforeContents.length,
  };
}

function uniqueFieldName(pdf: PdfFile, wanted: string): string {
  const form = pdf.dictionary(pdf.catalog.entries.get('AcroForm'));
  const fields = form ? pdf.resolve(form.entries.get('Fields')) : null;
  const count = isArray(fields) ? fields.items.length : 0;
  return count === 0 ? wanted : `${wanted} ${count + 1}`;
}

function pageWithWidget(pdf: PdfFile, page: PdfReference, widget: PdfReference): NewObject {
  const dictionary = pdf.dictionary(page);
  if (dictionary === null) throw pdfError('its first page is missing');
  const annotations = pdf.resolve(dictionary.entries.get('Annots'));
  const items = isArray(annotations) ? annotations.items : [];
  // PDF/UA-1 §7.18.3: a page with annotations states its tab order.
  const order: Record<string, PdfValue> = dictionary.entries.has('Tabs') ? {} : { Tabs: pdfName('S') };
  return valueObject(page, withEntries(dictionary, { Annots: pdfArray([...items, widget]), ...order }));
}

/** SigFlags 3: signatures exist, and only appending keeps them valid (ISO 32000-1 §12.7.2). */
function formWithField(pdf: PdfFile, field: PdfReference): NewObject[] {
  const entry = pdf.catalog.entries.get('AcroForm');
  const form: PdfDictionary = pdf.dictionary(entry) ?? pdfDictionary({});
  const fields = pdf.resolve(form.entries.get('Fields'));
  const items = isArray(fields) ? fields.items : [];
  const extended = withEntries(form, { Fields: pdfArray([...items, field]), SigFlags: 3 });
  if (isReference(entry) && isDictionary(pdf.resolve(entry))) return [valueObject(entry, extended)];
  return [valueObject(pdf.rootReference, withEntries(pdf.catalog, { AcroForm: extended }))];
}

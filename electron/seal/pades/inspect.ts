import { createHash } from 'node:crypto';
import type { DigestAlgorithm } from '../digest.ts';
import { openPdf, type PdfFile } from '../pdf/pdf-file.ts';
import {
  isArray,
  isString,
  nameOf,
  pdfError,
  textOf,
  type PdfDictionary,
  type PdfString,
  type PdfValue,
} from '../pdf/values.ts';
import { laterChanges, type LaterChanges } from './later-changes.ts';

/** One signature or document time-stamp of a PDF, as it stands in the file; nothing is verified yet but its place. */
export interface PdfSignature {
  readonly kind: 'signature' | 'timestamp';
  readonly fieldName: string;
  readonly subFilter: string;
  /** Offset and length, twice (ISO 32000-1 §12.8.1). */
  readonly byteRange: readonly [number, number, number, number];
  /** The CMS signature or time-stamp token; the padding of the hole follows it. */
  readonly contents: Uint8Array;
  /** Length of the file as it was when this was made. */
  readonly revisionEnd: number;
  /** It covers every byte of the file but its own hole. */
  readonly coversWholeFile: boolean;
  /** What was appended afterwards, and whether that leaves what was signed as it was; null when nothing was. */
  readonly laterChanges: LaterChanges | null;
  /** Claimed in the dictionary, by the signer's clock. */
  readonly claimedTime: Date | null;
  readonly name: string | null;
  readonly reason: string | null;
  readonly location: string | null;
  /** Wrong with the place: a range that leaves out more than the hole ... Empty when sound. */
  readonly problems: readonly string[];
  /** Digest of the covered bytes. */
  digest(algorithm: DigestAlgorithm): Uint8Array;
}

/**
 * Lists the signatures and document time-stamps of a PDF, oldest first.
 *
 * @throws SealError MALFORMED when the PDF cannot be read.
 */
export function inspectPdfSignatures(pdf: Uint8Array): PdfSignature[] {
  const file = openPdf(pdf);
  return signedFields(file)
    .map(({ fieldName, signature }) => inspect(file, fieldName, signature))
    .sort((a, b) => a.revisionEnd - b.revisionEnd);
}

function signedFields(file: PdfFile): { fieldName: string; signature: PdfDictionary }[] {
  const form = file.dictionary(file.catalog.entries.get('AcroForm'));
  const found: { fieldName: string; signature: PdfDictionary }[] = [];
  const visit = (
    value: PdfValue,
    parents: readonly string[],
    inherited: string | null,
    depth: number,
  ): void => {
    const field = file.dictionary(value);
    if (field === null) return;
    if (depth > 16) throw pdfError('its form fields are nested too deeply');
    const own = textOf(file.resolve(field.entries.get('T')));
    const names = own === null ? parents : [...parents, own];
    const type = nameOf(file.resolve(field.entries.get('FT'))) ?? inherited;
    const signature = file.dictionary(field.entries.get('V'));
    if (type === 'Sig' && signature) found.push({ fieldName: names.join('.'), signature });
    const kids = file.resolve(field.entries.get('Kids'));
    if (isArray(kids)) for (const kid of kids.items) visit(kid, names, type, depth + 1);
  };
  const fields = form ? file.resolve(form.entries.get('Fields')) : null;
  if (isArray(fields)) for (const field of fields.items) visit(field, [], null, 0);
  return found;
}

function inspect(file: PdfFile, fieldName: string, signature: PdfDictionary): PdfSignature {
  const get = (key: string): PdfValue => file.resolve(signature.entries.get(key));
  const contents = get('Contents');
  const byteRange = rangeOf(get('ByteRange'), fieldName);
  if (!isString(contents)) throw pdfError(`the signature "${fieldName}" is empty`);
  const { bytes } = file;
  const [, firstLength, secondStart, secondLength] = byteRange;
  const revisionEnd = secondStart + secondLength;
  const problems = rangeProblems(byteRange, contents, bytes.length);
  const coversWholeFile = problems.length === 0 && revisionEnd === bytes.length;
  return {
    kind: nameOf(get('Type')) === 'DocTimeStamp' ? 'timestamp' : 'signature',
    fieldName,
    subFilter: nameOf(get('SubFilter')) ?? '',
    byteRange,
    contents: contents.bytes,
    revisionEnd,
    coversWholeFile,
    laterChanges:
      problems.length > 0 || coversWholeFile ? null : laterChanges(bytes.subarray(0, revisionEnd), file),
    claimedTime: dateOf(textOf(get('M'))),
    name: textOf(get('Name')),
    reason: textOf(get('Reason')),
    location: textOf(get('Location')),
    problems,
    digest: (algorithm) =>
      createHash(algorithm)
        .update(bytes.subarray(0, firstLength))
        .update(bytes.subarray(secondStart, revisionEnd))
        .digest(),
  };
}

function rangeOf(value: PdfValue, fieldName: string): [number, number, number, number] {
  const items = isArray(value) ? value.items : [];
  const numbers = items.filter(
    (item): item is number => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0,
  );
  if (items.length !== 4 || numbers.length !== 4)
    throw pdfError(`the signature "${fieldName}" has no usable byte range`);
  return numbers as [number, number, number, number];
}

/** The range must start at the beginning and leave out exactly the hexadecimal string of this very signature. */
function rangeProblems(
  range: readonly [number, number, number, number],
  contents: PdfString,
  size: number,
): string[] {
  const [firstStart, firstLength, secondStart, secondLength] = range;
  const problems: string[] = [];
  if (firstStart !== 0) problems.push('the signed range does not start at the beginning of the file');
  if (secondStart + secondLength > size)
    problems.push('the signed range ends after the end of the file: the file was cut');
  if (!contents.hex || contents.start !== firstStart + firstLength || contents.end !== secondStart) {
    problems.push('the signed range leaves out more than the signature itself');
  }
  return problems;
}

function dateOf(text: string | null): Date | null {
  const parts = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?'?)?/.exec(
    text ?? '',
  );
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part, index) => Number(part ?? (index === 1 || index === 2 ? 1 : 0))) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetMinutes = (parts[7] === '-' ? -1 : 1) * (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0));
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second) - offsetMinutes * 60_000);
}

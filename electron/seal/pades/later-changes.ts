import { SealError } from '../error.ts';
import { parseAsn } from '../der/read.ts';
import { decodeStream } from '../pdf/filters.ts';
import { openPdf, type PdfFile } from '../pdf/pdf-file.ts';
import type { Location } from '../pdf/cross-references.ts';
import {
  isArray,
  isDictionary,
  isReference,
  isStream,
  nameOf,
  pdfReference,
  writeValue,
  type PdfDictionary,
  type PdfReference,
  type PdfValue,
} from '../pdf/values.ts';

/** What was appended to a PDF after a moment. */
export interface LaterChanges {
  /**
   * Only what may follow a signature was added: further signatures and document time-stamps without a visible part,
   * and validation data. What a reader sees is what was signed.
   */
  readonly harmless: boolean;
  /** For people, in the order of object numbers: "document time-stamp added", "object 12 changed". */
  readonly changes: readonly string[];
}

/** Compares the file as it was (its first bytes) with what it is now, object by object through both object tables. */
export function laterChanges(earlierBytes: Uint8Array, now: PdfFile): LaterChanges {
  let earlier: PdfFile;
  try {
    earlier = openPdf(earlierBytes);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return { harmless: false, changes: ['the signed part is no complete PDF of its own'] };
  }
  const harmful: string[] = [...trailerChanges(earlier, now), ...strangeObjects(earlier, now)];
  const allowed: string[] = [];
  const changed = changedObjects(earlier, now);
  for (const reference of changed) {
    const verdict = judge(earlier, now, reference);
    (verdict.harmless ? allowed : harmful).push(...verdict.changes);
  }
  return { harmless: harmful.length === 0, changes: [...harmful, ...allowed] };
}

function trailerChanges(earlier: PdfFile, now: PdfFile): string[] {
  return ['Root', 'Info'].flatMap((key) => {
    const [before, after] = [earlier, now].map((file) => writeValue(file.trailer.entries.get(key) ?? null));
    return before === after ? [] : [`the trailer's /${key} changed`];
  });
}

const sameLocation = (a: Location, b: Location | undefined): boolean =>
  a.kind === b?.kind &&
  (a.kind !== 'offset' || (b.kind === 'offset' && a.offset === b.offset && a.generation === b.generation)) &&
  (a.kind !== 'compressed' || (b.kind === 'compressed' && a.stream === b.stream && a.index === b.index));

/**
 * New objects that are none of the kinds that may be added. The signed part may refer to numbers that did not exist,
 * so a new object is looked at even when nothing that changed refers to it.
 */
function strangeObjects(earlier: PdfFile, now: PdfFile): string[] {
  const expected = expectedObjects(now);
  const tables = new Set(now.sections.map((section) => section.offset));
  return [...now.locations]
    .filter(
      ([number, location]) => number >= earlier.size && location.kind !== 'free' && !expected.has(number),
    )
    .filter(([, location]) => location.kind !== 'offset' || !tables.has(location.offset))
    .map(([number]) => `object ${number} was added`);
}

/** Objects of signature fields and of validation data, by number. */
function expectedObjects(now: PdfFile): Set<number> {
  const expected = new Set<number>();
  const add = (value: PdfValue | undefined): PdfValue => {
    if (isReference(value)) expected.add(value.number);
    return now.resolve(value);
  };
  const form = add(now.catalog.entries.get('AcroForm'));
  const fields = isDictionary(form) ? add(form.entries.get('Fields')) : null;
  for (const field of isArray(fields) ? fields.items : []) {
    if (invisibleSignature(now, field) !== null) add((add(field) as PdfDictionary).entries.get('V'));
  }
  const store = add(now.catalog.entries.get('DSS'));
  for (const key of ['Certs', 'CRLs', 'OCSPs']) {
    const list = isDictionary(store) ? add(store.entries.get(key)) : null;
    for (const item of isArray(list) ? list.items : []) if (holdsAsn(now.resolve(item))) add(item);
  }
  return expected;
}

/** Whether a stream is one ASN.1 value, as certificates and revocation data are, and not something to be shown. */
function holdsAsn(value: PdfValue): boolean {
  if (!isStream(value)) return false;
  try {
    return parseAsn(decodeStream(value), 'validation data').tag === 0x30;
  } catch {
    return false;
  }
}

/** Objects of the earlier file that stand elsewhere now. */
function changedObjects(earlier: PdfFile, now: PdfFile): PdfReference[] {
  const changed: PdfReference[] = [];
  for (const [number, location] of earlier.locations) {
    if (!sameLocation(location, now.locations.get(number))) {
      changed.push(pdfReference(number, location.kind === 'offset' ? location.generation : 0));
    }
  }
  // A number that the earlier file refers to without having it, or marked free, would come to life.
  for (const [number, location] of now.locations) {
    const before = earlier.locations.get(number);
    if (number < earlier.size && before === undefined && location.kind !== 'free')
      changed.push(pdfReference(number));
  }
  return changed.sort((a, b) => a.number - b.number);
}

interface Verdict {
  readonly harmless: boolean;
  readonly changes: readonly string[];
}

const allow = (...changes: string[]): Verdict => ({ harmless: true, changes });
const refuse = (reason: string): Verdict => ({ harmless: false, changes: [reason] });

function judge(earlier: PdfFile, now: PdfFile, reference: PdfReference): Verdict {
  const before = earlier.resolve(reference);
  const after = now.resolve(reference);
  if (writeValue(before) === writeValue(after)) return allow();
  const what = `object ${reference.number}`;
  if (!isDictionary(before) || !isDictionary(after)) return refuse(`${what} changed`);
  if (reference.number === earlier.rootReference.number) return judgeCatalog(earlier, now, before, after);
  if (isEntryOf(earlier, 'AcroForm', reference)) return judgeForm(now, before, after);
  if (isEntryOf(earlier, 'DSS', reference)) return allow('validation data added');
  if (nameOf(before.entries.get('Type')) === 'Page') return judgePage(now, before, after, what);
  return refuse(`${what} changed`);
}

function isEntryOf(file: PdfFile, key: string, reference: PdfReference): boolean {
  const entry = file.catalog.entries.get(key);
  return isReference(entry) && entry.number === reference.number;
}

/** Keys whose value differs, or that came or went. */
function differingKeys(before: PdfDictionary, after: PdfDictionary): string[] {
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...keys].filter(
    (key) => writeValue(before.entries.get(key) ?? null) !== writeValue(after.entries.get(key) ?? null),
  );
}

function judgeCatalog(earlier: PdfFile, now: PdfFile, before: PdfDictionary, after: PdfDictionary): Verdict {
  const changes: string[] = [];
  for (const key of differingKeys(before, after)) {
    if (key === 'DSS') changes.push('validation data added');
    else if (key === 'AcroForm') {
      const [old, fresh] = [
        earlier.dictionary(before.entries.get(key)),
        now.dictionary(after.entries.get(key)),
      ];
      const form = judgeForm(now, old ?? { type: 'dictionary', entries: new Map() }, fresh);
      if (!form.harmless) return form;
      changes.push(...form.changes);
    } else return refuse(`the catalog's /${key} changed`);
  }
  return allow(...changes);
}

function judgeForm(now: PdfFile, before: PdfDictionary, after: PdfDictionary | null): Verdict {
  if (after === null) return refuse('the form was removed');
  const other = differingKeys(before, after).find((key) => key !== 'Fields' && key !== 'SigFlags');
  if (other) return refuse(`the form's /${other} changed`);
  const added = addedItems(now, before.entries.get('Fields'), after.entries.get('Fields'));
  if (added === null) return refuse('form fields were removed or moved');
  const kinds = added.map((field) => invisibleSignature(now, field));
  if (kinds.includes(null)) return refuse('a visible form field was added');
  return allow(...kinds.map((kind) => `${kind} added`));
}

function judgePage(now: PdfFile, before: PdfDictionary, after: PdfDictionary, what: string): Verdict {
  const keys = differingKeys(before, after);
  const other = keys.find((key) => key !== 'Annots' && !(key === 'Tabs' && !before.entries.has('Tabs')));
  if (other) return refuse(`the page in ${what} changed its /${other}`);
  const added = addedItems(now, before.entries.get('Annots'), after.entries.get('Annots'));
  if (added === null) return refuse(`annotations of the page in ${what} were removed or moved`);
  return added.every((widget) => invisibleSignature(now, widget) !== null)
    ? allow()
    : refuse(`an annotation was added to the page in ${what}`);
}

/** What follows the old items in the new array; null when the old ones are not its beginning. */
function addedItems(
  now: PdfFile,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): readonly PdfValue[] | null {
  // An array that is an object of its own is looked at as it is now: when it changed, that object is judged by itself.
  const [old, fresh] = [now.resolve(before), now.resolve(after)];
  const oldItems = isArray(old) ? old.items : [];
  const items = isArray(fresh) ? fresh.items : [];
  const kept = oldItems.every((item, index) => writeValue(item) === writeValue(items[index] ?? null));
  return kept ? items.slice(oldItems.length) : null;
}

/** "signature" or "document time-stamp" for a signature field without extent, action or appearance; else null. */
function invisibleSignature(now: PdfFile, value: PdfValue): string | null {
  const field = now.dictionary(value);
  if (field === null || nameOf(field.entries.get('FT')) !== 'Sig') return null;
  const rectangle = now.resolve(field.entries.get('Rect'));
  const flat =
    isArray(rectangle) && rectangle.items.length === 4 && rectangle.items.every((side) => side === 0);
  const active = ['A', 'AA', 'AP', 'Kids', 'MK'].some((key) => field.entries.has(key));
  const signature = now.dictionary(field.entries.get('V'));
  if (!flat || active || signature === null) return null;
  return nameOf(signature.entries.get('Type')) === 'DocTimeStamp' ? 'document time-stamp' : 'signature';
}

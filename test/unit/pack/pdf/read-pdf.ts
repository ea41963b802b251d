/** Reads a PDF back for the tests: text by page through the fonts' own ToUnicode maps, and the tag tree. */
import { inflateSync } from 'node:zlib';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFString,
  PDFHexString,
  PDFNumber,
} from 'pdf-lib';
import type { PDFObject, PDFPage } from 'pdf-lib';

export interface TagNode {
  type: string;
  dict: PDFDict;
  kids: TagNode[];
}

export async function load(bytes: Uint8Array): Promise<PDFDocument> {
  return PDFDocument.load(bytes, { updateMetadata: false });
}

export function streamText(object: PDFObject | undefined): string {
  if (!(object instanceof PDFRawStream)) throw new Error('not a stream');
  const data = Buffer.from(object.getContents());
  return (object.dict.has(PDFName.of('Filter')) ? inflateSync(data) : data).toString('latin1');
}

/** Text of a page in content order; with `furniture`, also its head, foot and band. */
export function pageText(doc: PDFDocument, page: PDFPage, furniture = false): string {
  const resources = page.node.Resources();
  const fonts = fontMaps(resources);
  const contents = page.node.Contents();
  if (!(contents instanceof PDFArray)) throw new Error('a page has one body and one furniture stream');
  let out = decode(streamText(contents.lookup(0)), fonts);
  if (furniture) {
    const stream = streamText(contents.lookup(1));
    const shape = /\/(portrait|landscape) Do/.exec(stream)?.[1] ?? '';
    const form = resources?.lookup(PDFName.of('XObject'), PDFDict).lookup(PDFName.of(shape));
    out += decode(streamText(form), fonts) + decode(stream, fonts);
  }
  return out;
}

/** What the glyphs of a page's body show, whatever text stands behind them. */
export function shownText(doc: PDFDocument, page: PDFPage): string {
  const contents = page.node.Contents();
  if (!(contents instanceof PDFArray)) throw new Error('a page has one body and one furniture stream');
  const bare = streamText(contents.lookup(0)).replace(/\/ActualText <[0-9A-F]*>/g, '');
  return decode(bare, fontMaps(page.node.Resources()));
}

const mapsOf = new WeakMap<PDFDict, Map<string, Map<string, string>>>();

function fontMaps(resources: PDFDict | undefined): Map<string, Map<string, string>> {
  if (!resources) throw new Error('a page has resources');
  const known = mapsOf.get(resources);
  if (known) return known;
  const out = new Map<string, Map<string, string>>();
  const fonts = resources.lookup(PDFName.of('Font'), PDFDict);
  for (const [key] of fonts.entries()) {
    const cmap = streamText(fonts.lookup(key, PDFDict).lookup(PDFName.of('ToUnicode')));
    const map = new Map<string, string>();
    for (const [, glyph = '', text = ''] of cmap.matchAll(/^<([0-9A-F]{4})><([0-9A-F]+)>$/gm))
      map.set(glyph, utf16(text));
    out.set(key.decodeText(), map);
  }
  mapsOf.set(resources, out);
  return out;
}

function decode(content: string, fonts: Map<string, Map<string, string>>): string {
  let out = '';
  let font = new Map<string, string>();
  let replaced = false;
  const tokens = /\/(F\d+) [\d.]+ Tf|\/ActualText <FEFF([0-9A-F]*)>|<([0-9A-F]+)>|\bBT\b|\bEMC\b/g;
  for (const [token, face, actual, hex] of content.matchAll(tokens)) {
    if (face !== undefined) font = fonts.get(face) ?? new Map<string, string>();
    else if (actual !== undefined) {
      out += utf16(actual);
      replaced = true;
    } else if (token === 'EMC') replaced = false;
    else if (token === 'BT') out += '\n';
    else if (!replaced) for (const glyph of hex?.match(/.{4}/g) ?? []) out += font.get(glyph) ?? '<missing>';
  }
  return out;
}

function utf16(hex: string): string {
  return (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(parseInt(unit, 16))).join('');
}

/** The tag tree from its root. */
export function tagTree(doc: PDFDocument): TagNode {
  const root = doc.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict);
  return node(doc, root.lookup(PDFName.of('K'), PDFDict));
}

function node(doc: PDFDocument, dict: PDFDict): TagNode {
  const kids: TagNode[] = [];
  const k = dict.lookup(PDFName.of('K'));
  const list = k instanceof PDFArray ? k.asArray() : k ? [k] : [];
  for (const kid of list) {
    const object = kid instanceof PDFRef ? doc.context.lookup(kid) : kid;
    if (object instanceof PDFDict && object.has(PDFName.of('S'))) kids.push(node(doc, object));
  }
  return { type: dict.lookup(PDFName.of('S'), PDFName).decodeText(), dict, kids };
}

export function* walk(tree: TagNode): Generator<TagNode> {
  yield tree;
  for (const kid of tree.kids) yield* walk(kid);
}

/** For each page, the types of the elements behind its marked-content numbers, from the parent tree. */
export function pageTags(doc: PDFDocument): string[][] {
  const root = doc.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict);
  const parents = new Map<number, PDFObject | undefined>();
  const leaves = root.lookup(PDFName.of('ParentTree'), PDFDict).lookup(PDFName.of('Kids'), PDFArray);
  for (let i = 0; i < leaves.size(); i++) {
    const nums = leaves.lookup(i, PDFDict).lookup(PDFName.of('Nums'), PDFArray);
    for (let n = 0; n < nums.size(); n += 2)
      parents.set(nums.lookup(n, PDFNumber).asNumber(), nums.lookup(n + 1));
  }
  return doc.getPages().map((page) => {
    const list = parents.get(page.node.lookup(PDFName.of('StructParents'), PDFNumber).asNumber());
    if (!(list instanceof PDFArray)) return [];
    return list
      .asArray()
      .map((ref) => doc.context.lookup(ref, PDFDict).lookup(PDFName.of('S'), PDFName).decodeText());
  });
}

/** Numbers of marked content used in a page's body, in order of use. */
export function markedContent(page: PDFPage): number[] {
  const contents = page.node.Contents();
  if (!(contents instanceof PDFArray)) return [];
  return [...streamText(contents.lookup(0)).matchAll(/\/MCID (\d+)/g)].map((m) => Number(m[1]));
}

export function textOf(value: PDFObject | undefined): string {
  return value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : '';
}

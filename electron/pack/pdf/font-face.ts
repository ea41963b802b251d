/** One embedded TrueType font: glyph cache, pair kerning, subset and its objects (ISO 32000-1, 9.7). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fontkit from '@pdf-lib/fontkit';
import { PdfError } from './error.ts';
import type { PdfFileWriter } from './file-writer.ts';
import { TrueTypeSubset } from './truetype-subset.ts';
import { hex4, name, ref, utf16, type ObjectId } from './syntax.ts';

/** The part of fontkit that its published types leave out or name differently. */
interface RawGlyph {
  id: number;
  advanceWidth: number;
  codePoints: number[];
}
interface RawRun {
  glyphs: RawGlyph[];
  positions: { xAdvance: number; xOffset: number; yOffset: number }[];
}
interface RawFont {
  unitsPerEm: number;
  ascent: number;
  descent: number;
  capHeight?: number;
  italicAngle: number;
  bbox: { minX: number; minY: number; maxX: number; maxY: number };
  postscriptName: string;
  hasGlyphForCodePoint(cp: number): boolean;
  glyphForCodePoint(cp: number): RawGlyph;
  layout(text: string, features?: Record<string, boolean>): RawRun;
}

/** A glyph as it is written: number in the subset, width in 1/1000 em. */
export interface Glyph {
  hex: string;
  raw: number;
  width: number;
  /** True when the subset's own text mapping says another character, so that the text must be given beside it. */
  ambiguous: boolean;
}

/** A font file opened for one document. */
export class FontFace {
  readonly resource: string;
  readonly objectId: ObjectId;
  readonly kerned: boolean;
  #font: RawFont;
  #subset: TrueTypeSubset;
  #glyphs = new Map<number, Glyph | undefined>();
  #pairs = new Map<number, number>();
  #widths: number[] = [];
  #unicode: string[] = [];

  constructor(path: string, resource: string, objectId: ObjectId, kerned: boolean) {
    this.resource = resource;
    this.objectId = objectId;
    this.kerned = kerned;
    try {
      const bytes = readFileSync(path);
      this.#font = fontkit.create(bytes) as unknown as RawFont;
      this.#subset = new TrueTypeSubset(bytes);
    } catch (cause) {
      const file = path.split(/[\\/]/).pop();
      throw new PdfError(
        'font-unreadable',
        `cannot read the font ${file}: ${String(cause)}. Install Keywitness again.`,
        {
          cause,
        },
      );
    }
  }

  /** The glyph for a code point, or undefined when the font has none. */
  glyph(cp: number): Glyph | undefined {
    const known = this.#glyphs.get(cp);
    if (known || this.#glyphs.has(cp)) return known;
    const raw = this.#font.glyphForCodePoint(cp);
    const glyph = raw.id === 0 ? undefined : this.#include(raw, String.fromCodePoint(cp));
    this.#glyphs.set(cp, glyph);
    return glyph;
  }

  /** Kerning between two adjoining characters in 1/1000 em. Figures are never kerned: columns of them must align. */
  kerning(a: number, b: number): number {
    if (!this.kerned || a < 65 || b < 65 || a > 0x24f || b > 0x24f) return 0;
    const key = a * 0x400 + b;
    let value = this.#pairs.get(key);
    if (value === undefined) {
      value = this.#readPair(String.fromCharCode(a, b));
      this.#pairs.set(key, value);
    }
    return value;
  }

  /** Glyphs of a right-to-left run in visual order, joined where the script joins; undefined when the font cannot. */
  shapeRun(text: string): { hex: string; width: number }[] | undefined {
    try {
      const run = this.#font.layout(text);
      if (run.glyphs.some((g) => g.id === 0)) return undefined;
      return run.glyphs.map((raw, i) => {
        const glyph = this.#include(raw, String.fromCodePoint(...raw.codePoints));
        const advance = run.positions[i]?.xAdvance ?? raw.advanceWidth;
        return { hex: glyph.hex, width: glyph.width, advance: this.#scale(advance) };
      });
    } catch {
      return undefined;
    }
  }

  /** Writes the subset and its dictionaries. */
  write(file: PdfFileWriter): void {
    const f = this.#font;
    const program = this.#subset.encode();
    const tag = subsetTag(program);
    const base = name(`${tag}+${f.postscriptName}`);
    const [cid, descriptor, fontFile, toUnicode] = [
      file.reserve(),
      file.reserve(),
      file.reserve(),
      file.reserve(),
    ];
    const box = [f.bbox.minX, f.bbox.minY, f.bbox.maxX, f.bbox.maxY].map((v) => this.#scale(v)).join(' ');
    file.put(
      this.objectId,
      `<</Type/Font/Subtype/Type0/BaseFont${base}/Encoding/Identity-H/DescendantFonts[${ref(cid)}]/ToUnicode ${ref(toUnicode)}>>`,
    );
    file.put(
      cid,
      `<</Type/Font/Subtype/CIDFontType2/BaseFont${base}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>` +
        `/FontDescriptor ${ref(descriptor)}/CIDToGIDMap/Identity/DW 0/W[0[${this.#widthList()}]]>>`,
    );
    file.put(
      descriptor,
      `<</Type/FontDescriptor/FontName${base}/Flags 4/FontBBox[${box}]/ItalicAngle ${f.italicAngle}` +
        `/Ascent ${this.#scale(f.ascent)}/Descent ${this.#scale(f.descent)}` +
        `/CapHeight ${this.#scale(f.capHeight ?? f.ascent)}/StemV 80/FontFile2 ${ref(fontFile)}>>`,
    );
    file.putStream(fontFile, `/Length1 ${program.length}`, program);
    file.putStream(toUnicode, '', Buffer.from(this.#toUnicode(), 'latin1'));
  }

  #include(raw: RawGlyph, text: string): Glyph {
    const id = this.#subset.include(raw.id);
    this.#widths[id] ??= this.#scale(raw.advanceWidth);
    this.#unicode[id] ??= text;
    const width = this.#widths[id] ?? 0;
    return { hex: hex4(id), raw: raw.id, width, ambiguous: this.#unicode[id] !== text };
  }

  #readPair(pair: string): number {
    const run = this.#font.layout(pair, { liga: false, clig: false });
    const [first] = run.glyphs;
    const advance = run.positions[0]?.xAdvance;
    if (run.glyphs.length !== 2 || !first || advance === undefined) return 0;
    if (first.id !== this.#font.glyphForCodePoint(pair.charCodeAt(0)).id) return 0;
    return this.#scale(advance - first.advanceWidth);
  }

  #scale(units: number): number {
    return Math.round((units * 1000) / this.#font.unitsPerEm);
  }

  #widthList(): string {
    return Array.from(this.#widths, (w) => w ?? 0).join(' ');
  }

  /** The map from glyphs back to text (9.10.3), in blocks of at most 100 as the format asks. */
  #toUnicode(): string {
    const lines: string[] = [];
    this.#unicode.forEach((text, id) => lines.push(`<${hex4(id)}><${[...utf16(text)].join('')}>`));
    let body = '';
    for (let i = 0; i < lines.length; i += 100) {
      const block = lines.slice(i, i + 100);
      body += `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`;
    }
    return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><FFFF>
endcodespacerange
${body}endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
  }
}

/** Six capitals before the font's name mark a subset (9.6.4); taken from its bytes, so that equal files stay equal. */
function subsetTag(program: Uint8Array): string {
  const digest = createHash('sha256').update(program).digest();
  return [...digest.subarray(0, 6)].map((b) => String.fromCharCode(65 + (b % 26))).join('');
}

/** Text to glyphs: the font chain, the cache of shaped words, and visible substitutes for what no font has. */
import { CHAINS, FONT_FILES, KERNED, type FontName, type TextStyle } from './font-files.ts';
import { FontFace } from './font-face.ts';
import type { PdfFileWriter } from './file-writer.ts';
import { ref } from './syntax.ts';

/** A stretch of glyphs of one font. `array` is the inside of a TJ operator's array. */
export interface Segment {
  face: FontFace;
  array: string;
  /** 1/1000 em. */
  width: number;
  /** The text, where the glyphs alone would be read back as something else. */
  actual: string | undefined;
}

/** A word or a line, ready to be shown at any size. */
export interface Shaped {
  segments: readonly Segment[];
  /** 1/1000 em. */
  width: number;
  rtl: boolean;
}

const CACHE_LIMIT = 30_000;
const RTL = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** Characters that would be invisible, reorder the text or have no agreed meaning: shown by code point. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\uFFFD\uFFFE\uFFFF]/u;
const RTL_SPAN = new RegExp(`(${RTL.source}+(?:\\s+${RTL.source}+)*)`);
const MARK = /\p{M}/u;

/** The fonts of one document. */
export class FontSet {
  #file: PdfFileWriter;
  #faces = new Map<FontName, FontFace>();
  #cache: Record<TextStyle, Map<string, Shaped>> = {
    regular: new Map(),
    bold: new Map(),
    light: new Map(),
    mono: new Map(),
  };

  constructor(file: PdfFileWriter) {
    this.#file = file;
  }

  /** Shapes a text that stays on one line. Never throws, whatever the characters. */
  shape(style: TextStyle, text: string): Shaped {
    const cache = this.#cache[style];
    let shaped = cache.get(text);
    if (!shaped) {
      shaped = this.#plain(style, text) ?? this.#mixed(style, text);
      if (cache.size >= CACHE_LIMIT) cache.clear();
      cache.set(text, shaped);
    }
    return shaped;
  }

  /** Writes every font used and gives the inside of the `/Font` resource dictionary. */
  write(): string {
    let resources = '';
    for (const face of this.#faces.values()) {
      face.write(this.#file);
      resources += `/${face.resource} ${ref(face.objectId)}`;
    }
    return resources;
  }

  /** The common case: every character is in the first font and means itself. */
  #plain(style: TextStyle, text: string): Shaped | undefined {
    const face = this.#face(CHAINS[style][0] ?? 'sans');
    let array = '';
    let hex = '';
    let width = 0;
    let previous = 0;
    for (let i = 0; i < text.length; i++) {
      let code = text.charCodeAt(i);
      if (code === 0xa0) code = 0x20;
      if (code < 0x20 || (code > 0x7e && code < 0xa1) || code === 0xad) return undefined;
      // Beyond Cyrillic only dashes, quotes and dots are sure to be what they seem.
      if (code > 0x52f && (code < 0x2010 || code > 0x2026)) return undefined;
      if (code >= 0x300 && code < 0x370) return undefined;
      const glyph = face.glyph(code);
      if (!glyph || glyph.ambiguous) return undefined;
      const kern = face.kerning(previous, code);
      if (kern !== 0) {
        array += `<${hex}>${-kern}`;
        hex = '';
      }
      hex += glyph.hex;
      width += glyph.width + kern;
      previous = code;
    }
    if (hex !== '') array += `<${hex}>`;
    return { segments: array === '' ? [] : [{ face, array, width, actual: undefined }], width, rtl: false };
  }

  #mixed(style: TextStyle, source: string): Shaped {
    const well = source.toWellFormed();
    const text = MARK.test(well) ? well.normalize('NFC') : well;
    const rtl = RTL.test(text);
    const segments: Segment[] = rtl ? this.#rightToLeft(style, text) : this.#leftToRight(style, text);
    return { segments, width: segments.reduce((sum, s) => sum + s.width, 0), rtl };
  }

  #leftToRight(style: TextStyle, text: string): Segment[] {
    const out: Segment[] = [];
    for (const char of text) {
      const cp = char.codePointAt(0) ?? 0xfffd;
      const found = HIDDEN.test(char) ? undefined : this.#find(style, cp);
      if (!found) {
        out.push(...this.#substitute(char));
        continue;
      }
      const { face, glyph } = found;
      const actual = glyph.ambiguous ? char : undefined;
      const last = out.at(-1);
      if (last && last.face === face && last.actual === undefined && actual === undefined) {
        last.array += `<${glyph.hex}>`;
        last.width += glyph.width;
      } else {
        out.push({ face, array: `<${glyph.hex}>`, width: glyph.width, actual });
      }
    }
    return out;
  }

  /** Reverses runs of right-to-left letters, and the order of such words that stand together; all else stays. */
  #rightToLeft(style: TextStyle, text: string): Segment[] {
    return splitDirections(text).flatMap((run) => {
      if (!RTL.test(run)) return this.#leftToRight(style, run);
      const words = run
        .split(/(\s+)/)
        .map((w) => (RTL.test(w) ? this.#rtlRun(style, w) : this.#leftToRight(style, w)));
      return words.reverse().flat();
    });
  }

  #rtlRun(style: TextStyle, run: string): Segment[] {
    const face = this.#face(style === 'bold' ? 'wideBold' : 'wide');
    const glyphs = HIDDEN.test(run) ? undefined : face.shapeRun(run);
    if (!glyphs) return [...run].reverse().flatMap((char) => this.#leftToRight(style, char));
    const width = glyphs.reduce((sum, g) => sum + g.width, 0);
    return [{ face, array: `<${glyphs.map((g) => g.hex).join('')}>`, width, actual: run }];
  }

  #find(
    style: TextStyle,
    cp: number,
  ): { face: FontFace; glyph: NonNullable<ReturnType<FontFace['glyph']>> } | undefined {
    for (const fontName of CHAINS[style]) {
      const face = this.#face(fontName);
      const glyph = face.glyph(cp === 0xa0 ? 0x20 : cp);
      if (glyph) return { face, glyph };
    }
    return undefined;
  }

  /** U+FFFD and the code point in brackets: readable by people, and copied out as the character itself. */
  #substitute(char: string): Segment[] {
    const code = (char.codePointAt(0) ?? 0xfffd).toString(16).toUpperCase().padStart(4, '0');
    const box = this.#face('wide').glyph(0xfffd);
    const mono = this.#face('mono');
    let hex = '';
    let width = 0;
    for (const c of `[${code}]`) {
      const glyph = mono.glyph(c.charCodeAt(0));
      if (glyph) {
        hex += glyph.hex;
        width += glyph.width;
      }
    }
    const label: Segment = { face: mono, array: `<${hex}>`, width, actual: box ? '' : visible(char) };
    if (!box) return [label];
    return [
      { face: this.#face('wide'), array: `<${box.hex}>`, width: box.width, actual: visible(char) },
      label,
    ];
  }

  #face(fontName: FontName): FontFace {
    let face = this.#faces.get(fontName);
    if (!face) {
      const resource = `F${this.#faces.size}`;
      face = new FontFace(FONT_FILES[fontName](), resource, this.#file.reserve(), KERNED.has(fontName));
      this.#faces.set(fontName, face);
    }
    return face;
  }
}

/** Cuts a text where its direction changes; spaces between right-to-left words belong to them. */
export function splitDirections(text: string): string[] {
  return RTL.test(text) ? text.split(RTL_SPAN).filter((run) => run !== '') : [text];
}

/** What a reader of the extracted text gets: the character, unless PDF/A forbids it there. */
function visible(char: string): string {
  return /[\p{Co}\p{Cn}\p{Cc}\uFFFE\uFFFF]/u.test(char) ? '\uFFFD' : char;
}

import { readFileSync } from 'node:fs';
import fontkit from '@pdf-lib/fontkit';
import { describe, expect, it } from 'vitest';
import { FONT_FILES, type FontName } from '../../../../electron/pack/pdf/font-files.ts';
import { TrueTypeSubset } from '../../../../electron/pack/pdf/truetype-subset.ts';

interface Outlines {
  glyphForCodePoint(cp: number): { id: number; path: { toSVG(): string }; advanceWidth: number };
  getGlyph(id: number): { path: { toSVG(): string }; advanceWidth: number };
}

const open = (bytes: Buffer): Outlines => fontkit.create(bytes);

describe.each(Object.keys(FONT_FILES) as FontName[])('a subset of %s', (fontName) => {
  const bytes = readFileSync(FONT_FILES[fontName]());
  const text = fontName === 'cjk' ? '監査法人汉字한국かな' : 'Quick brown Ångström Łódź éîü 0123456789 §%&';

  it('keeps shape and width of every glyph, also composite ones and those of odd length', () => {
    const font = open(bytes);
    const subset = new TrueTypeSubset(bytes);
    const glyphs = [...new Set(text)].map((c) => font.glyphForCodePoint(c.codePointAt(0) ?? 0));
    const ids = glyphs.map((g) => subset.include(g.id));
    const small = open(subset.encode());
    glyphs.forEach((glyph, i) => {
      const copy = small.getGlyph(ids[i] ?? 0);
      expect(copy.path.toSVG()).toBe(glyph.path.toSVG());
      expect(copy.advanceWidth).toBe(glyph.advanceWidth);
    });
    expect(subset.encode().length).toBeLessThan(bytes.length / 3);
  });
});

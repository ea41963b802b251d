import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PdfFileWriter } from '../../../../electron/pack/pdf/file-writer.ts';
import { FontSet, splitDirections } from '../../../../electron/pack/pdf/font-set.ts';
import { layoutText, measureText } from '../../../../electron/pack/pdf/text-layout.ts';
import type { TextStyle } from '../../../../electron/pack/pdf/font-files.ts';

const fonts = new FontSet(new PdfFileWriter());
const base = (style: TextStyle): { style: TextStyle; size: number; color: string } => ({
  style,
  size: 9,
  color: '0 0 0',
});
const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('breaking lines', () => {
  it('keeps every line within the width, whatever the text and its characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.integer({ min: 60, max: 400 }),
        (text, width) => {
          for (const style of ['regular', 'mono', 'bold'] as const) {
            const lines = layoutText(fonts, text, base(style), width);
            expect(lines.length).toBeGreaterThan(0);
            for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.02);
          }
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });

  it('breaks an ARN after a separator', () => {
    const shaped = layoutText(fonts, ARN, base('mono'), 200);
    expect(shaped.length).toBeGreaterThan(1);
    const perLine = Math.floor(200 / (9 * 0.9 * 0.6));
    const count = shaped.map((l) => Math.round(l.width / (9 * 0.9 * 0.6)));
    let at = 0;
    for (const n of count.slice(0, -1)) {
      at += n;
      expect(n).toBeLessThanOrEqual(perLine);
      expect(':/-').toContain(ARN[at - 1]);
    }
    expect(count.reduce((a, b) => a + b, 0)).toBe(ARN.length);
  });

  it('starts a new line at a line break', () => {
    expect(layoutText(fonts, 'a\nb', base('regular'), 200)).toHaveLength(2);
    expect(layoutText(fonts, ['a', { text: '\nb', style: 'mono' }], base('regular'), 200)).toHaveLength(2);
  });

  it('gives one empty line for no text', () => {
    expect(layoutText(fonts, '', base('regular'), 10)).toEqual([{ items: [], width: 0 }]);
  });

  it('puts neighbouring right-to-left words in visual order and keeps them in reading order', () => {
    const [line] = layoutText(fonts, 'by דנה לוי now', base('regular'), 300);
    const hebrew = line?.items.filter((i) => i.segments.some((s) => s.actual !== undefined)) ?? [];
    expect(hebrew.map((i) => i.segments.map((s) => s.actual).join(''))).toEqual(['דנה', 'לוי']);
    expect(hebrew[0]?.x).toBeGreaterThan(hebrew[1]?.x ?? Infinity);
  });

  it('measures the longest word and the unbroken text', () => {
    const { natural, longest } = measureText(fonts, 'one threethree', base('regular'));
    expect(longest).toBeLessThan(natural);
    expect(longest).toBeGreaterThan(natural / 2);
  });
});

describe('cutting a text by direction', () => {
  it('keeps right-to-left words together and punctuation outside', () => {
    expect(splitDirections('by דנה לוי, and ב')).toEqual(['by ', 'דנה לוי', ', and ', 'ב']);
  });

  it('leaves other text whole', () => {
    expect(splitDirections('Łódź 監査')).toEqual(['Łódź 監査']);
  });
});

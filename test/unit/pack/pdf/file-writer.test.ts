import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { PdfFileWriter } from '../../../../electron/pack/pdf/file-writer.ts';
import { name, num, pdfDate, textString } from '../../../../electron/pack/pdf/syntax.ts';

const FILE_ID = '0'.repeat(32);

describe('writing objects', () => {
  it('finds every object again, also beyond one object stream', async () => {
    const file = new PdfFileWriter();
    const [root, pages, info] = [file.reserve(), file.reserve(), file.reserve()];
    const extra = Array.from({ length: 450 }, () => file.reserve());
    for (const id of extra) file.put(id, `<</Number ${id}>>`);
    file.put(pages, '<</Type/Pages/Count 0/Kids[]>>');
    file.put(info, '<<>>');
    file.putPlain(root, `<</Type/Catalog/Pages ${pages} 0 R>>`);
    const doc = await PDFDocument.load(file.finish({ root, info, fileId: FILE_ID }));
    const found = doc.context
      .enumerateIndirectObjects()
      .map(([ref, object]) => [ref.objectNumber, object.toString()]);
    for (const id of extra)
      expect(new Map(found as [number, string][]).get(id)).toMatch(new RegExp(`/Number ${id}\\b`));
  });

  it('refuses to end with an object that was reserved and never written', () => {
    const file = new PdfFileWriter();
    const [root, info] = [file.reserve(), file.reserve()];
    file.put(root, '<<>>');
    expect(() => file.finish({ root, info, fileId: FILE_ID })).toThrow(/object 2 was never written/);
  });

  it('refuses to write an object twice', () => {
    const file = new PdfFileWriter();
    const id = file.reserve();
    file.putPlain(id, '<<>>');
    expect(() => file.putPlain(id, '<<>>')).toThrow(/written before/);
  });
});

describe('spelling values', () => {
  it('writes numbers short, and zero for what is none', () => {
    expect([1.005, -0.001, 12, NaN, Infinity].map(num)).toEqual(['1', '0', '12', '0', '0']);
  });

  it('writes any text as UTF-16 and any name in ASCII', () => {
    expect(textString('Aé😀')).toBe('<FEFF004100E9D83DDE00>');
    expect(textString('\uD800')).toBe('<FEFFFFFD>');
    expect(name('a b/é')).toBe('/a#20b#2f#c3#a9');
  });

  it('writes dates in UTC', () => {
    expect(pdfDate('2026-07-03T01:30:00+02:00')).toBe('(D:20260702233000Z)');
  });
});

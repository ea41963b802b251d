import { createHash } from 'node:crypto';
import { PDFArray, PDFDict, PDFName } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { renderReport, SAMPLE_MARK } from '../../../../electron/pack/pdf/render-report.ts';
import type { ReportModel } from '../../../../electron/pack/pdf/report-model.ts';
import {
  load,
  markedContent,
  pageTags,
  pageText,
  shownText,
  streamText,
  tagTree,
  textOf,
  walk,
} from './read-pdf.ts';
import { reportFixture } from './report-fixture.ts';

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const flat = (text: string): string => text.replace(/\s+/g, ' ');

async function text(model: ReportModel): Promise<string[]> {
  const doc = await load(await renderReport(model));
  return doc.getPages().map((page) => flat(pageText(doc, page, true)));
}

describe('the same model', () => {
  it('gives the same bytes twice, and in another time zone', async () => {
    const before = process.env['TZ'];
    const offset = new Date(2026, 0, 1).getTimezoneOffset();
    const hashes = [sha(await renderReport(reportFixture(12))), sha(await renderReport(reportFixture(12)))];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect(new Date(2026, 0, 1).getTimezoneOffset()).not.toBe(offset);
      hashes.push(sha(await renderReport(reportFixture(12))));
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it('gives other bytes and another file identifier for another pack', async () => {
    const model = reportFixture(2);
    const other = { ...model, pack: { ...model.pack, id: 'kw-0000' } };
    const ids = [await renderReport(model), await renderReport(other)].map(
      (bytes) => /\/ID\[<([0-9a-f]{32})>/.exec(Buffer.from(bytes).toString('latin1'))?.[1],
    );
    expect(ids[0]).toBeDefined();
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('the structure of a report', () => {
  it('has tags on every page, each number used once and known to the parent tree', async () => {
    const doc = await load(await renderReport(reportFixture(20)));
    const tags = pageTags(doc);
    doc.getPages().forEach((page, i) => {
      const used = markedContent(page);
      expect(used.length).toBeGreaterThan(0);
      expect(used.toSorted((a, b) => a - b)).toEqual(tags[i]?.map((_, n) => n));
    });
  });

  it('gives alternative text to figures, scope to header cells, and skips no heading level', async () => {
    const doc = await load(await renderReport(reportFixture(8)));
    const nodes = [...walk(tagTree(doc))];
    const figures = nodes.filter((n) => n.type === 'Figure');
    expect(figures.length).toBeGreaterThan(8);
    for (const f of figures) expect(textOf(f.dict.lookup(PDFName.of('Alt'))).length).toBeGreaterThan(20);
    for (const th of nodes.filter((n) => n.type === 'TH')) {
      expect(th.dict.lookup(PDFName.of('A'), PDFDict).has(PDFName.of('Scope'))).toBe(true);
    }
    const levels = nodes.filter((n) => /^H\d$/.test(n.type)).map((n) => Number(n.type[1]));
    expect(levels[0]).toBe(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  it('keeps every table regular: as many cells in each row', async () => {
    const doc = await load(await renderReport(reportFixture(8)));
    for (const table of [...walk(tagTree(doc))].filter((n) => n.type === 'Table')) {
      const rows = [...walk(table)].filter((n) => n.type === 'TR').map((n) => n.kids.length);
      expect(new Set(rows).size).toBe(1);
    }
  });

  it('states PDF/A-3a, PDF/UA-1, its language, its colours, and carries its attachment', async () => {
    const doc = await load(await renderReport(reportFixture(2)));
    const metadata = streamText(doc.catalog.lookup(PDFName.of('Metadata')));
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>');
    expect(metadata).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect(textOf(doc.catalog.lookup(PDFName.of('Lang')))).toBe('en');
    expect(doc.catalog.lookup(PDFName.of('OutputIntents'), PDFArray).size()).toBe(1);
    expect(doc.catalog.lookup(PDFName.of('MarkInfo'), PDFDict).toString()).toContain('/Marked true');
    const attached = doc.catalog.lookup(PDFName.of('AF'), PDFArray).lookup(0, PDFDict);
    expect(textOf(attached.lookup(PDFName.of('UF')))).toBe('pack-summary.json');
    expect(attached.lookup(PDFName.of('AFRelationship'))?.toString()).toBe('/Data');
  });
});

describe('page one', () => {
  it('prints inclusive dates, the numbers, and the page where each exhibit really is', async () => {
    const pages = await text(reportFixture(6));
    const one = pages[0] ?? '';
    expect(one).toContain('1 Jan 2026 to 30 Jun 2026');
    expect(one).toContain('97.4 %');
    const keyPages =
      pages.findIndex(
        (p) => p.includes('7\u2002Key pages') || (p.includes('7 Key pages') && !p.includes('Contents')),
      ) + 1;
    const first = one.slice(one.indexOf('(a)'), one.indexOf('(b)'));
    expect(first).toMatch(new RegExp(`\\b${keyPages}\\b`));
    expect(one).toMatch(/Not provided ?: no review was given/);
  });

  it('stays one page', async () => {
    const pages = await text(reportFixture(6));
    expect(pages[1]).toContain('Contents');
  });
});

describe('a sample', () => {
  it('is marked on every page, and other reports on none', async () => {
    const model = reportFixture(4);
    for (const page of await text(model)) expect(page).toContain(SAMPLE_MARK);
    for (const page of await text({ ...model, sample: false })) expect(page).not.toContain(SAMPLE_MARK);
  });
});

describe('what the report says', () => {
  it('numbers every page with the same total', async () => {
    const pages = await text(reportFixture(4));
    pages.forEach((page, i) => expect(page).toContain(`Page ${i + 1} of ${pages.length}`));
  });

  it('never calls anything compliant, and says nothing of the state of trusted time', async () => {
    const all = (await text(reportFixture(10))).join(' ');
    expect(all).not.toMatch(/complian|non-complian|time pending|timestamped at/i);
    expect(all).toContain('No exception noted by this procedure');
  });

  it('prints the reason and not a finding where a value was denied', async () => {
    const all = (await text(reportFixture(5))).join(' ');
    expect(all).toMatch(/Not known ?: AccessDeniedException/);
    expect(all).toContain('Undetermined');
  });

  it('says when counts do not add up', async () => {
    const model = reportFixture(2);
    const counts = model.completeness.counts.map((c) => ({ ...c, listed: c.listed + 1 }));
    const all = (await text({ ...model, completeness: { ...model.completeness, counts } })).join(' ');
    expect(all).toContain('no, 10');
  });

  it('tells the gaps that other evidence closed, and nothing of them where there are none', async () => {
    const model = reportFixture(2);
    expect((await text(model)).join(' ')).toContain('Gaps closed by other evidence');
    const completeness = { ...model.completeness, closedGaps: [] };
    expect((await text({ ...model, completeness })).join(' ')).not.toContain('Gaps closed');
  });

  it('prints one answer only for a point in time', async () => {
    const model = reportFixture(3);
    const engagement = { ...model.engagement, type: 'point-in-time' as const };
    const controls = model.controls.map((c) => ({ ...c, throughout: null }));
    const all = (await text({ ...model, engagement, controls })).join(' ');
    expect(all).toContain('as of 30 Jun 2026');
    expect(all).not.toContain('Throughout');
  });
});

describe('at the edges', () => {
  it('renders an engagement without keys, tests, sources or logs', async () => {
    const model = reportFixture(0);
    const empty: ReportModel = {
      ...model,
      sources: [],
      controls: [],
      changes: { events: [], total: 0, file: 'x' },
      completeness: { counts: [], gaps: [], closedGaps: [], coverage: [], unlisted: [] },
      provenance: [],
      procedure: null,
      attachments: [],
      verdict: { ...model.verdict, coveragePercent: null },
    };
    const all = (await text(empty)).join(' ');
    expect(all).toContain('No key was listed');
    expect(all).toContain('no log source was in scope');
  });

  it('renders names in any script, and shows what no font has by code point', async () => {
    const model = reportFixture(1);
    const client = 'Łódź Ωμέγα Жуков 監査法人 한국 שלום محمد 😀 \u{E000} a\u202Eb \uD800 \u0000 ﬁ e\u0301';
    const doc = await load(await renderReport({ ...model, engagement: { ...model.engagement, client } }));
    const [one] = doc.getPages();
    if (!one) throw new Error('a report has a page one');
    const read = flat(pageText(doc, one));
    for (const part of ['Łódź Ωμέγα Жуков 監査法人 한국 שלום محمد 😀 ', 'a\u202Eb', 'ﬁ é'])
      expect(read).toContain(part);
    expect(read).not.toContain('<missing>');
    const shown = shownText(doc, one);
    for (const part of ['[E000]', '[202E]', '[0000]', '[FFFD]']) expect(shown).toContain(part);
  });

  it('goes over pages with texts of any length without losing a character', async () => {
    const model = reportFixture(1);
    const word = 'x'.repeat(9_000);
    const reason = Array.from({ length: 3_000 }, (_, i) => `w${i}`).join(' ');
    const gaps = [{ id: 'G', gaps: 1, source: word, what: 'y', reason, citations: [] }];
    const doc = await load(await renderReport({ ...model, completeness: { ...model.completeness, gaps } }));
    const all = doc
      .getPages()
      .map((p) => pageText(doc, p))
      .join('\n');
    for (let i = 0; i < 3_000; i += 97) expect(all).toMatch(new RegExp(`\\bw${i}\\b`));
    expect(all.match(/x{5,}/g)?.join('').length).toBeGreaterThanOrEqual(9_000);
  });

  it('prints key pages up to the limit, says how many are elsewhere, and links to no page that is not there', async () => {
    const model = reportFixture(230);
    const all = (await text(model)).join(' ');
    expect(all).toContain('30 more keys of 230 are in');
  });

  it('takes times that are no times as text, but refuses a pack without one', async () => {
    const model = reportFixture(1);
    const odd = { ...model, engagement: { ...model.engagement, period: { from: 'soon', to: 'later' } } };
    expect((await text(odd)).join(' ')).toContain('soon to later');
    await expect(renderReport({ ...model, pack: { ...model.pack, builtAt: 'never' } })).rejects.toThrow(
      /cannot date the report: "never" is not a time/,
    );
  });
});

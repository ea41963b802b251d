import { readSheet } from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../../electron/pack/files/csv.ts';
import { workbookFiles } from '../../../../electron/pack/files/workbook.ts';

const HEADER = Array.from({ length: 50 }, (_, i) => `h${i}`);
const table = (total: number) => ({
  name: 'T',
  header: HEADER,
  total,
  *rows(from: number, count: number): Generator<Cell[]> {
    for (let i = from; i < Math.min(total, from + count); i++) yield [`row ${i}`, i];
  },
});

describe('a table as workbooks', () => {
  it('is one file when it fits, and keeps texts texts', async () => {
    const files = workbookFiles('data/x/t', {
      ...table(1),
      header: ['a', 'b', 'c'],
      rows: () => [['=1+1', '@SUM(A1)', 'fine\u0001 text']],
    });
    expect(files.map((f) => f.path)).toEqual(['data/x/t.xlsx']);
    const rows = await readSheet((await files[0]!.content()) as Buffer);
    expect(rows[1]).toEqual(["'=1+1", "'@SUM(A1)", 'fine text']);
  });

  it('goes over several files without losing or doubling a row', async () => {
    const total = 12_001;
    const files = workbookFiles('t', table(total));
    expect(files.map((f) => f.path)).toEqual(['t.xlsx', 't-2.xlsx', 't-3.xlsx']);
    const numbers: unknown[] = [];
    for (const file of files) {
      const rows = await readSheet((await file.content()) as Buffer);
      expect(rows[0]?.[0]).toBe('h0');
      numbers.push(...rows.slice(1).map((row) => row[1]));
    }
    expect(numbers).toEqual(Array.from({ length: total }, (_, i) => i));
  });

  it('says how many rows only the CSV has', async () => {
    const files = workbookFiles('t', table(1_000_000));
    expect(files.length).toBeLessThanOrEqual(8);
    const rows = await readSheet((await files.at(-1)!.content()) as Buffer);
    const left = 1_000_000 - files.length * 5000;
    expect(rows.at(-1)?.[0]).toBe(`${left} more rows are in the CSV file of the same name.`);
  });
});

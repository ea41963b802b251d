import writeXlsxFile from 'write-excel-file/node';
import { neutralised, type Cell } from './csv.ts';

/** One sheet: header and rows, as in the CSV of the same name. */
export interface Sheet {
  name: string;
  header: readonly string[];
  rows: Iterable<readonly Cell[]>;
}

/** Excel takes 1,048,576 rows; far before that a workbook no longer opens in reasonable time. The CSV has all rows. */
export const MOST_ROWS = 100_000;

/** An XLSX workbook (ECMA-376). Texts are texts: nothing is taken for a formula. Rows beyond MOST_ROWS are left to the CSV, and the last row says so. */
export async function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  const data = sheets.map((sheet) => ({
    sheet: sheet.name,
    stickyRowsCount: 1,
    data: [
      sheet.header.map((text) => ({ value: text, fontWeight: 'bold' as const })),
      ...bounded(sheet.rows).map((row) => row.map(asCell)),
    ],
  }));
  return writeXlsxFile(data).toBuffer();
}

function bounded(rows: Iterable<readonly Cell[]>): (readonly Cell[])[] {
  const taken: (readonly Cell[])[] = [];
  for (const row of rows) {
    if (taken.length === MOST_ROWS) {
      taken.push([
        `More rows are in the CSV file of the same name: this sheet holds the first ${MOST_ROWS}.`,
      ]);
      break;
    }
    taken.push(row);
  }
  return taken;
}

function asCell(cell: Cell) {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  return { value: neutralised(String(cell)), type: String };
}

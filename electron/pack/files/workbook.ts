import writeXlsxFile from 'write-excel-file/node';
import { neutralised, type Cell } from './csv.ts';
import type { PackFile } from './pack-file.ts';

/** One sheet: header and rows, as in the CSV of the same name. */
export interface Sheet {
  name: string;
  header: readonly string[];
  rows: Iterable<readonly Cell[]>;
}

/** A table that may be too large for one workbook. Rows are asked for a stretch at a time. */
export interface LongTable extends Omit<Sheet, 'rows'> {
  total: number;
  rows: (from: number, count: number) => Iterable<readonly Cell[]>;
}

/** A workbook is built in memory: this many cells take about 100 MB, and a spreadsheet opens them without waiting. */
const MOST_CELLS = 250_000;
/** Workbooks of one table; what is beyond them is in the CSV of the same name. */
const MOST_FILES = 8;

/**
 * Workbooks (XLSX, ECMA-376) of one table: `base.xlsx`, then `base-2.xlsx` and so on where it has too many cells for one.
 * `beside` are further sheets of the first. Memory stays flat; each is built when its turn comes.
 */
export function workbookFiles(
  base: string,
  table: LongTable,
  beside: () => readonly Sheet[] = () => [],
): PackFile[] {
  const perFile = rowsOf(table.header);
  const files = Math.min(MOST_FILES, Math.max(1, Math.ceil(table.total / perFile)));
  return Array.from({ length: files }, (_, i) =>
    workbookFile(i === 0 ? `${base}.xlsx` : `${base}-${i + 1}.xlsx`, () => {
      const rows = table.rows(i * perFile, perFile);
      const left = i === files - 1 ? table.total - files * perFile : 0;
      const sheet = { name: table.name, header: table.header, rows: left > 0 ? withNote(rows, left) : rows };
      return [sheet, ...(i === 0 ? beside() : [])];
    }),
  );
}

/** A workbook as a file of the pack. In a redacted pack it is made of the redacted texts. */
export const workbookFile = (path: string, sheets: () => readonly Sheet[]): PackFile => ({
  path,
  content: () => workbook(sheets()),
  redacted: (replace) => workbook(sheets().map((sheet) => replaced(sheet, replace))),
});

function replaced(sheet: Sheet, replace: (text: string) => string): Sheet {
  function* rows(): Generator<readonly Cell[]> {
    for (const row of sheet.rows) yield row.map((cell) => (typeof cell === 'string' ? replace(cell) : cell));
  }
  return { ...sheet, rows: rows() };
}

/** One XLSX workbook. Texts are texts: nothing is taken for a formula. Rows of a sheet beyond its room are left to the CSV, and its last row says so. */
export async function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  const data = sheets.map((sheet) => ({
    sheet: sheet.name,
    stickyRowsCount: 1,
    data: [
      sheet.header.map((text) => ({ value: text, fontWeight: 'bold' as const })),
      ...bounded(sheet).map((row) => row.map(asCell)),
    ],
  }));
  return writeXlsxFile(data).toBuffer();
}

const rowsOf = (header: readonly string[]) => Math.floor(MOST_CELLS / header.length);

function bounded({ rows, header }: Sheet): (readonly Cell[])[] {
  const most = rowsOf(header);
  const taken: (readonly Cell[])[] = [];
  for (const row of rows) {
    if (taken.length > most) {
      taken[most] = ['More rows are in the CSV file of the same name.'];
      break;
    }
    taken.push(row);
  }
  return taken;
}

function* withNote(rows: Iterable<readonly Cell[]>, left: number): Generator<readonly Cell[]> {
  yield* rows;
  yield [`${left} more rows are in the CSV file of the same name.`];
}

/** The longest text a cell takes (ECMA-376 as Excel has it). */
const MOST_CHARACTERS = 32_767;

function asCell(cell: Cell) {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  return { value: cellText(String(cell)), type: String };
}

/** Characters that XML does not allow are left out by the library. */
function cellText(text: string): string {
  const safe = neutralised(text);
  if (safe.length <= MOST_CHARACTERS) return safe;
  return `${safe.slice(0, MOST_CHARACTERS - 40)} … (whole in the CSV file)`;
}

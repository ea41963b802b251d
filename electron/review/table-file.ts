import { readSheet } from 'read-excel-file/node';
import { ReviewError } from './error.ts';
import type { GivenFile } from './attachments.ts';

/** A table that the client gave: one object a row, by heading in lower case with `_` for blanks. */
export interface TableFile {
  headings: string[];
  rows: { line: number; cells: Record<string, string> }[];
}

/** Longest table taken: far above any inventory, far below what would fill memory. */
const MOST_ROWS = 200_000;

/**
 * Reads the first sheet of an XLSX file, or a CSV file (RFC 4180; comma, semicolon or tab, as its first line shows).
 *
 * @throws ReviewError BAD_FILE when it is neither, is empty, repeats a heading, or has too many rows.
 */
export async function readTable(file: Pick<GivenFile, 'name' | 'bytes'>): Promise<TableFile> {
  const bytes = Buffer.from(file.bytes);
  const cannot = (why: string) =>
    new ReviewError(
      'BAD_FILE',
      `cannot read the table ${file.name}: ${why}. Give a CSV file in UTF-8 or an XLSX file with headings in its first row.`,
    );
  let table: string[][];
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') {
    try {
      table = (await readSheet(bytes)).map((row) => row.map(cellText));
    } catch (error) {
      throw cannot(`it is not a workbook (${(error as Error).message})`);
    }
  } else {
    if (bytes.includes(0)) throw cannot('it is not text');
    table = parseCsv(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  }
  const at = table.findIndex((row) => row.some((cell) => cell.trim() !== ''));
  if (at === -1) throw cannot('it is empty');
  if (table.length > MOST_ROWS) throw cannot(`it has more than ${MOST_ROWS} rows`);
  const headings = table[at]!.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  const repeated = headings.find((heading, i) => heading !== '' && headings.indexOf(heading) !== i);
  if (repeated) throw cannot(`it has two columns ${repeated}`);
  const rows = table.slice(at + 1).flatMap((row, i) => {
    if (row.every((cell) => cell.trim() === '')) return [];
    const cells = headings.map((heading, c) => [heading, unquoted(row[c] ?? '').trim()] as const);
    return [{ line: at + i + 2, cells: Object.fromEntries(cells.filter(([heading]) => heading !== '')) }];
  });
  return { headings: headings.filter((heading) => heading !== ''), rows };
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string'
    ? cell
    : typeof cell === 'number' || typeof cell === 'boolean'
      ? String(cell)
      : '';
}

/** Our own exports put an apostrophe before what a spreadsheet would run as a formula; reading takes it off again. */
function unquoted(text: string): string {
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

function parseCsv(text: string): string[][] {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const separator = [',', ';', '\t'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0]!;
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[(i += 1)]!;
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) {
      row.push(cell);
      cell = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i += 1;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** Several values in one cell, separated by semicolons or line breaks. */
export function listOf(cell: string | undefined): string[] {
  return (cell ?? '')
    .split(/[;\n|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * A day as tables hold it: YYYY-MM-DD, or an ISO instant. Null for an empty cell.
 *
 * @throws ReviewError BAD_FILE for anything else: 03/04/2026 is two days.
 */
export function dayOf(cell: string | undefined, where: string): string | null {
  const value = (cell ?? '').trim();
  if (value === '') return null;
  const [, found] = /^(\d{4}-\d{2}-\d{2})(T.*Z)?$/.exec(value) ?? [];
  const at = new Date(`${found}T00:00:00.000Z`);
  if (found && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === found) return found;
  throw new ReviewError('BAD_FILE', `cannot read ${where}: "${value}" is no date. Write it as YYYY-MM-DD.`);
}

/** The first of these columns that a row has filled; null when none is. */
export function cellOf(cells: Record<string, string>, ...names: string[]): string | null {
  for (const name of names) if (cells[name]) return cells[name];
  return null;
}

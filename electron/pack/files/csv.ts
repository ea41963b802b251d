/** A cell's value; null and undefined become an empty cell. */
export type Cell = string | number | boolean | null | undefined;

/**
 * One CSV record as RFC 4180 has it (CRLF, quotes doubled), made safe to open in a spreadsheet: a text that a
 * spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection").
 */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** One cell of a record. */
export function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = neutralised(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text that no spreadsheet takes for a formula: one that starts with = + - @ or a control character is quoted. */
export function neutralised(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters at the start are what this is about
  return /^[=+\-@\u0000-\u001f\u007f]/.test(text) ? `'${text}` : text;
}

/** A CSV file, header first, in pieces of many records so that a large table streams. */
export function* csvFile(header: readonly string[], rows: Iterable<readonly Cell[]>): Generator<Buffer> {
  let text = csvRecord(header);
  for (const row of rows) {
    text += csvRecord(row);
    if (text.length > 256 * 1024) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  if (text) yield Buffer.from(text, 'utf8');
}

/** Lines of JSON, one value a line, in pieces. */
export function* jsonLines(values: Iterable<unknown>): Generator<Buffer> {
  let text = '';
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length > 256 * 1024) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  if (text) yield Buffer.from(text, 'utf8');
}

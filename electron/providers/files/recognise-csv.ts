import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { fieldsOf, plainName, shapeOfHeader, type CsvShape } from '../../logs/azure-csv/columns.ts';
import { CsvSplitter } from '../../logs/azure-csv/split-csv.ts';
import { orderOf, type DateOrder } from '../../logs/azure-csv/times.ts';

/** A file is searched this far for a date that can be read in one way only. */
const MAX_SEARCH_BYTES = 512 * 1024 * 1024;

/**
 * Recognises rows of Azure's logs that were exported as CSV, by their first row. `text` is the start of the content.
 *
 * @returns null when it is none; the reason, in words, when it is but cannot be used
 */
export function recogniseCsv(
  text: string,
  path: string,
  compressed: boolean,
): { params: Record<string, unknown>; place: string } | { reason: string } | null {
  const shape = shapeOfHeader(firstRow(text));
  if (shape === null || 'reason' in shape) return shape;
  const column = shape.columns.findIndex((name) => /^(TimeGenerated|Time)$/i.test(plainName(name)));
  const timeOfRow = (row: string): string => fieldsOf(row, shape.delimiter)?.[column] ?? '';
  const early = findOrder(Buffer.from(text), timeOfRow);
  // Days of one month can be ambiguous at the start of a file and not in all of it.
  const found = early === 'ambiguous' ? findOrder(whole(path, compressed), timeOfRow) : early;
  if (found === 'ambiguous') {
    return {
      reason:
        'its dates can be read with the day or the month first. Export it with times as ISO 8601, for example after "| extend TimeGenerated = tostring(TimeGenerated)"',
    };
  }
  const params: CsvShape = { ...shape, dates: found ?? 'iso' };
  return { params: { ...params }, place: canonicalJson(params) };
}

/** The first row; it may hold line breaks inside of quotes, but no column's name does. */
const firstRow = (text: string): string => text.split(/\r?\n/, 1)[0]!;

/** The order of dates that the rows show; `ambiguous` when none does; null when there is no date at all. */
function findOrder(content: Buffer, timeOfRow: (row: string) => string): DateOrder | 'ambiguous' | null {
  let found: DateOrder | null = null;
  let dates = 0;
  const splitter = new CsvSplitter({
    record(bytes, start, end) {
      if (found !== null) return;
      const time = timeOfRow(bytes.toString('utf8', start, end));
      if (time === '') return;
      dates += 1;
      found = orderOf(time);
    },
    reject: () => undefined,
  });
  splitter.write(content);
  splitter.end();
  return found ?? (dates > 0 ? 'ambiguous' : null);
}

function whole(path: string, compressed: boolean): Buffer {
  const bytes = readFileSync(path);
  return compressed ? gunzipSync(bytes, { maxOutputLength: MAX_SEARCH_BYTES }) : bytes;
}

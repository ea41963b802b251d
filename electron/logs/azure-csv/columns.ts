import { parse } from 'csv-parse/sync';
import type { DateOrder } from './times.ts';

/** What a CSV file's first row, and its dates, say about how its rows are read. Stands in the ledger with the file. */
export interface CsvShape {
  /** table: rows of a log query. activity: the activity log as the portal exports it. */
  kind: 'table' | 'activity';
  columns: string[];
  delimiter: ',' | ';' | '\t';
  dates: DateOrder;
}

/** Fields of one row, as RFC 4180 writes them; null when it is no row. */
export function fieldsOf(row: string, delimiter: string): string[] | null {
  try {
    const rows: string[][] = parse(row, {
      delimiter,
      bom: true,
      relax_column_count: true,
      max_record_size: 0,
    });
    return rows.length === 1 ? rows[0]! : null;
  } catch {
    return null;
  }
}

/** A column's name without the time zone that the portal writes behind it: `TimeGenerated [UTC]`. */
export const plainName = (column: string): string => column.replace(/\s*\[UTC\]$/i, '').trim();

const REMEDY = 'Export all columns, with the portal’s display time zone set to UTC';

/**
 * Tells what the rows under a header are.
 *
 * @returns null when it is no log of ours; the reason, in words, when it is but cannot be used
 */
export function shapeOfHeader(header: string): Omit<CsvShape, 'dates'> | { reason: string } | null {
  for (const delimiter of [',', ';', '\t'] as const) {
    const columns = fieldsOf(header, delimiter)?.map((name) => name.trim());
    if (!columns || columns.length < 2) continue;
    const kind = kindOf(columns.map((name) => plainName(name).replace(/\s*\[[^\]]+\]$/, '')));
    if (kind === null) continue;
    const local = columns.find((name) => /\[Local Time\]$/i.test(name));
    if (local !== undefined) {
      return {
        reason: `its times ("${local}") are in the time zone of whoever exported it, which it does not name. ${REMEDY}`,
      };
    }
    const missing = lackOf(kind, new Set(columns.map(plainName)));
    if (missing !== null) return { reason: `no column says ${missing}. ${REMEDY}` };
    return { kind, columns, delimiter };
  }
  return null;
}

function kindOf(columns: readonly string[]): CsvShape['kind'] | null {
  const has = (name: string): boolean => columns.includes(name);
  if (has('TimeGenerated') && (has('OperationName') || has('OperationNameValue'))) return 'table';
  const lower = new Set(columns.map((name) => name.toLowerCase()));
  const portal = ['operation name', 'time', 'event category', 'event initiated by'];
  return portal.every((name) => lower.has(name)) ? 'activity' : null;
}

/** What cannot be told of any row, in words; null when nothing is missing. */
function lackOf(kind: CsvShape['kind'], columns: ReadonlySet<string>): string | null {
  const any = (...names: string[]): boolean => names.some((name) => columns.has(name));
  if (kind === 'activity' || columns.has('OperationNameValue')) return null;
  if (
    !any('_ResourceId', 'ResourceId') &&
    !(any('SubscriptionId') && any('Resource') && any('ResourceGroup'))
  ) {
    return 'which vault a row is of (_ResourceId)';
  }
  return any('Id', 'id_s', 'RequestUri', 'requestUri_s') ? null : 'which key a row is of (id_s or Id)';
}

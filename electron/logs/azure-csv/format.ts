import type { ReadableDb } from '../../../db/handle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { logged, type AzureRecord, type JsonObject } from '../azure-audit/record.ts';
import { tableRecord } from '../azure-audit/tables.ts';
import type { LogFormat } from '../format.ts';
import { fieldsOf, plainName, type CsvShape } from './columns.ts';
import { portalRecord } from './portal-activity.ts';
import { CsvSplitter } from './split-csv.ts';
import { timeOf } from './times.ts';

/** Format of imported CSV files. */
export const CSV_LOG = 'azure-csv.log';

/**
 * Rows that the client exported as CSV: of a query over AZKVAuditLogs, AzureDiagnostics or AzureActivity, or the activity log
 * of the portal. What the first row says of the columns stands with the file in the ledger, and is the place that `read` gets.
 */
export const azureCsvFormat: LogFormat = {
  id: 'azure-csv',
  title: 'rows of Azure Key Vault records',
  files: [CSV_LOG],
  pages: {},
  inPages: {},
  split: (visit) => new CsvSplitter(visit),
  placeOf: shapeOfEntry,
  read(raw, place = '') {
    const shape = shapeOf(place);
    const fields = shape && fieldsOf(raw.toString('utf8'), shape.delimiter);
    if (!shape || !fields) return null;
    const record = recordOf(shape, fields);
    return record ? logged(record) : null;
  },
};

function recordOf(shape: CsvShape, fields: readonly string[]): AzureRecord | null {
  const row: JsonObject = {};
  shape.columns.forEach((name, i) => (row[plainName(name)] = fields[i] ?? ''));
  if (shape.kind === 'activity') return portalRecord(row, shape.dates);
  const time = timeOf(String(row['TimeGenerated']), shape.dates);
  return time === null ? null : tableRecord({ ...row, TimeGenerated: new Date(time).toISOString() });
}

/** What an entry says of its columns: it was sealed with the file when it was imported. */
function shapeOfEntry(db: ReadableDb, _source: string, seq: number): string {
  const entry = readEntry(db, seq);
  return entry?.kind === 'import' ? (entry.values.params ?? '') : '';
}

let last: { place: string; shape: CsvShape | null } = { place: '', shape: null };

/** The same text comes for every row of a file. */
function shapeOf(place: string): CsvShape | null {
  if (last.place !== place) last = { place, shape: JSON.parse(place) as CsvShape };
  return last.shape;
}

import { RecordSplitter } from '../cloudtrail/split-records.ts';
import type { LogFormat, LoggedRecord } from '../format.ts';
import { exportedRecord } from './exported.ts';
import { asObject, asText, logged, type JsonObject } from './record.ts';
import { activityRecord, tableRecord } from './tables.ts';

export const LOG_QUERY = 'azure.loganalytics.Query';
export const ACTIVITY_LOG = 'azure.insights.ListActivityLog';
/** Rows of a query that the client saved, as JSON. */
export const SAVED_ROWS = 'azure.log-rows';

/** Records of key use in Azure: exported files, answers of Log Analytics, and the activity log. */
export const azureAuditFormat: LogFormat = {
  id: 'azure-audit',
  title: 'Azure Key Vault records',
  files: ['azure.blob.GetBlob', 'azure-audit.log'],
  pages: {
    [LOG_QUERY]: (body) => rowsOfQuery(json(body)).map(tableEvent),
    [ACTIVITY_LOG]: (body) => activityEvents(json(body)).map(activityEvent),
    [SAVED_ROWS]: (body) => savedRows(json(body)).map(tableEvent),
  },
  inPages: {
    [LOG_QUERY]: (body) => rowsOfQuery(json(body)),
    [ACTIVITY_LOG]: (body) => activityEvents(json(body)),
    [SAVED_ROWS]: (body) => savedRows(json(body)),
  },
  split: (visit) => new RecordSplitter(visit),
  read(raw) {
    const record = exportedRecord(asObject(json(raw)));
    return record ? logged(record) : null;
  },
};

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map(asObject) : []);

function tableEvent(row: JsonObject): LoggedRecord | null {
  const record = tableRecord(row);
  return record ? logged(record) : null;
}

function activityEvent(event: JsonObject): LoggedRecord | null {
  const record = activityRecord(event);
  return record ? logged(record) : null;
}

/** The API's list stands in `value`, what the Azure CLI saves is the list itself. */
function activityEvents(answer: unknown): JsonObject[] {
  return listOf(Array.isArray(answer) ? answer : asObject(answer)['value']);
}

/** Rows of every table of an answer, by the names of their columns. A count has none that name an operation. */
export function rowsOfQuery(answer: unknown): JsonObject[] {
  return listOf(asObject(answer)['tables']).flatMap((table) => {
    const columns = listOf(table['columns']).map((column) => asText(column['name']));
    if (!columns.includes('OperationName') && !columns.includes('OperationNameValue')) return [];
    const { rows } = table;
    return (Array.isArray(rows) ? rows : []).map((row) =>
      Object.fromEntries(columns.map((name, i) => [name, (row as unknown[])[i]])),
    );
  });
}

/** A saved query: an answer with tables, or a list of rows as the portal and `az monitor log-analytics query` give it. */
function savedRows(value: unknown): JsonObject[] {
  return Array.isArray(value) ? listOf(value) : rowsOfQuery(value);
}

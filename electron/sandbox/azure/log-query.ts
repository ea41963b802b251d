import type { Callers } from './callers.ts';
import { AzureFault, type Answer, type Request } from './http.ts';
import { COLUMNS, rowsOf, type Column, type TableName } from './log-rows.ts';
import type { Estate } from './types.ts';

type Row = Record<string, unknown>;
interface Result {
  columns: Column[];
  rows: Row[];
}

export interface LogOptions {
  /** Log Analytics answers with 500,000 rows at most. Default 500000. */
  maxRows: number;
  /** Every query that gives rows answers partially: the second half is missing. Default false. */
  partialFailure: boolean;
}

const syntax = (text: string): AzureFault =>
  new AzureFault(
    400,
    'BadArgumentError',
    `The request had some invalid properties: cannot read "${text}".`,
    'SyntaxError',
  );

const LITERAL = /^(?:datetime\(\s*"?([^)"]+)"?\s*\)|'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))$/i;
const COMPARISON = /^(\w+)\s*(==|=~|!=|>=|<=|>|<)\s*(.+)$/;

function literal(text: string): string | number {
  const found = LITERAL.exec(text.trim());
  if (found === null) throw syntax(text);
  const [, time, single, double, number] = found;
  if (time !== undefined) {
    const at = Date.parse(time);
    if (Number.isNaN(at)) throw syntax(text);
    return at;
  }
  return number !== undefined ? Number(number) : (single ?? double ?? '');
}

function where(columns: Column[], clause: string): (row: Row) => boolean {
  const tests = clause.split(/\s+and\s+/i).map((text) => {
    const [, name = '', operator = '', value = ''] = COMPARISON.exec(text.trim()) ?? [];
    const type = columns.find((column) => column.name === name)?.type;
    if (type === undefined) throw syntax(text);
    const wanted = literal(value);
    return (row: Row): boolean => {
      const raw = row[name];
      const own = type === 'datetime' ? Date.parse(String(raw)) : raw;
      if (operator === '=~') return String(own).toLowerCase() === String(wanted).toLowerCase();
      if (operator === '==') return own === wanted;
      if (operator === '!=') return own !== wanted;
      const [a, b] = [Number(own), Number(wanted)];
      return operator === '>=' ? a >= b : operator === '<=' ? a <= b : operator === '>' ? a > b : a < b;
    };
  });
  return (row) => tests.every((test) => test(row));
}

const COUNT: Column[] = [{ name: 'Count', type: 'int' }];

function step({ columns, rows }: Result, text: string): Result {
  const [, verb = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(text) ?? [];
  switch (verb) {
    case 'where':
      return { columns, rows: rows.filter(where(columns, rest)) };
    case 'count':
      return { columns: COUNT, rows: [{ Count: rows.length }] };
    case 'take':
    case 'limit':
      if (!/^\d+$/.test(rest)) throw syntax(text);
      return { columns, rows: rows.slice(0, Number(rest)) };
    case 'order':
    case 'sort': {
      const [, name = '', way = 'desc'] = /^by\s+(\w+)(?:\s+(asc|desc))?$/.exec(rest) ?? [];
      if (!columns.some((column) => column.name === name)) throw syntax(text);
      const sign = way === 'asc' ? 1 : -1;
      return { columns, rows: rows.toSorted((a, b) => (String(a[name]) < String(b[name]) ? -sign : sign)) };
    }
    case 'summarize': {
      const [, name = 'count_'] = /^(?:(\w+)\s*=\s*)?count\(\)$/.exec(rest) ?? [];
      if (!/count\(\)$/.test(rest)) throw syntax(text);
      return { columns: [{ name, type: 'int' }], rows: [{ [name]: rows.length }] };
    }
    case 'project': {
      const names = rest.split(/\s*,\s*/);
      const kept = names.map((name) => columns.find((column) => column.name === name.trim()));
      if (kept.includes(undefined)) throw syntax(text);
      return { columns: kept as Column[], rows };
    }
    default:
      throw syntax(text);
  }
}

/** POST …/workspaces/{id}/query, for the part of KQL that reading audit records needs. */
export function handleLogs(
  estate: Estate,
  callers: Callers,
  options: LogOptions,
  request: Request,
): { operation: string; answer: () => Answer } {
  return { operation: 'logs.Query', answer: () => query(estate, callers, options, request) };
}

function query(estate: Estate, callers: Callers, options: LogOptions, request: Request): Answer {
  const who = callers.caller(request, 'logs');
  const id = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(request.path)?.[1];
  if (request.method !== 'POST' || id === undefined)
    throw new AzureFault(404, 'PathNotFoundError', `The requested path ${request.path} does not exist.`);
  const { workspace } = estate;
  if (id.toLowerCase() !== workspace.customerId)
    throw new AzureFault(404, 'WorkspaceNotFoundError', `The workspace ${id} could not be found.`);
  let body: { query?: unknown; timespan?: unknown };
  try {
    body = JSON.parse(request.body) as typeof body;
  } catch {
    throw new AzureFault(400, 'BadArgumentError', 'The request body is not JSON.');
  }
  const parts = (typeof body.query === 'string' ? body.query : '').split('|').map((text) => text.trim());
  const table = parts.shift() ?? '';
  if (table !== 'AZKVAuditLogs' && table !== 'AzureDiagnostics') throw syntax(table);
  const may = (what: string): boolean =>
    callers.may(who, `Microsoft.OperationalInsights/workspaces/${what}`, workspace.id).decision === 'allowed';
  if (!may('query/read') || !may(`query/${table}/read`))
    throw new AzureFault(
      403,
      'InsufficientAccessError',
      'The provided credentials have insufficient access to perform the requested operation',
    );
  let result: Result = { columns: COLUMNS[table], rows: within(rowsOf(estate, table), body.timespan) };
  for (const text of parts) result = step(result, text);
  return { status: 200, body: limited(result, table, options) };
}

/** `timespan`: two ISO 8601 times with a slash between them. */
function within(rows: Row[], timespan: unknown): Row[] {
  if (timespan === undefined || timespan === null) return rows;
  if (typeof timespan !== 'string')
    throw new AzureFault(400, 'BadArgumentError', 'The timespan is not text.');
  const [from, to] = timespan.split('/').map((text) => Date.parse(text));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to))
    throw new AzureFault(400, 'BadArgumentError', `The timespan ${timespan} is not two times.`);
  return rows.filter((row) => {
    const at = Date.parse(String(row['TimeGenerated']));
    return at >= from && at < to;
  });
}

function limited({ columns, rows }: Result, table: TableName, options: LogOptions): unknown {
  const counts = columns.length === 1 && columns[0]!.type === 'int';
  const most = options.partialFailure && !counts ? Math.floor(rows.length / 2) : options.maxRows;
  const kept = rows.slice(0, most);
  const tables = [
    { name: 'PrimaryResult', columns, rows: kept.map((row) => columns.map(({ name }) => row[name] ?? null)) },
  ];
  if (kept.length === rows.length) return { tables };
  const reason = options.partialFailure
    ? `The query of ${table} was partially executed.`
    : `The results of this query exceed the set limit of ${options.maxRows} records.`;
  return {
    tables,
    error: {
      code: 'PartialError',
      message: 'There were some errors when processing your query.',
      details: [
        {
          code: 'EngineError',
          message: 'Something went wrong processing your query on the server.',
          innererror: { code: '-2133196797', message: reason },
        },
      ],
    },
  };
}

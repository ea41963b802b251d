import type { AzureRun } from './azure-run.ts';
import { logStores } from './operations/index.ts';
import type { QueryResult } from './operations/log-stores.ts';
import { scopeOf } from './scope.ts';

/** Most rows asked for in one query: what Log Analytics answers whole, and what stays well under the size kept. */
const MOST_ROWS = 10_000;
/** Events that the budget allows, for each that is allowed where each page of fifty costs a call. */
const BUDGET_FACTOR = 100;
/** A slice is not halved below this, ms. */
const SHORTEST_MS = 60_000;
/** How often a slice that was answered in part is halved: what stays partial then is a gap, not more questions. */
const MOST_HALVINGS = 4;

export interface TableOf {
  /** The workspace's customer id and resource id. */
  workspace: string;
  resource: string;
  table: 'AZKVAuditLogs' | 'AzureDiagnostics';
  /** Resource id of the vault whose records are read. */
  vault: string;
}

/**
 * Reads a vault's records from one table, from the start of the period to the collection. Every slice of time is counted
 * first: the count is the control total that the rows must reach. A slice with too many rows, or one that Log Analytics
 * answers in part only, is halved.
 */
export async function readTable(azure: AzureRun, of: TableOf): Promise<void> {
  const { period, startedAt, settings } = azure.run;
  const left = { rows: settings.usageEventBudget * BUDGET_FACTOR };
  const from = Date.parse(period.from);
  if (from < startedAt.getTime()) await readSlice(azure, of, from, startedAt.getTime(), left);
}

async function readSlice(
  azure: AzureRun,
  of: TableOf,
  from: number,
  to: number,
  left: { rows: number },
  halvings = 0,
): Promise<void> {
  const counted = await azure.ask(logStores.query, inputOf(of, from, to, 'count'));
  // Denied, or no such table: the exchange says so.
  if (!counted.ok) return;
  const count = countOf(counted.output);
  if (count === null) return note(azure, of, from, to, 'the count of records was answered in part only');
  if (count === 0) return;
  if (left.rows <= 0) return noteBudget(azure, of, from, to, count);
  if (count > MOST_ROWS && to - from > SHORTEST_MS) return halve(azure, of, from, to, left, halvings);
  const halvable = to - from > SHORTEST_MS && halvings < MOST_HALVINGS;
  const answer = await azure.ask(logStores.query, inputOf(of, from, to, 'order by TimeGenerated asc'));
  if (!answer.ok) {
    // Too large an answer, or a time-out: smaller ones may do.
    if (halvable && /TooLarge|Timeout|ResponseSize/i.test(answer.code)) {
      return halve(azure, of, from, to, left, halvings + 1);
    }
    return;
  }
  const rows = answer.output.tables?.[0]?.rows?.length ?? 0;
  left.rows -= rows;
  if (answer.output.error === undefined && rows >= count) return;
  if (halvable && answer.output.error !== undefined) return halve(azure, of, from, to, left, halvings + 1);
  const said = answer.output.error?.message ?? `${rows} rows came`;
  return note(
    azure,
    of,
    from,
    to,
    `${count} records were counted, and the query was answered in part: ${said}`,
  );
}

async function halve(
  azure: AzureRun,
  of: TableOf,
  from: number,
  to: number,
  left: { rows: number },
  halvings: number,
): Promise<void> {
  const middle = from + Math.floor((to - from) / 2);
  await readSlice(azure, of, from, middle, left, halvings);
  await readSlice(azure, of, middle, to, left, halvings);
}

function inputOf({ workspace, resource, table, vault }: TableOf, from: number, to: number, last: string) {
  const provider = table === 'AzureDiagnostics' ? " and ResourceProvider == 'MICROSOFT.KEYVAULT'" : '';
  const times = `TimeGenerated >= datetime(${new Date(from).toISOString()}) and TimeGenerated < datetime(${new Date(to).toISOString()})`;
  const query = `${table} | where ${times}${provider} and _ResourceId =~ '${vault.replaceAll("'", '')}' | ${last}`;
  return { resource, workspace, query };
}

function countOf({ tables, error }: QueryResult): number | null {
  const count = tables?.[0]?.rows?.[0]?.[0];
  return error === undefined && typeof count === 'number' ? count : null;
}

function note(azure: AzureRun, of: TableOf, from: number, to: number, reason: string): Promise<void> {
  return say(azure, of, 'log-query-partial', from, to, `${of.table}: ${reason}`);
}

function noteBudget(azure: AzureRun, of: TableOf, from: number, to: number, count: number): Promise<void> {
  const reason = `${of.table}: ${count} more records were counted and not read, because the event budget was reached`;
  return say(azure, of, 'event-budget-reached', from, to, reason);
}

function say(
  azure: AzureRun,
  { vault }: TableOf,
  what: 'log-query-partial' | 'event-budget-reached',
  from: number,
  to: number,
  reason: string,
): Promise<void> {
  return azure.run.asking.note({
    scope: scopeOf(azure.tenant, { resource: vault }),
    op: logStores.query.id,
    what,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    reason,
  });
}

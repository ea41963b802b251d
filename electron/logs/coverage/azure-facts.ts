import type { ReadableDb } from '../../../db/handle.ts';
import { bodyReader, readOperation, type ReadExchange } from '../../derive/read-operation.ts';
import { hourOf } from '../../providers/azure/collect-blobs.ts';
import { destinationsOf, recordsKeyUse } from '../../providers/azure/normalise/log-routes.ts';
import { asObject, objects, text, whole, type JsonObject } from '../../providers/aws/normalise/wire.ts';

const HOUR = 3_600_000;

/** A diagnostic setting that records use of a vault's keys. */
export interface Route {
  name: string;
  destinations: { kind: string; id: string }[];
  seq: number;
}

/** What a vault's diagnostic settings say; null when they could not be read. */
export interface VaultRoutes {
  source: string;
  /** `<subscription>/<vault>` */
  scope: string;
  routes: Route[] | null;
  /** Settings that record something, but not requests to the vault. */
  others: number;
  code: string | null;
  seq: number;
}

/** A stretch of time that was asked for, and what became of it. */
export interface AskedTime {
  start: number;
  end: number;
  ok: boolean;
  code: string | null;
  seq: number;
}

/** Diagnostic settings of every vault that was asked for them, by source and scope. */
export function vaultRoutes(db: ReadableDb, snapshot: string): Map<string, VaultRoutes> {
  const body = bodyReader(db);
  const found = new Map<string, VaultRoutes>();
  for (const exchange of read(db, snapshot, 'azure.insights.ListDiagnosticSettings')) {
    const { source, scope, seq, errorCode, outcome } = exchange;
    const key = `${source} ${scope}`;
    const known = found.get(key);
    if (outcome !== 'ok') {
      found.set(key, { source, scope, routes: null, others: 0, code: errorCode ?? outcome, seq });
      continue;
    }
    const settings = objects(parse(body(seq)).value);
    const recording = settings.filter((item) => recordsKeyUse(asObject(item.properties)));
    const routes = recording.map((item): Route => ({
      name: text(item.name) ?? '',
      destinations: destinationsOf(asObject(item.properties)),
      seq,
    }));
    const before = known?.routes ?? [];
    const others = (known?.others ?? 0) + settings.length - recording.length;
    found.set(key, { source, scope, routes: [...before, ...routes], others, code: null, seq });
  }
  return found;
}

/** Slices of time that Log Analytics was asked for, by source and vault's resource id (lower case) and table. */
export function askedQueries(
  db: ReadableDb,
  snapshot: string,
): Map<string, (AskedTime & { counted: boolean })[]> {
  const body = bodyReader(db);
  const found = new Map<string, (AskedTime & { counted: boolean })[]>();
  for (const exchange of read(db, snapshot, 'azure.loganalytics.Query')) {
    const { resource, query } = JSON.parse(exchange.params || '{}') as { resource?: string; query?: string };
    const parts =
      /^(\w+) \| where TimeGenerated >= datetime\(([^)]+)\) and TimeGenerated < datetime\(([^)]+)\).* _ResourceId =~ '([^']+)' \| (.+)$/.exec(
        query ?? '',
      );
    if (!parts) continue;
    const [, table = '', from = '', to = '', vault = '', last = ''] = parts;
    const key = `${exchange.source} ${vault.toLowerCase()} ${(resource ?? '').toLowerCase()} ${table}`;
    const counted = last === 'count';
    const answer = exchange.outcome === 'ok' ? parse(body(exchange.seq)) : {};
    // A count of nothing answers its slice by itself; any other count only announces rows.
    const count = counted ? firstCell(answer) : null;
    const ok = exchange.outcome === 'ok' && answer.error === undefined && (!counted || count === 0);
    if (counted && exchange.outcome === 'ok' && count !== 0) continue;
    const list = found.get(key) ?? [];
    found.set(key, list);
    list.push({
      start: Date.parse(from),
      end: Date.parse(to),
      ok,
      code: exchange.errorCode,
      seq: exchange.seq,
      counted,
    });
  }
  return found;
}

function firstCell(answer: JsonObject): number | null {
  const rows = objects(answer.tables)[0]?.rows;
  const cell = Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0][0] : undefined;
  return typeof cell === 'number' ? cell : null;
}

/** Months of exported files that were listed, and hours that could not be read, by source, account and vault (lower case). */
export function askedBlobs(db: ReadableDb, snapshot: string) {
  const months = new Map<string, AskedTime[]>();
  const broken = new Map<string, AskedTime[]>();
  const add = (map: Map<string, AskedTime[]>, key: string, time: AskedTime): void => {
    map.set(key, [...(map.get(key) ?? []), time]);
  };
  for (const exchange of read(db, snapshot, 'azure.blob.ListBlobs')) {
    const { resource = '', prefix = '' } = JSON.parse(exchange.params || '{}') as {
      resource?: string;
      prefix?: string;
    };
    const parts = /^resourceId=(.+)\/y=(\d{4})\/m=(\d{2})\/$/.exec(prefix);
    if (!parts) continue;
    const [, vault = '', year, month] = parts;
    const start = Date.UTC(Number(year), Number(month) - 1, 1);
    const end = Date.UTC(Number(year), Number(month), 1);
    const ok = exchange.outcome === 'ok' || exchange.errorCode === 'ContainerNotFound';
    const key = `${exchange.source} ${vault.toLowerCase()} ${resource.toLowerCase()}`;
    add(months, key, { start, end, ok, code: exchange.errorCode, seq: exchange.seq });
  }
  for (const exchange of read(db, snapshot, 'azure.blob.GetBlob')) {
    const { resource = '', blob = '' } = JSON.parse(exchange.params || '{}') as {
      resource?: string;
      blob?: string;
    };
    const start = hourOf(blob);
    const vault = /^resourceId=(.+?)\/y=\d{4}\//.exec(blob)?.[1]?.toLowerCase();
    if (start === null || !vault || (exchange.outcome === 'ok' && exchange.defect === null)) continue;
    const code = exchange.defect ?? exchange.errorCode;
    const key = `${exchange.source} ${vault} ${resource.toLowerCase()}`;
    add(broken, key, { start, end: start + HOUR, ok: false, code, seq: exchange.seq });
  }
  return { months, broken };
}

/** How many days a table keeps records, by workspace and table (lower-case resource id). */
export function tableRetention(db: ReadableDb, snapshot: string): Map<string, number> {
  const body = bodyReader(db);
  const days = new Map<string, number>();
  const put = (
    op: string,
    member: string,
    nameOf: (params: { resource?: string; table?: string }) => string,
  ) => {
    for (const { outcome, params, seq } of read(db, snapshot, op)) {
      if (outcome !== 'ok') continue;
      const value = whole(asObject(parse(body(seq)).properties)[member]);
      if (value !== null) days.set(nameOf(JSON.parse(params || '{}') as { resource?: string }), value);
    }
  };
  put('azure.operationalinsights.GetWorkspace', 'retentionInDays', ({ resource = '' }) =>
    resource.toLowerCase(),
  );
  put(
    'azure.operationalinsights.GetWorkspaceTable',
    'totalRetentionInDays',
    ({ resource = '', table = '' }) => `${resource.toLowerCase()} ${table}`,
  );
  return days;
}

/** The time that the activity log was asked for, by source and subscription. */
export function askedActivity(db: ReadableDb, snapshot: string): Map<string, AskedTime[]> {
  const found = new Map<string, AskedTime[]>();
  for (const exchange of read(db, snapshot, 'azure.insights.ListActivityLog')) {
    const { filter = '' } = JSON.parse(exchange.params || '{}') as { filter?: string };
    const parts = /eventTimestamp ge '([^']+)' and eventTimestamp le '([^']+)'/.exec(filter);
    if (!parts) continue;
    const key = `${exchange.source} ${exchange.scope.split('/')[0]}`;
    const time = {
      ...{ start: Date.parse(parts[1]!), end: Date.parse(parts[2]!), ok: exchange.outcome === 'ok' },
      ...{ code: exchange.errorCode, seq: exchange.seq },
    };
    found.set(key, [...(found.get(key) ?? []), time]);
  }
  return found;
}

function read(db: ReadableDb, snapshot: string, op: string): ReadExchange[] {
  return readOperation(db, snapshot, op, () => {});
}

function parse(bytes: Buffer | null): JsonObject {
  try {
    return bytes === null ? {} : asObject(JSON.parse(bytes.toString('utf8')) as JsonObject);
  } catch {
    return {};
  }
}

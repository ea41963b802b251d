import type { ReadableDb } from '../../../db/handle.ts';
import type { Period } from '../../engagement/engagement.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';

const EVENTS = [
  'time',
  'event_id',
  'service',
  'event',
  'account',
  'region',
  'key',
  'principal',
  'caller',
  'caller_type',
  'invoked_by',
  'source_ip',
  'error_code',
  'read_only',
  'changes_a_setting',
  'request_id',
  'ledger_entry',
  'record',
];

const SELECT = `SELECT strftime('%Y-%m-%dT%H:%M:%SZ', e.time / 1000, 'unixepoch'), e.event_id, e.service, e.name, e.account,
  e.region, e.key, e.principal, e.actor, e.actor_type, e.invoked_by, e.source_ip, e.error_code,
  CASE e.read_only WHEN 1 THEN 'yes' ELSE 'no' END, CASE e.is_change WHEN 1 THEN 'yes' ELSE 'no' END, e.request_id, e.seq, e.n
  FROM usage_event e JOIN usage_source s ON s.seq = e.seq`;

/** data/3-usage-logs/ but the raw records: events in one table, changes of settings, and what the extract is of. */
export function usageTables(db: ReadableDb, snapshot: string, period: Period): PackFile[] {
  const folder = 'data/3-usage-logs';
  if (sources(db, snapshot).length === 0) return [];
  return [
    {
      path: `${folder}/events.csv`,
      content: () => csvFile(EVENTS, eventRows(db, snapshot, period, '')),
      large: true,
    },
    {
      path: `${folder}/changes.csv`,
      content: () => csvFile(EVENTS, eventRows(db, snapshot, period, 'AND e.is_change = 1')),
    },
    { path: `${folder}/digests.json`, content: () => digestDocument(db, snapshot) },
    {
      path: `${folder}/extract.json`,
      content: () => `${JSON.stringify(extract(db, snapshot, period), null, 1)}\n`,
    },
  ];
}

/** What the sources' own signatures say: every digest file and every log file with its result. */
function* digestDocument(db: ReadableDb, snapshot: string): Generator<Buffer> {
  const rows = db
    .prepare<[string], object>(
      `SELECT kind, result, reason, bucket, object, account, region, trail,
              strftime('%Y-%m-%dT%H:%M:%SZ', first / 1000, 'unixepoch') AS first,
              strftime('%Y-%m-%dT%H:%M:%SZ', last / 1000, 'unixepoch') AS last, seq AS ledgerEntry
         FROM digest_result WHERE snapshot = ? ORDER BY bucket, object, kind`,
    )
    .iterate(snapshot);
  yield Buffer.from('{"format":"urn:keywitness:digests:1","files":[');
  let separator = '\n';
  for (const row of rows) {
    yield Buffer.from(`${separator}${JSON.stringify(row)}`);
    separator = ',\n';
  }
  yield Buffer.from('\n]}\n');
}

function* eventRows(db: ReadableDb, snapshot: string, period: Period, filter: string): Generator<Cell[]> {
  yield* db
    .prepare<[string, number, number], Cell[]>(
      `${SELECT} WHERE s.snapshot = ? AND e.time >= ? AND e.time < ? ${filter} ORDER BY e.seq, e.n, e.k`,
    )
    .raw()
    .iterate(snapshot, Date.parse(period.from), Date.parse(period.to));
}

interface SourceRow {
  source: string;
  kind: string;
  files: number;
  records: number;
  kept: number;
  first: number | null;
  last: number | null;
}

function sources(db: ReadableDb, snapshot: string): SourceRow[] {
  return db
    .prepare<[string], SourceRow>(
      `SELECT source, kind, count(*) AS files, sum(records) AS records, sum(relevant) AS kept, min(first) AS first, max(last) AS last
         FROM usage_source WHERE snapshot = ? GROUP BY source, kind ORDER BY source, kind`,
    )
    .all(snapshot);
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Where the events came from, what was kept of them, and for which range. */
function extract(db: ReadableDb, snapshot: string, period: Period) {
  const inPeriod = db
    .prepare<[string, number, number], { events: number; first: number | null; last: number | null }>(
      `SELECT count(*) AS events, min(e.time) AS first, max(e.time) AS last FROM usage_event e
         JOIN usage_source s ON s.seq = e.seq WHERE s.snapshot = ? AND e.time >= ? AND e.time < ?`,
    )
    .get(snapshot, Date.parse(period.from), Date.parse(period.to))!;
  const duplicates = db
    .prepare<[string], number>(
      'SELECT count(*) FROM usage_duplicate d JOIN usage_source s ON s.seq = d.seq WHERE s.snapshot = ?',
    )
    .pluck()
    .get(snapshot);
  return {
    format: 'urn:keywitness:extract:1',
    range: period,
    filter:
      'events of key management, and changes that bear on keys, their policies or their logs; nothing else is kept of a log file',
    sources: sources(db, snapshot).map((row) => ({ ...row, first: iso(row.first), last: iso(row.last) })),
    rows: { inPeriod: inPeriod.events, first: iso(inPeriod.first), last: iso(inPeriod.last) },
    duplicates: {
      left: duplicates,
      rule: 'an event that several sources give is counted once; log files go before look-ups',
    },
  };
}

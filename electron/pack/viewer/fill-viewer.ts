import type { ReadableDb } from '../../../db/handle.ts';
import { membersJson } from '../../engagement/view.ts';
import { currentEngagement } from '../../engagement/current.ts';
import type { Cell } from '../files/csv.ts';
import type { Exhibit } from '../files/pack-file.ts';
import { firstDay, lastDay } from '../pack-name.ts';
import { statistics } from '../report/statistics.ts';
import { countEvents, countOperations } from './log-counts.ts';
import type { ViewerFacts, ViewerTable } from './viewer.ts';

/** Rows of each table that the page itself holds; the files hold all. */
const MOST_ROWS = 2000;

interface TableSource extends Omit<ViewerTable, 'rows' | 'total'> {
  /** Selects the table's rows; its one parameter is the snapshot. */
  sql: string;
  /** Counts them, where that is quicker than to select them all. */
  count?: (db: ReadableDb, snapshot: string) => number;
}

const TABLES: readonly TableSource[] = [
  {
    id: 'keys',
    title: 'Keys',
    about: 'Every key of the inventory, as described by its provider.',
    header: [
      'key',
      'account',
      'region',
      'state',
      'algorithm',
      'origin',
      'rotation',
      'period (days)',
      'last rotation',
      'ledger entry',
    ],
    file: 'data/1-key-configuration/keys.csv',
    sql: `SELECT id, account, region, state, algorithm, origin,
                 CASE rotation_enabled WHEN 1 THEN 'enabled' WHEN 0 THEN 'not enabled' ELSE coalesce(rotation_support, 'not known') END,
                 rotation_period_days, last_rotation, seq
            FROM key WHERE snapshot = ? AND belongs = 'inventory' ORDER BY id`,
  },
  {
    id: 'access',
    title: 'Access',
    about: 'Who can administer, use and grant each key, and through what.',
    header: ['key', 'principal', 'kind', 'right', 'via', 'actions', 'certainty'],
    file: 'data/2-access/access-matrix.csv',
    sql: `SELECT key, principal, principal_kind, access, via, actions, certainty FROM access_path
           WHERE snapshot = ? AND access <> 'read' ORDER BY key, n`,
  },
  {
    id: 'logs',
    title: 'Logs',
    about: 'Logged uses and changes of keys, in the order they were recorded.',
    header: ['time', 'event', 'key', 'principal', 'from', 'error', 'ledger entry'],
    file: 'data/3-usage-logs/events.csv',
    sql: `SELECT strftime('%Y-%m-%d %H:%M:%S', e.time / 1000, 'unixepoch'), e.name, e.key, e.principal, e.source_ip, e.error_code, e.seq
            FROM usage_event e JOIN usage_source s ON s.seq = e.seq WHERE s.snapshot IN (SELECT value FROM json_each(?)) ORDER BY e.seq, e.n, e.k`,
    count: countEvents,
  },
  {
    id: 'tests',
    title: 'Tests',
    about: 'Every test of a control with its two answers and the reason.',
    header: ['control', 'subject', 'asked', 'result', 'reason', 'ledger entries'],
    file: 'data/6-tests/results.csv',
    sql: `SELECT control, subject, CASE at WHEN 'collection' THEN 'at collection' ELSE 'throughout the period' END, result, reason, cites
            FROM test_result WHERE snapshot = ?
           ORDER BY CASE result WHEN 'exception' THEN 0 WHEN 'undetermined' THEN 1 WHEN 'evidence-required' THEN 2 ELSE 3 END, control, subject, at`,
  },
  {
    id: 'gaps',
    title: 'Gaps',
    about: 'What should be there and is not, with the provider’s own error.',
    header: [
      'gap',
      'source',
      'scope',
      'operation',
      'subject',
      'reason',
      'code',
      'effect',
      'remedy',
      'ledger entry',
    ],
    file: 'data/pack.json',
    sql: 'SELECT n, source, scope, op, subject, reason, code, effect, remedy, seq FROM gap WHERE snapshot = ? ORDER BY n',
  },
  {
    id: 'ledger',
    title: 'Ledger',
    about: 'Every call as it was recorded.',
    header: ['entry', 'operation', 'scope', 'outcome', 'code', 'request id', 'ended'],
    file: 'data/ledger/entries.jsonl',
    sql: `SELECT seq, op, line ->> '$.facts.scope', line ->> '$.facts.outcome', line ->> '$.facts.errorCode',
                 line ->> '$.facts.requestId', line ->> '$.facts.end'
            FROM entry WHERE snapshot IN (SELECT value FROM json_each(?)) AND kind = 'exchange' ORDER BY seq`,
  },
];

/** Fills the viewer from the derived tables. */
export function fillViewer(
  db: ReadableDb,
  snapshot: string,
  facts: {
    name: string;
    exhibits: readonly Exhibit[];
    coveragePercent: number | null;
    tables: readonly ViewerTable[];
  },
): ViewerFacts {
  const engagement = currentEngagement(db);
  const numbers = statistics(db, snapshot);
  return {
    title: facts.name,
    client: engagement.client,
    period: `${firstDay(engagement.period)} to ${lastDay(engagement.period)}`,
    sample: engagement.sample,
    numbers: [
      ['keys', numbers.keys],
      ['exceptions', numbers.exceptions],
      ['undetermined', numbers.undetermined],
      ['evidence required', numbers.evidenceRequired],
      ['gaps', numbers.gaps],
      [
        'of the period covered by logs',
        facts.coveragePercent === null ? 'not known' : `${facts.coveragePercent} %`,
      ],
    ],
    exhibits: facts.exhibits,
    tables: TABLES.flatMap((source) => [
      fillTable(db, snapshot, source),
      ...(source.id === 'logs' ? [logCounts(db, snapshot)] : []),
    ]).concat(facts.tables),
  };
}

function logCounts(db: ReadableDb, snapshot: string): ViewerTable {
  const rows = countOperations(db, snapshot);
  return {
    id: 'counts',
    title: 'Log counts',
    about: 'How often each operation was logged, by how many principals, on how many keys.',
    header: ['operation', 'error', 'events', 'keys', 'principals'],
    file: 'data/3-usage-logs/events.csv',
    rows: rows.slice(0, MOST_ROWS),
    total: rows.length,
  };
}

function fillTable(db: ReadableDb, snapshot: string, { sql, count, ...table }: TableSource): ViewerTable {
  const of = sql.includes('json_each(?)') ? membersJson(db, snapshot) : snapshot;
  const rows = db.prepare<[string], Cell[]>(`${sql} LIMIT ${MOST_ROWS}`).raw().all(of);
  const total =
    count?.(db, snapshot) ??
    db.prepare<[string], number>(`SELECT count(*) FROM (${sql})`).pluck().get(of) ??
    0;
  return { ...table, rows, total };
}

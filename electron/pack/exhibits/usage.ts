import type { ReadableDb } from '../../../db/handle.ts';
import type { Period } from '../../engagement/engagement.ts';
import { membersJson, membersOf } from '../../engagement/view.ts';
import type { PackFile } from '../files/pack-file.ts';
import { madeFile } from '../files/recipe.ts';

/** data/3-usage-logs/ but the raw records: events in one table, changes of settings, and what the extract is of. */
export function usageTables(db: ReadableDb, snapshot: string, period: Period): PackFile[] {
  const folder = 'data/3-usage-logs';
  if (sources(db, snapshot).length === 0) return [];
  const members = membersOf(db, snapshot);
  return [
    madeFile(db, `${folder}/events.csv`, { make: 'events', with: [members, period, 'all'] }, true),
    madeFile(db, `${folder}/changes.csv`, { make: 'events', with: [members, period, 'changes'] }, true),
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
         FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?)) GROUP BY source, kind ORDER BY source, kind`,
    )
    .all(membersJson(db, snapshot));
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Where the events came from, what was kept of them, and for which range. */
function extract(db: ReadableDb, snapshot: string, period: Period) {
  const inPeriod = db
    .prepare<[string, number, number], { events: number; first: number | null; last: number | null }>(
      `SELECT count(*) AS events, min(e.time) AS first, max(e.time) AS last FROM usage_event_row e
        WHERE e.seq IN (SELECT seq FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(?))) AND e.time >= ? AND e.time < ?
          AND NOT EXISTS (SELECT 1 FROM usage_duplicate d WHERE d.seq = e.seq AND d.n = e.n)`,
    )
    .get(membersJson(db, snapshot), Date.parse(period.from), Date.parse(period.to))!;
  const duplicates = db
    .prepare<[string], number>(
      'SELECT count(*) FROM usage_duplicate d JOIN usage_source s ON s.seq = d.seq WHERE s.snapshot IN (SELECT value FROM json_each(?))',
    )
    .pluck()
    .get(membersJson(db, snapshot));
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

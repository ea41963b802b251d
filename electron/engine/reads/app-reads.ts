import { cutPage } from '../../../db/derived/page.ts';
import { entries, readEntry } from '../../../db/ledger/read.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { Operator } from '../../engagement/engagement.ts';
import { currentSources } from '../../engagement/current.ts';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import type { Reads } from './read.ts';

export const appReads: Reads<'app.hosts' | 'app.activity'> = {
  'app.hosts': (db) => ({ hosts: contactedHosts(db) }),
  'app.activity'(db, input) {
    const before = input.after === null ? Number.MAX_SAFE_INTEGER : Number(input.after);
    const seqs = db
      .prepare<[number, number], number>(
        `SELECT seq FROM entry WHERE kind = 'declaration' AND seq < ? AND op <> 'collect.note'
          ORDER BY seq DESC LIMIT ?`,
      )
      .pluck()
      .all(before, input.limit + 1);
    const { rows, next } = cutPage(seqs, input.limit, String);
    return { rows: rows.map((seq) => activityOf(db, seq)), next };
  },
};

function activityOf(db: ReadableDb, seq: number) {
  const entry = readEntry(db, seq)!;
  const { what, subject } = entry.facts as { what: string; subject: string };
  const { by, value } = JSON.parse(entry.values.value!) as { by: Operator; value: unknown };
  return { seq, at: entry.at, by, what, subject, value: canonicalJson(value) };
}

interface Contacted {
  host: string;
  purpose: string;
  calls: number;
  first: string;
  last: string;
}

/** Hosts of every exchange, and of the timestamp authorities that gave the ledger's head a time. */
function contactedHosts(db: ReadableDb): Contacted[] {
  const sources = new Map(currentSources(db).map((source) => [source.id, source.title]));
  const asked = db
    .prepare<[], { host: string; source: string; calls: number; first: string; last: string }>(
      `SELECT line ->> '$.facts.host' AS host, line ->> '$.facts.source' AS source, count(*) AS calls,
              min(line ->> '$.facts.start') AS first, max(line ->> '$.facts.end') AS last
         FROM entry WHERE kind = 'exchange' GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all()
    .map(({ source, ...row }) => ({ ...row, purpose: sources.get(source) ?? source }));
  const stamped: Contacted[] = [];
  for (const entry of entries(db, 'checkpoint')) {
    if (entry.facts.token === null) continue;
    const known = stamped[0];
    if (known) Object.assign(known, { calls: known.calls + 1, last: entry.at });
    else {
      stamped.push({
        host: 'timestamp authority',
        purpose: 'time of the ledger’s head; only a hash was sent',
        calls: 1,
        first: entry.at,
        last: entry.at,
      });
    }
  }
  return [...asked, ...stamped];
}

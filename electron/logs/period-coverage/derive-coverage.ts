import { RULES_VERSION } from '../../../db/derived/write.ts';
import type { WritableDb } from '../../../db/handle.ts';
import { currentEngagement, snapshots } from '../../engagement/current.ts';
import { declared } from '../../engagement/declarations.ts';
import { covers, cutAt, type Span } from './spans.ts';
import { lookupSpans } from './lookup-spans.ts';
import { trailSpans } from './trail-spans.ts';

/** One account and Region whose keys were listed: what logs must cover. */
export interface Place {
  snapshot: string;
  source: string;
  account: string;
  region: string;
}

/** What one log source says of a part of time in one place. */
export interface Statement extends Span {
  state: 'covered' | 'changes only' | 'gap';
  /** By what it is covered; empty for a gap. */
  means: string;
  /** Why it is a gap, or what limits it; empty otherwise. */
  reason: string;
  cites: number[];
}

/** Events may arrive this late: what is younger than that when collection starts is provisional. */
export const LATE_MS = 15 * 60 * 1000;

/**
 * Derives what the log sources of every snapshot cover of the period, per account and Region, and why the rest is
 * missing. Needs the derived tables of trails, gaps and events. Deterministic.
 */
export function deriveCoverage(db: WritableDb): void {
  const { period } = currentEngagement(db);
  const whole = { start: Date.parse(period.from), end: Date.parse(period.to) };
  const insert = db.prepare(
    `INSERT INTO coverage (snapshot, source, account, region, n, start, end, state, means, reason, detail, cites, rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`,
  );
  db.transaction(() => {
    db.exec('DELETE FROM coverage');
    for (const snapshot of snapshots(db)) {
      const notes = declared(db, 'collect.note')
        .filter((note) => note.subject === snapshot.id)
        .map(({ seq, value }) => ({ seq, ...value }));
      const started = Date.parse(snapshot.startedAt);
      for (const place of placesOf(db, snapshot.id)) {
        const statements = [
          ...trailSpans(db, place, whole, started),
          ...lookupSpans(db, place, whole, started, notes),
        ];
        settled(whole, statements).forEach((part, n) => {
          const { start, end, state, means, reason, cites } = part;
          insert.run(
            ...[place.snapshot, place.source, place.account, place.region, n, start, end, state, means, reason],
            ...[JSON.stringify(cites), RULES_VERSION],
          );
        });
      }
    }
  }).immediate();
}

function placesOf(db: WritableDb, snapshot: string): Place[] {
  return db
    .prepare<[string], Place>(
      `SELECT DISTINCT snapshot, source, account, region FROM listing
        WHERE snapshot = ? AND label = 'start' ORDER BY source, account, region`,
    )
    .all(snapshot);
}

const RANK = { covered: 0, 'changes only': 1, gap: 2 } as const;
const UNREAD = 'no log of this place was read for this time';

/** For each part of the period the best statement: covered before changes only before gaps; neighbours joined. */
export function settled(period: Span, statements: readonly Statement[]): Statement[] {
  const parts = cutAt(
    period,
    statements.flatMap((s) => [s.start, s.end]),
  ).map((part): Statement => {
    const all = statements.filter((s) => covers(s, part)).sort((a, b) => RANK[a.state] - RANK[b.state]);
    const [best] = all;
    if (!best) return { ...part, state: 'gap', means: '', reason: UNREAD, cites: [] };
    // What is known only in part keeps the reasons why the rest is missing.
    const gaps = best.state === 'covered' ? [] : all.filter((s) => s.reason !== '');
    const reason = [...new Set(gaps.map((s) => s.reason))].join('; ') || best.reason;
    const cites = [...new Set([...best.cites, ...gaps.flatMap((s) => s.cites)])].sort((a, b) => a - b);
    return { ...part, state: best.state, means: best.means, reason, cites };
  });
  return parts.reduce<Statement[]>((joined, part) => {
    const last = joined.at(-1);
    const same = last && last.state === part.state && last.means === part.means && last.reason === part.reason;
    if (same) joined[joined.length - 1] = { ...last, end: part.end };
    else joined.push(part);
    return joined;
  }, []);
}

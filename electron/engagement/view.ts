import type { ReadableDb } from '../../db/handle.ts';
import { isLive, runs, snapshots, type Snapshot } from './current.ts';
import { declared } from './declarations.ts';
import { declaredViews } from './declared-views.ts';

/*
 * A view reads several snapshots as one body of evidence. Its rules, in one place:
 *
 * - Logs are united: every event of every member counts once, whatever member or source gave it.
 * - Configuration of a source is that of the newest member that collected the source. An older collection of the same
 *   source gives its logs only: answers of two moments together would show a state that never was.
 * - What the client exported answers only what was not answered live; among exports the later one counts.
 * - Coverage is the union. A gap of one member that another member's evidence fills is told as closed by it; the rest stays.
 */

/** The runs that a snapshot reads: itself, or the members of a view. */
export function membersOf(db: ReadableDb, snapshot: string): readonly string[] {
  return declaredViews(db).get(snapshot)?.value.members ?? [snapshot];
}

/** The same for SQL, as a JSON array: `snapshot IN (SELECT value FROM json_each(?))`. */
export function membersJson(db: ReadableDb, snapshot: string): string {
  return JSON.stringify(membersOf(db, snapshot));
}

/**
 * Collections of a source that a newer member collected again: their answers about configuration do not count. Null when
 * there is none, which is so in every single run.
 */
export function supersededIn(
  db: ReadableDb,
  snapshot: string,
): { by: (run: string, source: string) => string | null } | null {
  const members = new Set(membersOf(db, snapshot));
  if (members.size === 1) return null;
  const newest = new Map<string, string>();
  const live = runs(db).filter((run) => members.has(run.id) && isLive(db, run) && answered(run));
  for (const run of live) for (const source of run.sources) newest.set(source, run.id);
  const collected = new Set(live.map((run) => run.id));
  return {
    by: (run, source) => {
      const last = newest.get(source);
      return last !== undefined && last !== run && collected.has(run) ? last : null;
    },
  };
}

/** Until when each source was read, ms UTC: the start of the newest member that asked or imported it. */
export function readUntil(db: ReadableDb, snapshot: string): (source: string) => number {
  const members = new Set(membersOf(db, snapshot));
  const until = new Map<string, number>();
  let last = 0;
  for (const run of runs(db).filter(({ id }) => members.has(id))) {
    last = Date.parse(run.startedAt);
    for (const source of run.sources) until.set(source, last);
  }
  return (source) => until.get(source) ?? last;
}

/**
 * The runs that are read together unless somebody says otherwise: of every source the newest collection, and every
 * import that holds something of the period. Only closed ones, in the order in which they were opened.
 */
export function defaultMembers(db: ReadableDb): string[] {
  const closed = runs(db).filter(answered);
  const newest = new Map<string, string>();
  for (const run of closed) {
    if (isLive(db, run)) for (const source of run.sources) newest.set(source, run.id);
  }
  const latest = new Set(newest.values());
  const wanted = closed.filter(
    (run) => latest.has(run.id) || (!isLive(db, run) && concernsPeriod(db, run.id)),
  );
  return wanted.map((run) => run.id);
}

/**
 * What a snapshot is compared with: the latest closed one that was taken before it, asked one of its sources, and is
 * none of its members; undefined for the first.
 */
export function snapshotBefore(db: ReadableDb, id: string): Snapshot | undefined {
  const all = snapshots(db);
  const own = all.find((snapshot) => snapshot.id === id);
  return all.findLast(
    (s) =>
      own !== undefined &&
      s.close !== null &&
      s.id !== id &&
      !own.members.includes(s.id) &&
      (s.startedAt < own.startedAt ||
        (s.startedAt === own.startedAt && s.seq < own.seq && !sharesRun(s, own))) &&
      s.sources.some((source) => own.sources.includes(source)),
  );
}

const sharesRun = (a: Snapshot, b: Snapshot): boolean => a.members.some((run) => b.members.includes(run));

const answered = ({ close }: Snapshot): boolean => close !== null && close.state !== 'failed';

/** Whether an import holds a usable file that is no log, or a log file with an event of the period. */
function concernsPeriod(db: ReadableDb, run: string): boolean {
  const period = declared(db, 'engagement').at(-1)?.value.period;
  if (!period) return false;
  const found = db
    .prepare<[string, string, string], number>(
      `SELECT 1 FROM entry WHERE snapshot = ? AND kind = 'import' AND line ->> '$.facts.outcome' = 'ok'
          AND (line ->> '$.facts.lines' IS NULL
            OR (unixepoch(line ->> '$.facts.lines.lastEvent') >= unixepoch(?)
              AND unixepoch(line ->> '$.facts.lines.firstEvent') < unixepoch(?))) LIMIT 1`,
    )
    .pluck()
    .get(run, period.from, period.to);
  return found === 1;
}

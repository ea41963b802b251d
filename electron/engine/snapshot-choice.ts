import type { ReadableDb } from '../../db/handle.ts';
import { isLive, runs, snapshots, type Snapshot } from '../engagement/current.ts';
import { declaredViews } from '../engagement/declared-views.ts';
import { defaultMembers } from '../engagement/view.ts';
import { EngineError } from './error.ts';

/**
 * The snapshot asked for: a run (`s1`), a view (`v1`), or runs read together (`s1+s3`), which is their view. Without a
 * name: what was collected last is shown with what belongs to it (see {@link defaultSnapshot}).
 *
 * @throws EngineError NO_SNAPSHOT when there is none of that name, none at all, or no such view was declared.
 */
export function chosenSnapshot(db: ReadableDb, name?: string): Snapshot {
  if (name === undefined) return defaultSnapshot(db);
  const members = namedRuns(db, name);
  const id = members.length === 1 ? members[0]! : viewOfRuns(db, members);
  const found = snapshots(db).find((snapshot) => snapshot.id === id);
  if (found) return found;
  throw new EngineError(
    'NO_SNAPSHOT',
    `cannot read ${members.join(', ')} together: nobody did before. Run: keywitness test --snapshot ${members.join('+')}`,
  );
}

/**
 * What is shown unless somebody says otherwise: a collection that is still open, else the newest collection of every
 * source with every import that concerns the period.
 *
 * @throws EngineError NO_SNAPSHOT when nothing was collected yet.
 */
export function defaultSnapshot(db: ReadableDb): Snapshot {
  const all = snapshots(db);
  const last = runs(db).at(-1);
  if (!last) {
    throw new EngineError(
      'NO_SNAPSHOT',
      'cannot go on: nothing was collected yet. Run: keywitness collect --engagement FILE',
    );
  }
  // An import without an end cannot be resumed; what it committed is an ordinary snapshot.
  if (last.close === null && isLive(db, last)) return last;
  const members = defaultMembers(db);
  const id = members.length === 1 ? members[0] : viewOfRuns(db, members);
  return all.find((snapshot) => snapshot.id === id) ?? all.findLast((s) => s.close !== null) ?? last;
}

/**
 * The runs that a name stands for, in the order in which they were opened; a view stands for itself when it is named
 * alone. Names are joined with `+` or a comma.
 *
 * @throws EngineError NO_SNAPSHOT for a name that is not there.
 */
export function namedRuns(db: ReadableDb, name: string): string[] {
  const all = snapshots(db);
  const names = name.split(/[+,]/).map((part) => part.trim());
  const found = names.map((part) => all.find((snapshot) => snapshot.id === part));
  const missing = names.find((_, i) => found[i] === undefined);
  if (missing !== undefined) {
    const there = all.map((s) => (s.members.length > 1 ? `${s.id} (${s.members.join('+')})` : s.id));
    throw new EngineError(
      'NO_SNAPSHOT',
      `cannot use snapshot ${missing}: the engagement has ${there.join(', ') || 'none'}.`,
    );
  }
  if (found.length === 1) return [found[0]!.id];
  const wanted = new Set(found.flatMap((snapshot) => snapshot!.members));
  return runs(db)
    .map((run) => run.id)
    .filter((id) => wanted.has(id));
}

/** The declared view of exactly these runs. */
export function viewOfRuns(db: ReadableDb, members: readonly string[]): string | undefined {
  for (const [id, { value }] of declaredViews(db)) {
    if (value.members.length === members.length && value.members.every((m) => members.includes(m))) return id;
  }
  return undefined;
}

/** What a snapshot is, in words for people: its id, for a view with what it consists of. */
export function snapshotWords(db: ReadableDb, snapshot: Snapshot): string {
  if (snapshot.members.length === 1) return snapshot.id;
  const parts = runs(db)
    .filter((run) => snapshot.members.includes(run.id))
    .map((run) => `${run.id} of ${run.sources.join(', ')}, ${run.startedAt.slice(0, 10)}`);
  return `${snapshot.id}: ${parts.join('; ')}`;
}

/** The snapshot to resume: the latest that is still open. @throws EngineError NO_SNAPSHOT */
export function openSnapshot(db: ReadableDb): Snapshot {
  const found = runs(db).findLast((run) => run.close === null && isLive(db, run));
  if (found) return found;
  throw new EngineError(
    'NO_SNAPSHOT',
    'cannot resume: no collection was stopped before its end. Run it without --resume.',
  );
}

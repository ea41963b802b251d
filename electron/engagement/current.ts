import type { ReadableDb } from '../../db/handle.ts';
import { EngagementError } from '../../db/error.ts';
import { declared, latestDeclared } from './declarations.ts';
import { declaredViews } from './declared-views.ts';
import type { Engagement, Operator, SnapshotClose, SnapshotOpen, Source } from './engagement.ts';

/** The engagement as last declared. @throws EngagementError DAMAGED when the file holds none. */
export function currentEngagement(db: ReadableDb): Engagement {
  const latest = declared(db, 'engagement').at(-1);
  if (!latest) throw new EngagementError('DAMAGED', 'cannot read the engagement: the file declares none.');
  return latest.value;
}

/** Sources as last declared, without removed ones, in the order they were first added. */
export function currentSources(db: ReadableDb): Source[] {
  const removed = latestDeclared(db, 'source.removed');
  return [...latestDeclared(db, 'source').values()]
    .filter((d) => (removed.get(d.subject)?.seq ?? 0) < d.seq)
    .map((d) => d.value);
}

/** One collection run, or a view of several, as the ledger tells it. */
export interface Snapshot extends SnapshotOpen {
  id: string;
  /** Ledger entry that opened it, or declared the view. */
  seq: number;
  by: Operator;
  /** Null while it is open: collecting, or to be resumed. */
  close: (SnapshotClose & { seq: number }) | null;
  /** Runs whose entries it reads, in the order in which they were opened: itself, or the members of a view. */
  members: readonly string[];
}

/** All runs, oldest first: collections and imports. */
export function runs(db: ReadableDb): Snapshot[] {
  const closed = latestDeclared(db, 'snapshot.close');
  return declared(db, 'snapshot.open').map((open) => {
    const close = closed.get(open.subject);
    return {
      ...open.value,
      id: open.subject,
      seq: open.seq,
      by: open.by,
      close: close ? { ...close.value, seq: close.seq } : null,
      members: [open.subject],
    };
  });
}

/** All snapshots that can be looked at, oldest first: runs, and the views that were declared over several of them. */
export function snapshots(db: ReadableDb): Snapshot[] {
  const own = runs(db);
  const views = [...declaredViews(db).values()].flatMap(({ subject, seq, by, value }) => {
    const members = own.filter((run) => value.members.includes(run.id));
    return members.length === 0 ? [] : [viewOf(db, { id: subject, seq, by }, members)];
  });
  return [...own, ...views].sort((a, b) => a.seq - b.seq);
}

/** A view as one snapshot: it was taken when its newest collection was, and is as whole as the least of its members. */
function viewOf(
  db: ReadableDb,
  view: Pick<Snapshot, 'id' | 'seq' | 'by'>,
  members: readonly Snapshot[],
): Snapshot {
  const newest = members.findLast((run) => isLive(db, run)) ?? members.at(-1)!;
  const closes = members.flatMap(({ close }) => close ?? []);
  const gaps = closes.filter(({ state }) => state !== 'complete');
  return {
    ...view,
    sources: [...new Set(members.flatMap((run) => run.sources))],
    startedAt: newest.startedAt,
    tool: newest.tool,
    members: members.map((run) => run.id),
    close: {
      state: gaps.length > 0 ? 'complete-with-gaps' : 'complete',
      endedAt: closes.map((close) => close.endedAt).reduce((a, b) => (a > b ? a : b), newest.startedAt),
      why: members.flatMap(({ id, close }) => (close?.why ? [`${id}: ${close.why}`] : [])).join('; ') || null,
      seq: view.seq,
    },
  };
}

/** Whether a run asked providers; otherwise it imported files. */
export function isLive(db: ReadableDb, run: Pick<Snapshot, 'sources'>): boolean {
  const sources = latestDeclared(db, 'source');
  return run.sources.some((id) => sources.get(id)?.value.provider !== 'files');
}

import type { ReadableDb } from '../../db/handle.ts';
import { EngagementError } from '../../db/error.ts';
import { declared, latestDeclared } from './declarations.ts';
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

/** One collection run as the ledger tells it. */
export interface Snapshot extends SnapshotOpen {
  id: string;
  /** Ledger entry that opened it. */
  seq: number;
  by: Operator;
  /** Null while it is open: collecting, or to be resumed. */
  close: (SnapshotClose & { seq: number }) | null;
}

/** All snapshots, oldest first. */
export function snapshots(db: ReadableDb): Snapshot[] {
  const closed = latestDeclared(db, 'snapshot.close');
  return declared(db, 'snapshot.open').map((open) => {
    const close = closed.get(open.subject);
    return {
      ...open.value,
      id: open.subject,
      seq: open.seq,
      by: open.by,
      close: close ? { ...close.value, seq: close.seq } : null,
    };
  });
}

import { iterateGaps, type GapRow } from '../../db/derived/gaps.ts';
import { inserter } from '../../db/derived/write.ts';
import type { ReadableDb, WritableDb } from '../../db/handle.ts';
import { membersOf, supersededIn } from '../engagement/view.ts';
import { logGapCloser } from './log-gap-closer.ts';

/** How a gap of one member is closed by the evidence of others. */
export interface Closing {
  /** Members that fill it. */
  by: string[];
  how: string;
  /** Ledger entries that do. */
  cites: number[];
}

/**
 * Writes, for a view, the gaps that one of its members has and the view has not, each with what closes it. Members and
 * the view's own gaps must have been derived before.
 */
export function deriveClosedGaps(db: WritableDb, snapshot: string): void {
  const members = membersOf(db, snapshot);
  if (members.length === 1) return;
  const open = new Set([...iterateGaps(db, snapshot)].map(identity));
  const closingOf = closings(db, snapshot);
  const insert = inserter(db, 'closed_gap', [
    ...(['snapshot', 'n', 'run', 'source', 'scope', 'op', 'subject', 'reason', 'code', 'message'] as const),
    ...(['seq', 'closed_by', 'how', 'cites'] as const),
  ]);
  let n = 0;
  for (const run of members) {
    for (const gap of [...iterateGaps(db, run)]) {
      if (open.has(identity(gap))) continue;
      const { source, scope, op, subject, reason, code, message, seq } = gap;
      const { by, how, cites } = closingOf(run, gap);
      insert({
        ...{ snapshot, n, run, source, scope, op, subject, reason, code, message, seq },
        ...{ closed_by: JSON.stringify(by), how, cites: JSON.stringify(cites) },
      });
      n += 1;
    }
  }
}

const identity = ({ source, scope, op, subject, reason, seq }: GapRow): string =>
  [source, scope, op, subject, reason, seq].join('\n');

function closings(db: ReadableDb, snapshot: string): (run: string, gap: GapRow) => Closing {
  const superseded = supersededIn(db, snapshot);
  const logs = logGapCloser(db, snapshot);
  const answer = db.prepare<[string, string, string], { status: string; seq: number | null }>(
    'SELECT status, seq FROM key_answer WHERE snapshot = ? AND key = ? AND op = ?',
  );
  const runOf = db.prepare<[number], string>('SELECT snapshot FROM entry WHERE seq = ?').pluck();
  return (run, gap) => {
    const again = superseded?.by(run, gap.source);
    if (again) return { by: [again], how: 'the source was collected again', cites: [] };
    const logged = logs(run, gap);
    if (logged) return logged;
    const found = answer.get(snapshot, gap.subject, gap.op.slice(gap.op.lastIndexOf('.') + 1));
    if (found?.status === 'ok' && found.seq !== null) {
      const by = runOf.get(found.seq);
      return {
        by: by === undefined ? [] : [by],
        how: 'answered by what the client exported',
        cites: [found.seq],
      };
    }
    if (found?.status === 'not-applicable')
      return {
        by: [],
        how: 'what is known of the key now shows that the question does not apply',
        cites: [],
      };
    return { by: [], how: 'the evidence of the other snapshots fills it', cites: [] };
  };
}

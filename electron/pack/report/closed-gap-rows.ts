import type { ReadableDb } from '../../../db/handle.ts';
import type { CompletenessPart } from '../pdf/report-model.ts';

interface Row {
  run: string;
  source: string;
  scope: string;
  op: string;
  subject: string;
  reason: string;
  code: string | null;
  by: string;
  how: string;
  cites: string;
}

/**
 * Gaps that one snapshot of a view has and another fills, equal ones together. Empty for one snapshot alone. Their list one
 * by one is `closedGaps` in `data/pack.json`.
 */
export function closedGapRows(db: ReadableDb, snapshot: string): CompletenessPart['closedGaps'] {
  const rows = db
    .prepare<[string], Row>(
      `SELECT run, source, scope, op, subject, reason, code, closed_by AS by, how, cites
         FROM closed_gap WHERE snapshot = ? ORDER BY n`,
    )
    .all(snapshot);
  const groups = Map.groupBy(rows, (row) =>
    [row.run, row.op, row.reason, row.code, row.by, row.how].join('\n'),
  );
  return [...groups.values()].map((members) => {
    const [row] = members as [Row, ...Row[]];
    const by = (JSON.parse(row.by) as string[]).join(', ');
    const lines = (texts: string[]) => [...new Set(texts.filter(Boolean))].join('\n');
    return {
      gaps: members.length,
      snapshot: row.run,
      source: lines(members.map((m) => `${m.source} ${m.scope}`)),
      what: lines([row.op.replace(/^[a-z]+\./, ''), ...members.map((m) => m.subject)]),
      reason: `${row.reason}${row.code ? ` (${row.code})` : ''}`,
      closed: by === '' ? row.how : `${by}: ${row.how}`,
      citations: [...new Set(members.flatMap((m) => JSON.parse(m.cites) as number[]))].sort((a, b) => a - b),
    };
  });
}

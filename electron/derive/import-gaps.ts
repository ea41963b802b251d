import type { ReadableDb } from '../../db/handle.ts';
import { membersJson } from '../engagement/view.ts';
import { shortfallOf } from '../logs/azure-audit/shortfall.ts';
import type { GapRow } from './gaps.ts';

/** Imported log files that do not hold all of what they should: damaged, cut off, or cut by a limit of the export. */
export function importGaps(db: ReadableDb, snapshot: string): GapRow[] {
  const files = db
    .prepare<[string], { seq: number; source: string; format: string; defect: string | null }>(
      `SELECT seq, line ->> '$.facts.source' AS source, line ->> '$.facts.format' AS format,
              line ->> '$.facts.lines.defect' AS defect
         FROM entry WHERE snapshot IN (SELECT value FROM json_each(?)) AND kind = 'import'
          AND line ->> '$.facts.outcome' = 'ok' ORDER BY seq`,
    )
    .all(membersJson(db, snapshot));
  return files.flatMap(({ seq, source, format, defect }) => {
    const message = format.startsWith('azure') ? shortfallOf(db, seq) : defect;
    if (message === null) return [];
    return [
      {
        ...{
          source,
          scope: '',
          op: '',
          subject: '',
          reason: 'defective-file',
          code: 'DefectiveLogFile',
          message,
          seq,
        },
        effect: 'events of this log file may be missing',
        remedy:
          'Ask the client for the file from another copy, or for shorter times that stay under the limit.',
      },
    ];
  });
}

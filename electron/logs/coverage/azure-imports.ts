import type { ReadableDb } from '../../../db/handle.ts';
import { membersJson } from '../../engagement/view.ts';
import { shortfallOf } from '../azure-audit/shortfall.ts';
import { gapOf } from './file-claims.ts';
import type { Claim } from './spans.ts';
import type { Place } from './statement.ts';

/** Records of one place in one imported file. Times in ms UTC. */
export interface ImportedFile extends Place {
  seq: number;
  first: number;
  last: number;
  /** Why the file may lack rows of its own time; null when it does not. */
  shortfall: string | null;
}

/** Imported records of key use, and of changes, by the places that they name. */
export function importedFiles(db: ReadableDb, snapshot: string): ImportedFile[] {
  const rows = db
    .prepare<[string], Omit<ImportedFile, 'shortfall'> & { from: number | null; to: number | null }>(
      `SELECT s.source, p.account, p.region, s.seq, s.first AS "from", s.last AS "to",
              min(r.time) AS first, max(r.time) AS last
         FROM usage_source s JOIN entry e ON e.seq = s.seq JOIN usage_event_row r ON r.seq = s.seq
         JOIN usage_place p ON p.id = r.place
        WHERE s.snapshot IN (SELECT value FROM json_each(?)) AND e.kind = 'import'
          AND e.line ->> '$.facts.format' LIKE 'azure%'
        GROUP BY s.seq, p.account, p.region ORDER BY s.seq`,
    )
    .all(membersJson(db, snapshot));
  return rows.map(({ from, to, ...file }) => ({
    ...file,
    // Of an activity log also changes that are none of ours show how far it reaches.
    ...(file.region === 'global' ? { first: from ?? file.first, last: to ?? file.last } : {}),
    shortfall: shortfallOf(db, file.seq),
  }));
}

export const isAt =
  (place: Place) =>
  (file: Place): boolean =>
    file.source === place.source && file.account === place.account && file.region === place.region;

/** What imported files cover of a place: from their first record to their last, as far as they are whole. */
export function importedClaims(files: readonly ImportedFile[], { region }: Place, from: number): Claim[] {
  const isActivity = region === 'global';
  const claims = files.map(({ first, last, seq, shortfall }): Claim => {
    const times = { start: first, end: last + 1 };
    if (shortfall !== null) {
      return {
        ...gapOf(first, last + 1, `an imported file may lack rows: ${shortfall}`, ''),
        cites: [seq],
        weight: 6,
      };
    }
    return {
      ...times,
      state: isActivity ? 'changes only' : 'covered',
      means: isActivity ? 'imported activity log' : 'imported records',
      reason: isActivity ? 'it tells changes, not uses' : '',
      detail: '',
      cites: [seq],
      weight: 2,
    };
  });
  if (!isActivity || files.length === 0) return claims;
  const earliest = Math.min(...files.map(({ first }) => first));
  return [
    ...claims,
    {
      ...gapOf(from, earliest, 'before the first change in the imported activity log', EDGE),
      cites: files.map(({ seq }) => seq),
    },
  ];
}

const EDGE =
  'Azure keeps the activity log for 90 days: older changes are in a workspace or storage export only';

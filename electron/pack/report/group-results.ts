import type { ResultGroup, ResultState } from '../pdf/report-model.ts';
import { shortened } from './shortened.ts';
import type { SubjectNames } from './subject-names.ts';

/** Both answers of one control about one subject. Cites are JSON lists of ledger entries. */
export interface PairedResult {
  subject: string;
  subject_kind: string;
  collection: ResultState | null;
  period: ResultState | null;
  collection_reason: string | null;
  period_reason: string | null;
  collection_cites: string | null;
  period_cites: string | null;
}

/** Subjects named in one group; the others are in the zip. */
const MOST_SUBJECTS = 300;
/** A list that is shorter reads better as a sentence. */
const LONG_REASON = 320;
/** Longest reason that is printed whole; a reason that many keys share is worth the room. */
const MOST_CHARACTERS = 2500;

/**
 * Joins results that are equal in state and reason, so that a reader sees a cause once with everything it concerns.
 * The largest group comes first. Every single result stays in data/6-tests/results.csv.
 */
export function groupResults(
  rows: readonly PairedResult[],
  names: SubjectNames,
  read: {
    reason: (row: PairedResult) => string | null;
    cites: (row: PairedResult) => readonly (string | null)[];
    state: (row: PairedResult) => string;
  },
): (ResultGroup & { first: PairedResult })[] {
  const groups = Map.groupBy(rows, (row) => `${read.state(row)}\n${read.reason(row) ?? ''}`);
  return [...groups.values()]
    .map((members) => {
      const [first] = members as [PairedResult, ...PairedResult[]];
      const { lead, items } = listed(read.reason(first) ?? '');
      return {
        first,
        subjects: members.slice(0, MOST_SUBJECTS).map((row) => names.of(row.subject, row.subject_kind)),
        total: members.length,
        reason: lead,
        items,
        citations: citesOf(members.flatMap(read.cites)),
      };
    })
    .sort((a, b) => b.total - a.total);
}

/** A reason of the form "this: one; two; three." is a list; every other is a sentence. */
function listed(reason: string): { lead: string; items: string[] } {
  const cut = reason.indexOf(': ');
  const entries = reason.slice(cut + 2).split('; ');
  if (cut < 0 || entries.length < 2 || reason.length < LONG_REASON || /[.(]/.test(reason.slice(0, cut)))
    return { lead: shortened(reason, MOST_CHARACTERS), items: [] };
  return { lead: `${reason.slice(0, cut)}:`, items: withinLimit(entries) };
}

function withinLimit(entries: readonly string[]): string[] {
  const taken: string[] = [];
  let characters = 0;
  for (const entry of entries) {
    characters += entry.length;
    if (characters > MOST_CHARACTERS && taken.length > 0)
      return [...taken, `and ${entries.length - taken.length} more: see data/6-tests/results.csv`];
    taken.push(shortened(entry, MOST_CHARACTERS));
  }
  return taken;
}

const citesOf = (texts: readonly (string | null)[]): number[] =>
  [...new Set(texts.flatMap((text) => (text === null ? [] : (JSON.parse(text) as number[]))))].sort(
    (a, b) => a - b,
  );

import type { ReadableDb } from '../../../db/handle.ts';
import type { CollectNote } from '../../engagement/collection.ts';
import { LATE_MS, type Place, type Statement } from './derive-coverage.ts';
import { within, without, type Span } from './spans.ts';

const LOOKUP = 'aws.cloudtrail.LookupEvents';
/** CloudTrail's event history goes back this far (CloudTrail API, LookupEvents). */
const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * What looked-up events cover in one place: changes by their names as far back as the history goes, and use where the
 * budget of events was not reached. A look-up that failed covers nothing.
 */
export function lookupSpans(
  db: ReadableDb,
  place: Place,
  period: Span,
  started: number,
  notes: readonly (CollectNote & { seq: number })[],
): Statement[] {
  const scope = `${place.account}/${place.region}`;
  const asked = db
    .prepare<[string, string], number>(
      `SELECT count(*) FROM entry WHERE snapshot = ? AND op = '${LOOKUP}' AND line ->> '$.facts.scope' = ?
          AND line ->> '$.facts.outcome' = 'ok'`,
    )
    .pluck()
    .get(place.snapshot, scope);
  if (!asked) return [];
  const failed = db
    .prepare<[string, string, string], { seq: number | null; code: string | null }>(
      'SELECT seq, code FROM gap WHERE snapshot = ? AND op = ? AND scope = ? AND code IS NOT NULL ORDER BY n LIMIT 1',
    )
    .get(place.snapshot, LOOKUP, scope);
  if (failed) {
    const cites = failed.seq === null ? [] : [failed.seq];
    return [{ ...period, state: 'gap', means: '', reason: `events could not be looked up (${failed.code})`, cites }];
  }
  const history: Span = { start: started - HISTORY_MS, end: started - LATE_MS };
  const here = notes.filter((note) => note.scope === scope && note.op === LOOKUP && note.source === place.source);
  const budget = here.filter((note) => note.what === 'event-budget-reached');
  const unused = budget.map((note) => ({ start: millis(note.from, period.start), end: millis(note.to, period.end) }));
  const known = within(history, period);
  return [
    ...without(known, unused).map((part): Statement => ({ ...part, state: 'covered', means: 'looked-up events', reason: '', cites: [] })),
    ...unused.flatMap((span, i) =>
      known.flatMap((part) =>
        within(span, part).map((p): Statement => ({
          ...p,
          state: 'changes only',
          means: 'looked-up changes',
          reason: budget[i]!.reason,
          cites: [budget[i]!.seq],
        })),
      ),
    ),
    ...without([period], known).map((part): Statement => ({
      ...part,
      state: 'gap',
      means: '',
      reason: part.start < history.start ? 'CloudTrail keeps its event history for 90 days' : 'events of this time may not have been delivered yet',
      cites: [],
    })),
  ];
}

const millis = (time: string | null, otherwise: number): number => (time === null ? otherwise : Date.parse(time));

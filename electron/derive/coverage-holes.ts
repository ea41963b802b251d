import type { ReadableDb } from '../../db/handle.ts';
import type { CoverageHole } from './log-facts.ts';

/** One stretch of the coverage statement of a place. Times in ms since 1970 UTC. */
interface Span {
  start: number;
  end: number;
  state: 'covered' | 'changes only' | 'gap';
  reason: string;
  detail: string;
  cites: string;
}

/**
 * Reasons that mean the client's own logging left something out, rather than that it was not collected or cannot be
 * collected any more.
 */
const LOST = /stopped|exclud|leaves out|not logging|no trail/i;

/** Reads the coverage statement of a snapshot; gives the parts of a time that it leaves out. */
export function coverageHoles(db: ReadableDb, snapshot: string) {
  const places = new Map<string, Span[]>();
  const rows = db
    .prepare<[string], Span & { account: string; region: string }>(
      `SELECT account, region, start, end, state, reason, detail, cites FROM coverage
        WHERE snapshot = ? ORDER BY account, region, start, end, source, n`,
    )
    .all(snapshot);
  for (const { account, region, ...span } of rows) {
    const place = `${account}/${region}`;
    places.set(place, [...(places.get(place) ?? []), span]);
  }
  return (account: string, region: string, from: string, to: string, of: 'changes' | 'use' = 'changes') => {
    const spans = places.get(`${account}/${region}`);
    return spans ? holesOf(spans, Date.parse(from), Date.parse(to), of) : null;
  };
}

function holesOf(spans: readonly Span[], from: number, to: number, of: 'changes' | 'use'): CoverageHole[] {
  const good = (span: Span): boolean =>
    span.state === 'covered' || (of === 'changes' && span.state === 'changes only');
  const holes: CoverageHole[] = [];
  let at = from;
  // Spans are in order of their start; what one source leaves out another may cover.
  for (const span of spans.filter(good)) {
    if (span.start >= to) break;
    if (span.start > at) holes.push(explained(spans, at, span.start));
    at = Math.max(at, span.end);
  }
  if (at < to) holes.push(explained(spans, at, to));
  return holes;
}

/** A hole with the reasons that the coverage statement gives for it. */
function explained(spans: readonly Span[], from: number, to: number): CoverageHole {
  const inside = spans.filter((span) => span.reason !== '' && span.start < to && span.end > from);
  const reasons = [
    ...new Set(inside.flatMap((span) => [span.reason, span.detail]).flatMap((r) => r.split('; '))),
  ].filter((reason) => reason !== '');
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    reason: reasons.join('; ') || 'no log source was read for this time',
    // One source that was only not collected may still have it.
    lost: reasons.length > 0 && reasons.every((reason) => LOST.test(reason)),
    seqs: [...new Set(inside.flatMap((span) => JSON.parse(span.cites) as number[]))].sort((a, b) => a - b),
  };
}

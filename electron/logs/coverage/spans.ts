/** What one source says about a stretch of time in one place. Times in ms UTC, `[start, end)`. */
export interface Claim {
  start: number;
  end: number;
  state: 'covered' | 'changes only' | 'gap';
  /** By what it is covered; empty for a gap. */
  means: string;
  /** Why it is a gap, or what limits it; empty otherwise. */
  reason: string;
  detail: string;
  /** Ledger entries that show it. */
  cites: number[];
  /** Among claims of one state the highest counts: what proves more, or what explains more. */
  weight: number;
}

/** A stretch of the coverage statement; stretches of a place follow each other without a hole. */
export type Span = Omit<Claim, 'weight'>;

/** Entries cited by one stretch, at most: the first and the last ones. */
const MOST_CITES = 20;

/**
 * Joins claims into one statement over `[from, to)`: at every moment the best state, and of its claims the weightiest.
 * What nobody speaks of is a gap with `otherwise` as the reason. Gaps say all reasons that were given, weightiest first.
 */
export function joinClaims(claims: readonly Claim[], from: number, to: number, otherwise: string): Span[] {
  const inside = claims
    .map((c) => ({ ...c, start: Math.max(c.start, from), end: Math.min(c.end, to) }))
    .filter((c) => c.start < c.end)
    .sort((a, b) => a.start - b.start);
  const cuts = [...new Set([from, to, ...inside.flatMap((c) => [c.start, c.end])])].sort((a, b) => a - b);
  const spans: Span[] = [];
  let active: Claim[] = [];
  let next = 0;
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [start, end] = [cuts[i]!, cuts[i + 1]!];
    active = active.filter((c) => c.end > start);
    while (next < inside.length && inside[next]!.start <= start) active.push(inside[next++]!);
    append(spans, best(active, start, end, otherwise));
  }
  return spans;
}

const RANK = { covered: 2, 'changes only': 1, gap: 0 } as const;

function best(active: readonly Claim[], start: number, end: number, otherwise: string): Span {
  const ordered = [...active].sort(
    (a, b) =>
      RANK[b.state] - RANK[a.state] ||
      b.weight - a.weight ||
      (a.reason + a.detail + a.means < b.reason + b.detail + b.means ? -1 : 1),
  );
  const [top] = ordered;
  if (!top) return { start, end, state: 'gap', means: '', reason: otherwise, detail: '', cites: [] };
  const cites = few(ordered.filter((c) => c.state === top.state).flatMap((c) => c.cites));
  if (top.state === 'covered') {
    return { start, end, state: 'covered', means: top.means, reason: top.reason, detail: top.detail, cites };
  }
  // Why it is not covered, or not wholly: everything that was said.
  const gaps = ordered.filter((c) => c.reason !== '');
  const reason = gaps[0]?.reason ?? '';
  const details = [gaps[0]?.detail ?? '', ...gaps.slice(1).map((c) => c.reason)];
  const detail = [...new Set(details)].filter((d) => d !== '' && d !== reason).join('; ');
  return { start, end, state: top.state, means: top.means, reason, detail, cites };
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  const same =
    last?.state === span.state &&
    last.means === span.means &&
    last.reason === span.reason &&
    last.detail === span.detail;
  if (!last || !same) {
    spans.push(span);
    return;
  }
  last.end = span.end;
  last.cites = few([...last.cites, ...span.cites]);
}

function few(cites: readonly number[]): number[] {
  const all = [...new Set(cites)].sort((a, b) => a - b);
  if (all.length <= MOST_CITES) return all;
  return [...all.slice(0, MOST_CITES / 2), ...all.slice(-MOST_CITES / 2)];
}

/** A claim without some stretches of time. */
export function without(claim: Claim, holes: readonly { start: number; end: number }[]): Claim[] {
  let parts = [claim];
  for (const hole of holes) {
    parts = parts.flatMap((part) => {
      if (hole.end <= part.start || part.end <= hole.start) return [part];
      return [
        { ...part, end: Math.min(part.end, hole.start) },
        { ...part, start: Math.max(part.start, hole.end) },
      ].filter((p) => p.start < p.end);
    });
  }
  return parts;
}

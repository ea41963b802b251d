/** A part of time, ms since 1970 UTC, `[start, end)`. */
export interface Span {
  start: number;
  end: number;
}

/** What is left of spans when others are cut out of them. */
export function without(spans: readonly Span[], cut: readonly Span[]): Span[] {
  return cut.reduce<Span[]>(
    (left, hole) =>
      left.flatMap((span) =>
        [
          { start: span.start, end: Math.min(span.end, hole.start) },
          { start: Math.max(span.start, hole.end), end: span.end },
        ].filter((part) => part.end > part.start),
      ),
    [...spans],
  );
}

/** The part of a span inside another, or nothing. */
export function within(span: Span, outer: Span): Span[] {
  const part = { start: Math.max(span.start, outer.start), end: Math.min(span.end, outer.end) };
  return part.end > part.start ? [part] : [];
}

/** A period cut at every given moment, in order, without empty parts. */
export function cutAt(period: Span, moments: readonly number[]): Span[] {
  const inside = moments.filter((at) => at > period.start && at < period.end);
  const edges = [...new Set([period.start, ...inside, period.end])].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => ({ start: edges[i]!, end }));
}

export const covers = (span: Span, part: Span): boolean => span.start <= part.start && span.end >= part.end;

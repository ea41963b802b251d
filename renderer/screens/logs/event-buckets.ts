/** Events of a list in order of time, cut at the bounds of a histogram's buckets. */
export interface Buckets {
  /** Start of each bucket that has events, ms UTC, and its end. */
  starts: readonly number[];
  ends: readonly number[];
  /** Number of events before each bucket; one more at the end: of all. */
  before: readonly number[];
}

/**
 * Cuts the range of a histogram into stretches of at least `least` events, so that a page of events in the middle of a
 * million is read from the start of its own stretch and not from the start of the list.
 */
export function cutBuckets(
  starts: readonly number[],
  bucket: number,
  totals: readonly number[],
  range: readonly [number, number],
  least: number,
): Buckets {
  const cut = { starts: [] as number[], ends: [] as number[], before: [0] };
  let events = 0;
  let start = range[0];
  const close = (end: number) => {
    if (events > 0) {
      cut.starts.push(start);
      cut.ends.push(end);
      cut.before.push(cut.before.at(-1)! + events);
    }
    events = 0;
    start = end;
  };
  for (const [i, total] of totals.entries()) {
    events += total;
    const end = Math.min(range[1], Math.max(range[0], starts[i]! + bucket));
    if (events >= least) close(end);
  }
  close(range[1]);
  return cut;
}

/** Which bucket holds a row, and the row's place in it; null outside. */
export function placeOf(buckets: Buckets, row: number): { bucket: number; at: number } | null {
  const { before } = buckets;
  if (row < 0 || row >= before.at(-1)!) return null;
  let low = 0;
  let high = before.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (before[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return { bucket: low, at: row - before[low]! };
}

import { describe, expect, test } from 'vitest';
import { cutBuckets, placeOf } from '../../../renderer/screens/logs/event-buckets.ts';

const HOUR = 3_600_000;

describe('stretches of a list of events', () => {
  const starts = [0, 1, 2, 3, 4].map((n) => n * HOUR);

  test('are cut when they hold enough, and leave no time out', () => {
    const cut = cutBuckets(starts, HOUR, [10, 500, 0, 3, 4], [0, 5 * HOUR], 500);
    expect(cut.starts).toEqual([0, 2 * HOUR]);
    expect(cut.ends).toEqual([2 * HOUR, 5 * HOUR]);
    expect(cut.before).toEqual([0, 510, 517]);
  });

  test('a row is found in its stretch', () => {
    const cut = cutBuckets(starts, HOUR, [10, 500, 0, 3, 4], [0, 5 * HOUR], 500);
    expect(placeOf(cut, 0)).toEqual({ bucket: 0, at: 0 });
    expect(placeOf(cut, 509)).toEqual({ bucket: 0, at: 509 });
    expect(placeOf(cut, 510)).toEqual({ bucket: 1, at: 0 });
    expect(placeOf(cut, 516)).toEqual({ bucket: 1, at: 6 });
    expect(placeOf(cut, 517)).toBeNull();
  });

  test('stay inside the range that was chosen', () => {
    const cut = cutBuckets(starts, HOUR, [1, 1, 1, 1, 1], [HOUR / 2, 4.5 * HOUR], 1);
    expect(cut.starts[0]).toBe(HOUR / 2);
    expect(cut.ends.at(-1)).toBe(4.5 * HOUR);
  });

  test('no events, no stretch', () => {
    expect(cutBuckets(starts, HOUR, [0, 0, 0, 0, 0], [0, 5 * HOUR], 500).before).toEqual([0]);
  });
});

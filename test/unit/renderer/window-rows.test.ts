import { describe, expect, test } from 'vitest';
import { rowWindow } from '../../../renderer/ui/window-rows.ts';

describe('the window on a list of rows', () => {
  test('draws what is in view and a few rows around it', () => {
    const view = rowWindow(1000, 32, 3200, 640);
    expect(view.first).toBe(92);
    expect(view.end).toBe(128);
    expect(view.topOf(100)).toBe(3200);
    expect(view.height).toBe(32_000);
  });

  test('an empty list draws nothing', () => {
    const view = rowWindow(0, 32, 0, 640);
    expect([view.first, view.end, view.height]).toEqual([0, 0, 0]);
  });

  test('the last of ten million rows is reached in an area that a browser can lay out', () => {
    const rows = 10_000_000;
    const start = rowWindow(rows, 32, 0, 640);
    expect(start.height).toBeLessThan(17_000_000);
    const to = start.scrollTo(rows - 1)!;
    expect(to).toBeLessThanOrEqual(start.height - 640 + 1);
    const end = rowWindow(rows, 32, to, 640);
    expect(end.end).toBe(rows);
    expect(end.topOf(rows - 1) + 32).toBeCloseTo(to + 640, 0);
  });

  test('a row in view needs no scrolling', () => {
    expect(rowWindow(1000, 32, 320, 640).scrollTo(15)).toBeNull();
    expect(rowWindow(1000, 32, 320, 640).scrollTo(5)).toBe(160);
  });
});

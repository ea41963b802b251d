import { expect, test } from 'vitest';
import { PageReader } from '../../../renderer/client/page-reader.ts';

const PAGE = 100;
const numbers = (from: number) => Array.from({ length: PAGE }, (_, i) => from + i);

test('reads as many pages as are needed, in order, and says when there are no more', async () => {
  const asked: (string | null)[] = [];
  const reader = new PageReader<number>((after) => {
    asked.push(after);
    const from = Number(after ?? 0);
    return Promise.resolve({ rows: numbers(from), next: from + PAGE < 300 ? String(from + PAGE) : null });
  });
  const states: unknown[] = [];
  reader.store.subscribe(() => states.push(reader.store.get()));
  reader.need(150);
  await expect.poll(() => reader.store.get().rows.length).toBe(200);
  expect(asked).toEqual([null, '100']);
  expect(reader.store.get().done).toBe(false);
  reader.need(250);
  await expect.poll(() => reader.store.get().done).toBe(true);
  expect(reader.store.get().rows).toEqual([...numbers(0), ...numbers(100), ...numbers(200)]);
  // The array grows in place; what watches it is told by another state each time.
  expect(new Set(states).size).toBe(states.length);
});

test('a list read again leaves the old one as it was, and an answer that comes late is not taken', async () => {
  const late: ((answer: { rows: number[]; next: null }) => void)[] = [];
  const reader = new PageReader<number>(() => new Promise((resolve) => late.push(resolve)));
  reader.need(0);
  late[0]!({ rows: [1, 2], next: null });
  await expect.poll(() => reader.store.get().done).toBe(true);
  const old = reader.store.get().rows;
  reader.restart();
  reader.restart();
  late[1]!({ rows: [7], next: null });
  late[2]!({ rows: [3], next: null });
  await expect.poll(() => reader.store.get().done).toBe(true);
  expect(reader.store.get().rows).toEqual([3]);
  expect(old).toEqual([1, 2]);
});

import { expect, test } from 'vitest';
import type { Clock } from '../../../electron/collect/clock.ts';
import { RateBudget } from '../../../electron/collect/rate-budget.ts';

/** A clock that stands still until its sleeper is woken by moving it. */
function fakeClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = sleepers.filter((s) => s.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        sleepers = sleepers.filter((s) => s !== next);
        now = Math.max(now, next.at);
        next.wake();
      }
      now = end;
      await settle();
    },
  };
}

const never = new AbortController().signal;
const free = async () => () => {};

/** Asks `count` times at once; the list of times at which each was let go. */
function ask(budget: RateBudget, clock: Clock, count: number): number[] {
  const at: number[] = [];
  for (let i = 0; i < count; i += 1) void budget.take(never, free).then(() => at.push(clock.now()));
  return at;
}

test('a burst takes one second’s worth at once, then the rate', async () => {
  const clock = fakeClock();
  const budget = new RateBudget(10, clock);
  const at = ask(budget, clock, 30);
  await clock.advance(0);
  expect(at).toHaveLength(10);
  await clock.advance(1000);
  expect(at.length).toBeGreaterThanOrEqual(19);
  expect(at.length).toBeLessThanOrEqual(20);
  await clock.advance(1100);
  expect(at).toHaveLength(30);
});

test('a rate below one a second lets one go, then waits in full', async () => {
  const clock = fakeClock();
  const at = ask(new RateBudget(0.5, clock), clock, 3);
  await clock.advance(1900);
  expect(at).toEqual([0]);
  await clock.advance(200);
  expect(at).toHaveLength(2);
});

test('no second sees more than twice the budget, which is the quota', async () => {
  const clock = fakeClock();
  const at = ask(new RateBudget(5, clock), clock, 60);
  await clock.advance(20_000);
  expect(at).toHaveLength(60);
  for (const from of at)
    expect(at.filter((t) => t >= from && t < from + 1000).length).toBeLessThanOrEqual(10);
});

test('throttling halves the rate once for calls in flight together, and success gives it back', async () => {
  const clock = fakeClock();
  const budget = new RateBudget(100, clock);
  budget.throttled();
  budget.throttled();
  expect(budget.rate).toBe(50);
  await clock.advance(600);
  budget.throttled();
  expect(budget.rate).toBe(25);
  for (let i = 0; i < 100; i += 1) budget.succeeded();
  expect(budget.rate).toBe(100);
});

test('whoever waits with an aborted signal is let go at once, the others keep their turn', async () => {
  const clock = fakeClock();
  const budget = new RateBudget(1, clock);
  const gone = new AbortController();
  await budget.take(never, free);
  const dropped = budget.take(gone.signal, free);
  const kept = budget.take(never, free);
  await clock.advance(0);
  gone.abort(new Error('cancelled'));
  budget.dropAborted();
  await expect(dropped).rejects.toThrow('cancelled');
  await clock.advance(1100);
  await expect(kept).resolves.toBeTypeOf('function');
  expect(budget.waiting).toBe(0);
});

test('requests that wait for a place are not counted until they have it', async () => {
  const clock = fakeClock();
  const budget = new RateBudget(10, clock);
  let open = () => {};
  const place = new Promise<void>((resolve) => (open = resolve));
  const at: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    void budget.take(never, () => place.then(() => () => {})).then(() => at.push(clock.now()));
  }
  await clock.advance(10_000);
  expect(at).toEqual([]);
  open();
  await clock.advance(0);
  expect(at).toHaveLength(10);
});

import { expect, test } from 'vitest';
import { backOffMs } from '../../../electron/collect/back-off.ts';
import { createRunControl } from '../../../electron/collect/control.ts';
import { all, forEach } from '../../../electron/collect/for-each.ts';
import { createSlots } from '../../../electron/collect/slots.ts';
import { createTracker, type CollectProgress } from '../../../electron/collect/progress.ts';
import { kms } from '../../../electron/providers/aws/operations/index.ts';

test('back-off doubles up to twenty seconds and never leaves more than half of it to chance', () => {
  expect([1, 2, 3, 10].map((n) => backOffMs('transient', n, () => 0))).toEqual([250, 500, 1000, 20_000]);
  expect(backOffMs('throttled', 1, () => 0)).toBe(500);
  expect(backOffMs('transient', 3, () => 1)).toBe(500);
});

test('cancelling a paused run ends the pause', async () => {
  const control = createRunControl();
  control.pause();
  const waiting = control.whenRunning();
  control.cancel();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a run whose outer signal aborts is cancelled', () => {
  const outer = new AbortController();
  const control = createRunControl(outer.signal);
  outer.abort();
  expect(control.signal.aborted).toBe(true);
});

test('for-each keeps to its width and passes on the first failure after the rest has ended', async () => {
  let running = 0;
  let most = 0;
  const ended: number[] = [];
  const work = async (n: number) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (n === 3) throw new Error('three');
    ended.push(n);
  };
  await expect(forEach([1, 2, 3, 4, 5, 6, 7, 8], 3, work)).rejects.toThrow('three');
  expect(most).toBe(3);
  expect(running).toBe(0);
  expect(ended.length).toBeLessThan(8);
});

test('all waits for everybody before it fails', async () => {
  let late = false;
  const slow = new Promise<void>((resolve) => setTimeout(() => resolve(void (late = true)), 20));
  await expect(all([Promise.reject(new Error('no')), slow])).rejects.toThrow('no');
  expect(late).toBe(true);
});

test('a place that is left goes to who has waited longest', async () => {
  const slots = createSlots(1);
  const signal = new AbortController().signal;
  const order: string[] = [];
  const leave = await slots.enter(signal);
  const second = slots.enter(signal).then((l) => (order.push('second'), l));
  const third = slots.enter(signal).then((l) => (order.push('third'), l));
  leave();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
});

test('progress counts what is planned, done, replayed and missing', () => {
  const events: CollectProgress[] = [];
  const tracker = createTracker('production', (event) => events.push(event));
  tracker.plan(kms.describeKey, '1/eu-west-1', 3);
  tracker.done(kms.describeKey, '1/eu-west-1', { replayed: true, gap: false });
  tracker.done(kms.describeKey, '1/eu-west-1', { replayed: false, gap: true });
  expect(events).toEqual([]);
  tracker.flush();
  expect(events).toMatchObject([{ op: 'aws.kms.DescribeKey', planned: 3, done: 2, replayed: 1, gaps: 1 }]);
});

import { stampWaiting, type QueueOptions, type QueueOutcome } from '../pack/stamp-queue.ts';
import type { StampingQueue } from './service/stamping-queue.ts';

/** Stamps every pack of the queue; what has its time, or never can have one, leaves it. */
export function stampQueue(
  queue: StampingQueue,
  options: Omit<QueueOptions, 'onOutcome'>,
): Promise<readonly QueueOutcome[]> {
  const names = queue.list().map(({ zip }) => zip);
  let at = 0;
  return stampWaiting(names, {
    ...options,
    onPack: (zip) => options.onPack?.(zip, at),
    onOutcome: ({ zip, why, waits }) => {
      at += 1;
      if (waits) queue.add(zip, why);
      else queue.forget(zip);
    },
  });
}

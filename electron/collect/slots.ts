import type { Leave } from './rate-budget.ts';

/** Bounds how many calls are in flight at once. */
export interface Slots {
  /** Waits for a place; the function it gives frees it again. Rejects with the signal's reason when dropped. */
  enter(signal: AbortSignal): Promise<Leave>;
  /** Lets go everybody whose signal has aborted, at once. */
  dropAborted(): void;
}

export function createSlots(size: number): Slots {
  let free = size;
  let queue: { signal: AbortSignal; resolve: (leave: Leave) => void; reject: (reason: unknown) => void }[] =
    [];

  const leave = () => {
    const next = queue.shift();
    if (next) next.resolve(leave);
    else free += 1;
  };

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(leave);
      }
      return new Promise((resolve, reject) => queue.push({ signal, resolve, reject }));
    },
    dropAborted() {
      const dropped = queue.filter((w) => w.signal.aborted);
      queue = queue.filter((w) => !w.signal.aborted);
      for (const waiter of dropped) waiter.reject(waiter.signal.reason);
    },
  };
}

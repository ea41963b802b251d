/** Bounds how many calls are in flight at once. */
export interface Slots {
  /** Runs `work` when a slot is free. Rejects with the signal's reason when it aborts before that. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Lets go everybody whose signal has aborted, at once. */
  dropAborted(): void;
}

export function createSlots(size: number): Slots {
  let free = size;
  let queue: { signal: AbortSignal; resolve: () => void; reject: (reason: unknown) => void }[] = [];

  const acquire = (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => queue.push({ signal, resolve, reject }));
  };
  const release = () => {
    const next = queue.shift();
    if (next) next.resolve();
    else free += 1;
  };

  return {
    async run(signal, work) {
      await acquire(signal);
      try {
        return await work();
      } finally {
        release();
      }
    },
    dropAborted() {
      const dropped = queue.filter((w) => w.signal.aborted);
      queue = queue.filter((w) => !w.signal.aborted);
      for (const waiter of dropped) waiter.reject(waiter.signal.reason);
    },
  };
}

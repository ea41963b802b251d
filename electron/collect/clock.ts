import { setTimeout as sleep } from 'node:timers/promises';

/** Time as budgets and back-off see it; a test gives its own. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Waits; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

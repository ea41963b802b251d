import type { Ending } from './ending.ts';

/** How often a call is tried before its failure is final, by how it ended. */
export interface RetryLimits {
  throttled: number;
  transient: number;
}

export const defaultRetryLimits: RetryLimits = { throttled: 8, transient: 4 };

/**
 * Milliseconds to wait before the next try: doubling from 250 ms (throttling: 500 ms) up to 20 s, and a random half of
 * it taken off, so that calls that failed together do not return together.
 */
export function backOffMs(ending: Ending, failures: number, random: () => number = Math.random): number {
  const first = ending === 'throttled' ? 500 : 250;
  const full = Math.min(20_000, first * 2 ** (failures - 1));
  return full * (1 - random() / 2);
}

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

/** Longest wait that a provider may ask for, ms: more than this is asked again when the snapshot is resumed. */
const LONGEST_RETRY_AFTER = 120_000;

/**
 * Milliseconds the provider asks to be left alone (Retry-After: seconds, or a date; RFC 9110 section 10.2.3); 0 when it
 * asks for nothing, or when the header is not kept.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number {
  const value = headers['retry-after']?.trim();
  if (!value) return 0;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(LONGEST_RETRY_AFTER, Math.max(0, wait)) : 0;
}

import type { Level } from '../seal/outcome.ts';

/** Outcome of one check. `cannot-tell` is never counted as a pass. */
export type CheckResult = 'pass' | 'fail' | 'cannot-tell';

/** One thing that was checked, with a sentence that says what was found. */
export interface Check {
  /** Short name from the standard or format it checks, for example `asic-manifest`. */
  id: string;
  title: string;
  result: CheckResult;
  detail: string;
}

/**
 * intact: unchanged since a proven time. intact-time-pending: unchanged, but no trusted time yet. altered: something
 * is not what was sealed. cannot-tell: there is not enough to say.
 */
export type Verdict = 'intact' | 'intact-time-pending' | 'altered' | 'cannot-tell';

/** Everything verification says about a pack or an engagement file. */
export interface Verification {
  subject: string;
  verdict: Verdict;
  /** The verdict in a sentence; never more than was proved. */
  headline: string;
  /** Claimed by the signer's clock, UTC; null when nothing is signed. */
  claimedTime: string | null;
  /** From a timestamp token, UTC; null without one. */
  provenTime: string | null;
  /** Baseline level that the pack carries (EN 319 122-1 §6); null for an engagement file, or without a valid signature. */
  level: Level | null;
  checks: Check[];
}

export const pass = (id: string, title: string, detail: string): Check => ({
  id,
  title,
  result: 'pass',
  detail,
});
export const fail = (id: string, title: string, detail: string): Check => ({
  id,
  title,
  result: 'fail',
  detail,
});
export const cannotTell = (id: string, title: string, detail: string): Check => ({
  id,
  title,
  result: 'cannot-tell',
  detail,
});

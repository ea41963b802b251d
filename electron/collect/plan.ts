import type { QuotaChoice } from '../engagement/collection.ts';
import type { Operation } from './operation.ts';
import { requestsPerSecond } from './quotas.ts';

/** Calls of one operation in one scope, before they are made. */
export interface PlannedCall {
  source: string;
  op: string;
  /** Region, or `global`. */
  scope: string;
  purpose: string;
  permissions: readonly string[];
  calls: number;
  /** Why the number is an estimate; null when it is exact. */
  estimate: string | null;
  /** The provider's quota and our budget, requests per second, and where the quota is from. */
  quota: number;
  quotaSource: string;
  budget: number;
  /** Time the rate budget alone asks for, seconds. */
  seconds: number;
}

export function plannedCall(
  source: string,
  operation: Operation,
  scope: string,
  calls: number,
  estimate: string | null,
  quotas: QuotaChoice,
): PlannedCall {
  const budget = requestsPerSecond(operation, quotas);
  return {
    source,
    op: operation.id,
    scope,
    purpose: operation.purpose,
    permissions: operation.permissions,
    calls,
    estimate,
    quota: operation.quota.perSecond,
    quotaSource: operation.quota.source,
    budget,
    // A full bucket of one second's worth is there at the start.
    seconds: Math.max(0, calls - Math.max(1, budget)) / budget,
  };
}

/** What a plan adds up to. Operations and scopes run side by side: the slowest sets the time. */
export function planTotals(plan: readonly PlannedCall[]): { calls: number; seconds: number } {
  return {
    calls: plan.reduce((sum, p) => sum + p.calls, 0),
    seconds: plan.reduce((most, p) => Math.max(most, p.seconds), 0),
  };
}

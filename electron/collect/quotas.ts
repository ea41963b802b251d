import type { QuotaChoice } from '../engagement/collection.ts';
import { budgetOf, type Operation } from './operation.ts';

/** Requests per second of an operation under a choice of quotas. */
export function requestsPerSecond(operation: Operation, choice: QuotaChoice): number {
  const factor = choice === 'provider' ? 1 : choice.multiplier;
  return budgetOf(operation.quota) * factor;
}

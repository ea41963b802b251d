import type { QuotaChoice } from '../engagement/collection.ts';
import type { Clock } from './clock.ts';
import type { Operation } from './operation.ts';
import { requestsPerSecond } from './quotas.ts';
import { RateBudget } from './rate-budget.ts';

/** The rate budgets of a run: one for each operation (or group of operations) in each account and region. */
export interface Budgets {
  of(operation: Operation, scope: string): RateBudget;
  /** Lets go everybody whose signal has aborted, at once. */
  dropAborted(): void;
}

export function createBudgets(choice: QuotaChoice, clock: Clock): Budgets {
  const all = new Map<string, RateBudget>();
  return {
    of(operation, scope) {
      const { group, per } = operation.quota;
      const where = per === 'account' ? scope.split('/')[0]! : scope;
      const key = `${group ?? operation.id} ${where}`;
      let budget = all.get(key);
      if (!budget) all.set(key, (budget = new RateBudget(requestsPerSecond(operation, choice), clock)));
      return budget;
    },
    dropAborted: () => all.forEach((budget) => budget.dropAborted()),
  };
}

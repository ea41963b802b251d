import { all } from '../../collect/for-each.ts';
import { allPages, type AzureRun } from './azure-run.ts';
import { insights } from './operations/index.ts';
import { scopeOf } from './scope.ts';

const DAY = 24 * 60 * 60_000;
/** Azure keeps the activity log for 90 days. An hour is left so that the edge does not move past us. */
const KEPT_MS = 90 * DAY - 60 * 60_000;
/** Events may be listed this late. */
const LATE_MS = 15 * 60_000;

/** Providers whose changes matter: vaults and keys, who holds rights, what is recorded. */
export const WATCHED_PROVIDERS = [
  'Microsoft.KeyVault',
  'Microsoft.Authorization',
  'Microsoft.Insights',
] as const;

/** Changes of vaults, roles and diagnostic settings, from the start of the period to the collection; and alerts. */
export async function collectActivity(azure: AzureRun, subscription: string): Promise<void> {
  const { period, startedAt, asking } = azure.run;
  const edge = new Date(startedAt.getTime() - KEPT_MS);
  const from = new Date(Math.max(Date.parse(period.from), edge.getTime()));
  const scope = scopeOf(azure.tenant, { subscription });
  const op = insights.listActivityLog.id;
  if (edge.getTime() > Date.parse(period.from)) {
    const to = edge < new Date(period.to) ? edge.toISOString() : period.to;
    await asking.note({
      ...{ scope, op, what: 'before-retention-edge', from: period.from, to },
      reason: 'Azure keeps the activity log for 90 days',
    });
  }
  if (startedAt.getTime() - LATE_MS < Date.parse(period.to)) {
    const provisional = new Date(Math.max(from.getTime(), startedAt.getTime() - LATE_MS));
    await asking.note({
      ...{ scope, op, what: 'provisional-tail', from: provisional.toISOString(), to: period.to },
      reason: 'events of the last quarter of an hour may not be listed yet',
    });
  }
  await all([
    ...(from < startedAt
      ? WATCHED_PROVIDERS.map((provider) =>
          allPages(azure, insights.listActivityLog, {
            subscription,
            filter: `eventTimestamp ge '${from.toISOString()}' and eventTimestamp le '${startedAt.toISOString()}' and resourceProvider eq '${provider}'`,
          }),
        )
      : []),
    allPages(azure, insights.listActivityLogAlerts, { subscription }),
    allPages(azure, insights.listScheduledQueryRules, { subscription }),
  ]);
}

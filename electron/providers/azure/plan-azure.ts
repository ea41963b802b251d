import type { CollectSettings } from '../../engagement/collection.ts';
import type { AzureSource, Period } from '../../engagement/engagement.ts';
import { plannedCall, type PlannedCall } from '../../collect/plan.ts';
import { WATCHED_PROVIDERS } from './collect-activity.ts';
import type { AzureOperation } from './operation.ts';
import { authorization, graph, insights, keys, logStores, resources, vaults } from './operations/index.ts';

/** Assumptions of a plan where nothing is known; the plan says so. */
const ASSUMED = { subscriptions: 3, vaults: 5, keys: 10, slices: 4, groups: 10 };
const KEY_PAGE = 25;
const HOURS_A_DAY = 24;

/** The calls that collecting an Azure source takes, by operation and subscription, before any is made. */
export function planAzure(
  source: AzureSource,
  period: Period,
  settings: Pick<CollectSettings, 'quotas'>,
): PlannedCall[] {
  const plan: PlannedCall[] = [];
  const add = (op: AzureOperation, scope: string, calls: number, estimate: string | null) =>
    plan.push(plannedCall(source.id, op, scope, calls, estimate, settings.quotas));
  const guess = source.subscriptions
    ? null
    : `${ASSUMED.subscriptions} subscriptions assumed until the tenant is asked`;
  const subscriptions =
    source.subscriptions ?? Array.from({ length: ASSUMED.subscriptions }, (_, i) => `subscription-${i + 1}`);
  const perVault = `${ASSUMED.vaults} vaults assumed in each subscription until they are listed`;
  const perKey = `${ASSUMED.keys} keys assumed in each vault until they are listed`;
  const days = Math.ceil((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000);

  add(resources.listTenants, 'global', 1, null);
  add(resources.listSubscriptions, 'global', 1, null);
  if (source.readDirectory !== false) {
    add(graph.getDirectoryObjects, 'global', 1, 'one more for each thousand principals');
    add(
      graph.listGroupMembers,
      'global',
      ASSUMED.groups,
      'one for each group that holds rights, and its pages',
    );
  }
  for (const scope of subscriptions) {
    const { vaults: places } = ASSUMED;
    const count = places * ASSUMED.keys;
    for (const op of [
      vaults.listVaults,
      vaults.listManagedHsms,
      vaults.listDeletedVaults,
      vaults.listDeletedManagedHsms,
      ...Object.values(authorization),
      insights.listActivityLogAlerts,
      insights.listScheduledQueryRules,
    ])
      add(op, scope, 1, guess);
    add(insights.listActivityLog, scope, WATCHED_PROVIDERS.length, 'one more for each page of changes');
    add(insights.listDiagnosticSettings, scope, places, perVault);
    for (const op of [vaults.listVaultKeys, keys.getKeys])
      add(op, scope, 2 * places * Math.ceil(ASSUMED.keys / KEY_PAGE), perVault);
    add(keys.getDeletedKeys, scope, places, perVault);
    for (const op of [vaults.getVaultKey, keys.getKey, keys.getKeyVersions]) add(op, scope, count, perKey);
    add(keys.getKeyRotationPolicy, scope, count, 'fewer: only where the control plane shows no policy');
    for (const op of [logStores.getWorkspace, logStores.getStorageAccount, logStores.getManagementPolicy])
      add(op, scope, 1, 'one for each destination of a diagnostic setting');
    add(logStores.getWorkspaceTable, scope, 2, 'two for each workspace');
    if (!source.readLogs) continue;
    add(
      logStores.query,
      scope,
      places * 2 * ASSUMED.slices,
      'a count and the rows of each slice of time and table',
    );
    add(
      logStores.listBlobs,
      scope,
      Math.ceil(days / 30) + 1,
      'one for each vault and month in a storage account',
    );
    add(
      logStores.getBlob,
      scope,
      days * HOURS_A_DAY,
      'one for each hour with records, when they are exported',
    );
  }
  return plan;
}

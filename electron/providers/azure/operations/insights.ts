import { json, restOperation, type Page } from '../operation.ts';
import { armReads } from './quotas.ts';

const common = { service: 'insights', plane: 'arm', quota: armReads, answer: json('value') } as const;
const docs = (page: string) => `https://learn.microsoft.com/rest/api/monitor/${page}`;

export interface DiagnosticSetting {
  id?: string;
  name?: string;
  properties?: {
    workspaceId?: string | null;
    storageAccountId?: string | null;
    logAnalyticsDestinationType?: string | null;
  };
}

/** What watches the vaults, and who is told. */
export const insights = {
  listDiagnosticSettings: restOperation<Page<DiagnosticSetting>>({
    ...common,
    action: 'ListDiagnosticSettings',
    scopeKind: 'region',
    permissions: ['Microsoft.Insights/DiagnosticSettings/Read'],
    purpose: 'Whether the vault records use of its keys: categories, category groups and destinations.',
    rest: (cloud, { resource, page }) => ({
      url:
        page ??
        `${cloud.arm}${resource}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`,
    }),
    docs: docs('diagnostic-settings/list'),
  }),
  listActivityLog: restOperation<Page>({
    ...common,
    action: 'ListActivityLog',
    scopeKind: 'global',
    permissions: ['Microsoft.Insights/eventtypes/values/Read'],
    purpose: 'Changes of vaults, roles and diagnostic settings in the last 90 days.',
    rest: (cloud, { subscription, filter, page }) => ({
      url:
        page ??
        `${cloud.arm}/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter ?? '')}`,
    }),
    docs: docs('activity-logs/list'),
  }),
  listActivityLogAlerts: restOperation<Page>({
    ...common,
    action: 'ListActivityLogAlerts',
    scopeKind: 'global',
    permissions: ['Microsoft.Insights/activityLogAlerts/read'],
    purpose: 'Alerts on changes of vaults, and whom they tell.',
    rest: (cloud, { subscription, page }) => ({
      url:
        page ??
        `${cloud.arm}/subscriptions/${subscription}/providers/Microsoft.Insights/activityLogAlerts?api-version=2020-10-01`,
    }),
    docs: docs('activity-log-alerts/list-by-subscription-id'),
  }),
  listScheduledQueryRules: restOperation<Page>({
    ...common,
    action: 'ListScheduledQueryRules',
    scopeKind: 'global',
    permissions: ['Microsoft.Insights/scheduledQueryRules/read'],
    purpose: 'Alerts on log queries, among them those on changes of keys, and whom they tell.',
    rest: (cloud, { subscription, page }) => ({
      url:
        page ??
        `${cloud.arm}/subscriptions/${subscription}/providers/Microsoft.Insights/scheduledQueryRules?api-version=2023-12-01`,
    }),
    docs: docs('scheduled-query-rules/list-by-subscription'),
  }),
};

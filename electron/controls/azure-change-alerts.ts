import { alerts, type AlertRow } from '../../db/derived/logging.ts';
import { WATCHED_CHANGES } from '../providers/azure/normalise/alerts.ts';
import { ACTIVITY_LOG, answered, azureVaults } from './azure-vaults.ts';
import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { logging } from './places.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-change-alerts';
const SOURCES = ['azure.insights.ListActivityLogAlerts', 'azure.insights.ListScheduledQueryRules'];

/** Somebody is told when a vault, a role on it or its recording is changed. */
export const azureChangeAlerts: Control = {
  id: ID,
  title: 'Changes of vaults in Azure raise an alert',
  finding: 'logging',
  criteria: ['CC7.2', 'CC7.3'],
  question: 'Is somebody told of changes of vaults, of role assignments and of deleted diagnostic settings?',
  method: `Read activity log alerts and log query alerts of each subscription with vaults. One counts when it is enabled, tells an action group, and no condition narrows it below the change: ${WATCHED_CHANGES.join(', ')}.`,
  permissions: ['Microsoft.Insights/activityLogAlerts/read', 'Microsoft.Insights/scheduledQueryRules/read'],
  remediation: 'Add activity log alerts for these operations with an action group that people read.',
  standards: [{ name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '5.2' }],
  appliesTo: 'subscriptions with vaults',
  test: (context) => {
    const all = alerts(context.db, context.snapshot);
    const subscriptions = [...new Set(azureVaults(context).map(({ account }) => account))].sort();
    return subscriptions.flatMap((account) => {
      const now = answerNow(
        context,
        account,
        all.filter((alert) => alert.account === account && alert.region === 'global'),
      );
      const period = throughout(context, {
        ...{ subject: `${account}/global`, account, region: ACTIVITY_LOG, settings: ['alerts'] },
        ...{ created: null, now, what: 'alerts for all these changes were in place' },
      });
      return results(ID, 'account', account, { collection: now, period });
    });
  },
};

function answerNow(context: ControlContext, account: string, here: readonly AlertRow[]): Answer {
  const good = here.filter((alert) => alert.enabled === 1 && (alert.targets?.length ?? 0) > 0);
  const missing = WATCHED_CHANGES.filter((change) => !good.some((alert) => alert.covers.includes(change)));
  const cites = [
    ...new Set([...here.flatMap((alert) => alert.cites), ...answered(context, SOURCES, `${account}/global`)]),
  ];
  if (missing.length === 0) return pass(`${WATCHED_CHANGES.join(', ')} raise an alert in ${account}.`, cites);
  const gap = logging(context).gaps.find(
    ({ op, scope }) => SOURCES.includes(op) && scope === `${account}/global`,
  );
  if (gap || cites.length === 0) {
    return undetermined(
      `Whether ${missing.join(', ')} raise an alert could not be read (${gap?.code ?? gap?.reason ?? 'not asked'}).`,
      [...cites, ...(gap?.seq ? [gap.seq] : [])],
      gap?.code ?? null,
    );
  }
  const off = here.filter(
    (alert) => alert.enabled === 0 && missing.some((change) => alert.covers.includes(change)),
  );
  const note = off.length === 0 ? '' : ` (${off.map(({ name }) => `${name} is off`).join('; ')})`;
  return exception(`Nobody is told of ${missing.join(', ')} in ${account}${note}.`, cites);
}

import { azureLogStores, storeName, type AzureLogStore } from './azure-log-stores.ts';
import {
  both,
  evidenceRequired,
  exception,
  pass,
  results,
  undetermined,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween } from './dates.ts';
import { policyText } from './policy-text.ts';

const ID = 'azure-log-retention';
const TABLES = ['AZKVAuditLogs', 'AzureDiagnostics'];

/** Records of key use are kept as long as policy asks, and at least through the period. */
export const azureLogRetention: Control = {
  id: ID,
  title: 'Records of key use in Azure are kept long enough',
  finding: 'logging',
  criteria: ['CC7.2'],
  question: 'Are records kept as long as policy asks, and do they reach back to the start of the period?',
  method:
    'For each workspace that diagnostic settings send to, read its retention and that of the tables AZKVAuditLogs and AzureDiagnostics with their archive; for each storage account, the shortest lifecycle rule that reaches insights-logs-auditevent.',
  permissions: [
    'Microsoft.OperationalInsights/workspaces/read',
    'Microsoft.OperationalInsights/workspaces/tables/read',
    'Microsoft.Storage/storageAccounts/managementPolicies/read',
  ],
  remediation: 'Raise the retention of the table or workspace, or the age in the lifecycle rule.',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-11' }],
  appliesTo: 'workspaces and storage accounts that vaults send to',
  test: (context) =>
    azureLogStores(context).flatMap((store) =>
      results(ID, 'log store', store.id, both(answer(context, store))),
    ),
};

function answer(context: ControlContext, store: AzureLogStore): Answer {
  const name = storeName(store);
  const rows = [...store.settings.values()];
  const cites = [...store.seqs, ...rows.map(({ seq }) => seq)];
  if (store.kind !== 'workspace' && store.kind !== 'storage account') {
    return evidenceRequired(
      `Records go to ${name}; how long they are kept there is not shown by Azure. Evidence is required.`,
      cites,
    );
  }
  const kept = store.kind === 'workspace' ? tables(store) : [store.settings.get('lifecycle')];
  const unread = kept.find((row) => row === undefined || (row.status !== 'set' && row.status !== 'absent'));
  if (kept.length === 0 || unread !== undefined || kept.includes(undefined)) {
    const why = unread?.code ?? unread?.status ?? 'not asked';
    return undetermined(
      `How long ${name} keeps records could not be read (${why}).`,
      cites,
      unread?.code ?? null,
    );
  }
  const days = Math.min(...kept.map((row) => daysOf(row!)));
  if (!Number.isFinite(days)) return pass(`No rule deletes records in ${name}.`, cites);
  const { engagement, collectedAt } = context;
  const policy = engagement.parameters.logRetentionDays;
  const needed = daysBetween(engagement.period.from, collectedAt);
  const asked = `policy asks for ${count(policy.value, 'day')} (${policyText(policy)})`;
  if (days < needed) {
    return exception(
      `${name} keeps records for ${count(days, 'day')}, less than back to the start of the period (${day(engagement.period.from)}); ${asked}.`,
      cites,
    );
  }
  return days < policy.value
    ? exception(`${name} keeps records for ${count(days, 'day')}; ${asked}.`, cites)
    : pass(`${name} keeps records for ${count(days, 'day')}; ${asked}.`, cites);
}

/** The tables that the workspace has; its own retention where neither could be looked at. */
function tables(store: AzureLogStore): (LogRow | undefined)[] {
  const own = TABLES.flatMap((table) => store.settings.get(`retention ${table}`) ?? []).filter(
    (row) => row.status !== 'absent',
  );
  return own.length > 0 ? own : [store.settings.get('retention')];
}

type LogRow = NonNullable<ReturnType<AzureLogStore['settings']['get']>>;

function daysOf({ status, value }: LogRow): number {
  if (status === 'absent' || value === null) return Infinity;
  return (JSON.parse(value) as { days?: number }).days ?? Infinity;
}

import { logRoutes, type LogRouteRow } from '../../db/derived/log-routes.ts';
import { ACTIVITY_LOG, answered, azureVaults, placeId, type AzureVaultRow } from './azure-vaults.ts';
import {
  evidenceRequired,
  exception,
  pass,
  results,
  undetermined,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { logging } from './places.ts';
import { changeText, throughout } from './throughout.ts';

const ID = 'azure-diagnostics';
const LIST = 'azure.insights.ListDiagnosticSettings';

/** Requests to a vault are recorded. */
export const azureDiagnostics: Control = {
  id: ID,
  title: 'A diagnostic setting records use of the vault’s keys',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Does a diagnostic setting record requests to the vault, and did it all through the period?',
  method:
    'Read the diagnostic settings of each vault and managed HSM: one counts when it is enabled for the category AuditEvent or for the category groups audit or allLogs, and has a destination. For the period, read logged writes and deletions of diagnostic settings: one that was made inside the period recorded nothing before.',
  permissions: ['Microsoft.Insights/DiagnosticSettings/Read'],
  remediation:
    'Add a diagnostic setting with the category group audit to the central workspace (az monitor diagnostic-settings create).',
  standards: [
    { name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '5.1.5' },
    { name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-12' },
  ],
  appliesTo: 'Azure vaults and managed HSMs',
  test: (context) => {
    const routes = Map.groupBy(logRoutes(context.db, context.snapshot), (route) => route.subject);
    return azureVaults(context).flatMap((vault) => {
      const now = answerNow(context, vault, routes.get(vault.id) ?? []);
      return results(ID, 'place', placeId(vault), {
        collection: now,
        period: periodAnswer(context, vault, now),
      });
    });
  },
};

function answerNow(context: ControlContext, vault: AzureVaultRow, routes: readonly LogRouteRow[]): Answer {
  const gap = logging(context).gaps.find(({ op, scope }) => op === LIST && scope === placeId(vault));
  if (gap) {
    return undetermined(
      `Diagnostic settings of ${vault.region} could not be read (${gap.code ?? gap.reason}).`,
      gap.seq === null ? [] : [gap.seq],
      gap.code,
    );
  }
  const asked = answered(context, [LIST], placeId(vault));
  const cites = [...new Set([vault.seq, ...asked, ...routes.map(({ seq }) => seq)])];
  if (routes.length === 0 && asked.length === 0) {
    return undetermined(
      `Diagnostic settings of ${vault.region} were not read. Collect them, or import what "az monitor diagnostic-settings list" prints.`,
      cites,
    );
  }
  const recording = routes.filter((route) => route.key_events === 'all');
  if (routes.length === 0)
    return exception(`${vault.region} has no diagnostic setting: nobody records who uses its keys.`, cites);
  if (recording.length === 0) {
    const names = routes.map(({ name }) => name).join(', ');
    return exception(
      `The diagnostic settings of ${vault.region} (${names}) leave out requests: none has AuditEvent, audit or allLogs enabled.`,
      cites,
    );
  }
  const [first] = recording;
  return pass(`Diagnostic setting ${first!.name} records requests to ${vault.region}.`, cites);
}

/** Coverage tells more than changes do: a setting that was made in the period left the time before it out. */
function periodAnswer(context: ControlContext, vault: AzureVaultRow, now: Answer): Answer {
  const { period } = context.engagement;
  const holes = context.logs.holes(vault.account, vault.region, period.from, period.to, 'use');
  const made = holes?.find((hole) => hole.lost && hole.from <= period.from);
  if (now.result === 'pass' && made) {
    const since = context.changes(vault.id).find((change) => change.setting === 'diagnostics');
    return exception(
      `Nothing is recorded from ${day(period.from)} to ${day(made.to)}: ${made.reason}${since ? ` (${changeText(since)})` : ''}.`,
      [...now.cites, ...made.seqs, ...(since ? [since.seq] : [])],
    );
  }
  if (now.result === 'pass' && holes?.length === 0) {
    return pass(`Records of the vault’s use cover the whole period.`, now.cites);
  }
  const answer = throughout(context, {
    ...{ subject: vault.id, account: vault.account, region: ACTIVITY_LOG, settings: ['diagnostics'] },
    ...{ created: null, now, what: 'requests to the vault were recorded' },
    bad: (change, until) =>
      change.value === 'deleted'
        ? `A diagnostic setting was deleted (${changeText(change)}); the next change is of ${day(until)}.`
        : null,
  });
  return answer.result === 'pass' && (holes === null || holes.length > 0)
    ? evidenceRequired(
        `${answer.reason} Records themselves do not cover the whole period: see log-coverage.`,
        answer.cites,
      )
    : answer;
}

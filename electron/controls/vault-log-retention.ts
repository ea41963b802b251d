import { both, evidenceRequired, exception, pass, results, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween } from './dates.ts';
import { policyText } from './policy-text.ts';
import { deviceText, handledLogs, statedText, type HandledLog } from './vault-log-handling.ts';

const ID = 'vault-log-retention';

/** Audit logs are kept as long as policy asks, and at least through the period. */
export const vaultLogRetention: Control = {
  id: ID,
  title: 'Audit logs of Vault are kept long enough',
  finding: 'logging',
  criteria: ['CC7.2'],
  question: 'Is the log kept as long as policy asks, and does it reach back to the start of the period?',
  method:
    'Vault does not keep its audit log and does not show how long others do: compare the time that the client states with the policy parameter and with the start of the period, and say by whom and with which evidence it is stated.',
  permissions: ['sys/audit [read, sudo]'],
  remediation:
    'Keep the log longer where it is shipped to, and provide the setting as evidence (keywitness audit-log state).',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-11' }],
  appliesTo: 'audit devices of Vault and OpenBao',
  test: (context) =>
    handledLogs(context).flatMap((log) => results(ID, 'log store', log.route.id, both(answer(context, log)))),
};

function answer({ engagement, collectedAt }: ControlContext, { route, stated, cites }: HandledLog): Answer {
  const days = stated?.value.retentionDays ?? null;
  if (stated === null || days === null) {
    return evidenceRequired(
      `How long the log of ${deviceText(route)} is kept is not shown by Vault. The setting of where it is kept, or the client’s statement, is required.`,
      cites,
    );
  }
  const policy = engagement.parameters.logRetentionDays;
  const needed = daysBetween(engagement.period.from, collectedAt);
  const kept = `The log of ${deviceText(route)} is kept for ${count(days, 'day')} (${statedText(stated)})`;
  const asked = `policy asks for ${count(policy.value, 'day')} (${policyText(policy)})`;
  if (days < needed) {
    return exception(
      `${kept}, less than back to the start of the period (${day(engagement.period.from)}); ${asked}.`,
      cites,
    );
  }
  return days < policy.value ? exception(`${kept}; ${asked}.`, cites) : pass(`${kept}; ${asked}.`, cites);
}

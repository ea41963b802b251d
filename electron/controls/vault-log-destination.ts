import { evidenceRequired, exception, pass, results, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { policyText } from './policy-text.ts';
import { throughout } from './throughout.ts';
import { clusters, logPlace } from './vault-clusters.ts';
import { deviceText, handledLogs, statedText, type HandledLog } from './vault-log-handling.ts';

const ID = 'vault-log-destination';
/** Devices that write over the network: what they write to is where the log goes. */
const NETWORK = new Set(['socket', 'http']);

/** Audit logs leave the nodes for where the client keeps its logs. */
export const vaultLogDestination: Control = {
  id: ID,
  title: 'Audit logs of Vault go to an approved central destination',
  finding: 'logging',
  criteria: ['CC7.2'],
  question: 'Does the log of the audit device end at a destination on the approved list?',
  method:
    'Read where each audit device writes (sys/audit). A socket or HTTP device writes to its destination itself. What ships a file or syslog from the node is not shown by Vault: compare the destination that the client states with the approved log destinations, and say by whom and with which evidence it is stated.',
  permissions: ['sys/audit [read, sudo]'],
  remediation:
    'Ship the log to a central destination that is approved, and provide the configuration of what ships it (keywitness audit-log state).',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-9(2)' }],
  appliesTo: 'audit devices of Vault and OpenBao',
  test: (context) => {
    const places = new Map(clusters(context).map((cluster) => [cluster.id, logPlace(cluster)]));
    return handledLogs(context).flatMap((log) => {
      const { id, account, region } = log.route;
      const now = answerNow(context, log);
      const period = throughout(context, {
        ...{ subject: id, account, region: places.get(account) ?? region, settings: ['logging'] },
        ...{ created: null, now, what: 'the audit device wrote to an approved destination' },
      });
      return results(ID, 'log store', id, { collection: now, period });
    });
  },
};

function answerNow({ engagement }: ControlContext, { route, stated, cites }: HandledLog): Answer {
  const { approvedLogDestinations: approved } = engagement.parameters;
  const own = route.destinations.filter(({ kind }) => NETWORK.has(kind)).map(({ id }) => id);
  const told = stated?.value.destination ?? null;
  if (own.length === 0 && (stated === null || told === null)) {
    return evidenceRequired(
      `The log of ${deviceText(route)} is shipped from there by something that Vault does not show. The configuration of what ships it, or the client’s statement, is required.`,
      cites,
    );
  }
  const where = [...own, ...(told === null ? [] : [told])];
  const how = told === null || stated === null ? '' : ` (${statedText(stated)})`;
  if (approved.value.length === 0) {
    return evidenceRequired(
      `The log of ${deviceText(route)} goes to ${where.join(' and ')}${how}; the engagement records no approved log destinations. The client’s list is required.`,
      cites,
    );
  }
  const wanted = new Set(approved.value.map((name) => name.toLowerCase()));
  const hit = where.find(
    (one) => wanted.has(one.toLowerCase()) || wanted.has(one.toLowerCase().split(':')[0]!),
  );
  return hit === undefined
    ? exception(
        `The log of ${deviceText(route)} goes to ${where.join(' and ')}${how}, which is not on the approved list (${policyText(approved)}).`,
        cites,
      )
    : pass(
        `The log of ${deviceText(route)} goes to ${hit}${how}, which is on the approved list (${policyText(approved)}).`,
        cites,
      );
}

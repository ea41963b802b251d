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
import { clusters, clusterSetting } from './vault-clusters.ts';
import { handledLogs, statedText } from './vault-log-handling.ts';

const ID = 'vault-change-alerts';

/** Somebody is told when keys, policies or audit devices change. */
export const vaultChangeAlerts: Control = {
  id: ID,
  title: 'Changes of Vault keys raise an alert',
  finding: 'logging',
  criteria: ['CC7.2', 'CC7.3'],
  question: 'Is somebody told when a key, a policy or an audit device of the cluster is changed?',
  method:
    'Vault raises no alerts: what reads its audit log must. Without an audit device nothing can. For each cluster, take the rule that the client states for one of its audit logs, and say by whom and with which evidence it is stated. Changes to watch: keys/* of transit engines (config, rotate, delete, import), sys/policies, sys/audit, sys/auth, sys/mounts.',
  permissions: ['sys/audit [read, sudo]'],
  remediation:
    'Add a rule on these paths where the audit log is shipped to, and provide it as evidence (keywitness audit-log state).',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'SI-4(5)' }],
  appliesTo: 'Vault and OpenBao clusters',
  test: (context) =>
    clusters(context).flatMap(({ id }) => results(ID, 'account', id, both(answer(context, id)))),
};

function answer(context: ControlContext, cluster: string): Answer {
  const logs = handledLogs(context).filter(({ route }) => route.account === cluster);
  const cites = logs.flatMap((log) => log.cites);
  const alerting = logs.find(({ stated }) => stated !== null && stated.value.alerts !== null);
  if (alerting?.stated) {
    return pass(
      `Changes in ${cluster} raise an alert: ${alerting.stated.value.alerts}, from the log of audit device ${alerting.route.name} (${statedText(alerting.stated)}).`,
      cites,
    );
  }
  const asked = clusterSetting(context, cluster, 'audit devices');
  if (asked?.status !== 'set') {
    const why = asked ? (asked.code ?? asked.status) : 'not asked';
    return undetermined(
      `Audit devices of ${cluster}, from whose logs alerts would come, could not be read (${why}).`,
      asked ? [asked.seq] : [],
      asked?.code ?? null,
    );
  }
  if (logs.length === 0)
    return exception(`${cluster} has no audit device: nothing could raise an alert.`, [asked.seq]);
  return evidenceRequired(
    `What alerts on the audit logs of ${cluster} is not shown by Vault. The rule where they are shipped to, or the client’s statement, is required.`,
    cites,
  );
}

import { logRoutes } from '../../db/derived/log-routes.ts';
import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { changeText, throughout } from './throughout.ts';
import { clusters, clusterSetting, logPlace } from './vault-clusters.ts';

const ID = 'audit-devices';

/** Requests are recorded, by more than one device. */
export const auditDevices: Control = {
  id: ID,
  title: 'Vault audit devices record every request, in two places',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Does the cluster have audit devices, and more than one?',
  method:
    'Read sys/audit. Without a device nothing is recorded; with one, its failure stops the cluster, or its loss is the loss of the record. For the period, read logged requests that enable or disable a device.',
  permissions: ['sys/audit [read, sudo]'],
  remediation: 'Enable a second audit device that writes to another place (vault audit enable).',
  standards: [{ name: 'HashiCorp Vault', version: 'audit devices', ref: 'enable multiple devices' }],
  appliesTo: 'Vault and OpenBao clusters',
  test: (context) =>
    clusters(context).flatMap((cluster) => {
      const now = answerNow(context, cluster.id);
      const period = throughout(context, {
        ...{ subject: cluster.id, account: cluster.id, region: logPlace(cluster), created: null, now },
        settings: ['audit devices'],
        what: 'two audit devices or more recorded every request',
        bad: (change, until) =>
          change.event === 'audit/delete'
            ? `An audit device was disabled (${changeText(change)}); the next change is of ${day(until)}.`
            : null,
      });
      return results(ID, 'account', cluster.id, { collection: now, period });
    }),
};

function answerNow(context: ControlContext, cluster: string): Answer {
  const asked = clusterSetting(context, cluster, 'audit devices');
  if (asked?.status !== 'set') {
    const why = asked ? (asked.code ?? asked.status) : 'not asked';
    return undetermined(
      `Audit devices of ${cluster} could not be read (${why}).`,
      asked ? [asked.seq] : [],
      asked?.code ?? null,
    );
  }
  const devices = logRoutes(context.db, context.snapshot).filter(
    (route) => route.provider === 'vault' && route.account === cluster,
  );
  const names = devices.map((device) => device.name).join(', ');
  if (devices.length === 0) return exception('No audit device is enabled: nothing is recorded.', [asked.seq]);
  if (devices.length === 1) {
    return exception(`Only one audit device is enabled (${names}): what it loses is lost.`, [asked.seq]);
  }
  return pass(`${devices.length} audit devices are enabled: ${names}.`, [asked.seq]);
}

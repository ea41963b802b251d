import { logRoutes, type LogRouteRow } from '../../db/derived/log-routes.ts';
import { exception, pass, results, type Answer, type Control } from './control.ts';
import { throughout } from './throughout.ts';
import { clusters, logPlace } from './vault-clusters.ts';

const ID = 'audit-device-options';

/** Options of audit devices weaken neither secrecy nor the record. */
export const auditDeviceOptions: Control = {
  id: ID,
  title: 'Audit devices hash secrets and record whole entries',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Does an option of the audit device write secrets in the clear, or leave something out?',
  method:
    'Read the options of every audit device (sys/audit): log_raw writes secrets in the clear, hmac_accessor=false writes token accessors, elide_list_responses, filter and exclude leave parts out. For the period, read logged requests to the device.',
  permissions: ['sys/audit [read, sudo]'],
  remediation: 'Enable a device without the option beside it, then disable this one.',
  standards: [{ name: 'HashiCorp Vault', version: 'audit devices', ref: 'common configuration options' }],
  appliesTo: 'audit devices',
  test: (context) => {
    const byId = new Map(clusters(context).map((cluster) => [cluster.id, cluster]));
    return logRoutes(context.db, context.snapshot)
      .filter((route) => route.provider === 'vault')
      .flatMap((route) => {
        const now = answerNow(route);
        const cluster = byId.get(route.account);
        const period = throughout(context, {
          ...{ subject: route.id, account: route.account, created: null, now },
          ...{ region: cluster ? logPlace(cluster) : route.region, settings: ['logging'] },
          what: 'the device hashed secrets and recorded whole entries',
        });
        return results(ID, 'log store', route.id, { collection: now, period });
      });
  },
};

function answerNow({ name, detail, seq }: LogRouteRow): Answer {
  const options = (detail.options ?? {}) as Record<string, string | boolean | undefined>;
  const is = (option: string, value: string): boolean =>
    String(options[option] ?? '').toLowerCase() === value;
  const weak = [
    ...(is('log_raw', 'true') ? ['log_raw is on: secrets are written in the clear'] : []),
    ...(is('hmac_accessor', 'false')
      ? ['hmac_accessor is off: token accessors are written in the clear']
      : []),
    ...(is('elide_list_responses', 'true')
      ? ['elide_list_responses is on: answers to lists are left out']
      : []),
    ...['filter', 'exclude'].flatMap((option) =>
      options[option] === undefined || options[option] === ''
        ? []
        : [`${option} leaves entries or members out`],
    ),
  ];
  return weak.length > 0
    ? exception(`Audit device ${name}: ${weak.join('; ')}.`, [seq])
    : pass(`Audit device ${name} hashes secrets and records whole entries.`, [seq]);
}

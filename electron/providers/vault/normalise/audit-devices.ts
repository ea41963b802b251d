import type { Answer, JsonObject } from '../../../derive/answer.ts';
import type { KeyRows } from '../../../derive/key-rows.ts';
import { ROOT } from '../ask-vault.ts';
import { scopeOfAnswer } from './place.ts';
import { asObject, dataOf, text } from './wire.ts';

/** Id of an audit device's route: `<cluster>/<path of the device>`. */
export const deviceId = (cluster: string, path: string): string => `${cluster}/${path}`;

/** Audit devices: each records every audited request of the cluster, uses of keys among them. */
export function auditDevices(answers: readonly Answer[], to: KeyRows): void {
  const insert = to.into('log_route', [
    ...['id', 'provider', 'source', 'account', 'region', 'subject', 'kind', 'name', 'key_events'],
    ...['destinations', 'created', 'detail', 'seq'],
  ]);
  const setting = to.into('cluster_setting', [
    ...['source', 'account', 'region', 'kind', 'name', 'status', 'code', 'value', 'seq'],
  ]);
  for (const answer of answers) {
    const { cluster } = scopeOfAnswer(answer.scope);
    const devices = Object.entries(dataOf(answer)).filter(([, value]) => text(asObject(value).type) !== null);
    // That there is none must be told apart from that it is not known.
    setting({
      ...{ source: answer.source, account: cluster, region: ROOT, kind: 'audit devices', name: '' },
      ...{
        status:
          answer.status === 'ok' ? 'set' : answer.status === 'not-applicable' ? 'absent' : answer.status,
      },
      ...{
        code: answer.code,
        value: answer.status === 'ok' ? JSON.stringify(devices.map(([path]) => path)) : null,
      },
      seq: answer.seq,
    });
    for (const [path, value] of devices) {
      const device = asObject(value);
      insert({
        ...{
          id: deviceId(cluster, path),
          provider: 'vault',
          source: answer.source,
          account: cluster,
          region: ROOT,
        },
        ...{
          subject: cluster,
          kind: 'audit device',
          name: path,
          key_events: eventsOf(device),
          created: null,
        },
        ...{
          destinations: JSON.stringify([destinationOf(device)]),
          detail: JSON.stringify(device),
          seq: answer.seq,
        },
      });
    }
  }
}

/** Paths of the audit devices in an answer of sys/audit, sorted. */
export function keysOfDevices(data: unknown): string[] {
  return Object.entries(asObject(data as JsonObject))
    .filter(([, value]) => text(asObject(value).type) !== null)
    .map(([path]) => path)
    .sort();
}

/** Filters of Vault Enterprise and OpenBao may keep entries from a device. */
function eventsOf(device: JsonObject): 'all' | 'partial' {
  return text(asObject(device.options).filter) === null ? 'all' : 'partial';
}

/** Where a device writes (api-docs/system/audit, docs/audit): file, syslog, socket; OpenBao also http. */
function destinationOf(device: JsonObject): { kind: string; id: string } {
  const options = asObject(device.options);
  const kind = text(device.type) ?? 'unknown';
  const id =
    text(options.file_path) ??
    text(options.path) ??
    text(options.address) ??
    text(options.uri) ??
    text(options.facility);
  return { kind, id: id ?? '' };
}

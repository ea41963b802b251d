import type { Answer, JsonObject } from '../../../derive/answer.ts';
import type { KeyRows } from '../../../derive/key-rows.ts';
import { scopeOfAnswer } from './place.ts';
import { asObject, dataOf, listed, pathOf, text } from './wire.ts';

/** What each answer sets, by its action. */
const KINDS: Readonly<Record<string, string>> = {
  Health: 'health',
  SealStatus: 'seal',
  Leader: 'leader',
  HaStatus: 'nodes',
  KeyStatus: 'barrier key',
  RotateConfig: 'barrier rotation',
  KeyringRotateConfig: 'barrier rotation',
  SanitizedConfig: 'configuration',
  AuditedRequestHeaders: 'audited request headers',
  LicenseStatus: 'license',
  ReplicationStatus: 'replication',
  ListManagedKeys: 'managed keys',
  ListRoleGoverningPolicies: 'role governing policies',
  ListEndpointGoverningPolicies: 'endpoint governing policies',
  ReadMountTune: 'secrets engine tuning',
  ReadKeysConfig: 'transit keys configuration',
  ReadCacheConfig: 'transit cache',
  ReadConfig: 'kv configuration',
};
/** Answers without an envelope. */
const BARE = new Set(['Health', 'SealStatus', 'Leader']);

/** Actions whose answers are settings of a cluster, an engine or an auth method. */
export const CLUSTER_ACTIONS = [...Object.keys(KINDS), 'ListMounts', 'ListAuthMethods'];

type Insert = (row: Record<string, string | number | null>) => void;

const settingsTable = (to: KeyRows): Insert =>
  to.into('cluster_setting', [
    'source',
    'account',
    'region',
    'kind',
    'name',
    'status',
    'code',
    'value',
    'seq',
  ]);

/** Settings of the cluster, its engines and auth methods, each as the server answered it. */
export function clusterSettings(action: string) {
  return (answers: readonly Answer[], to: KeyRows): void => {
    const insert = settingsTable(to);
    for (const answer of answers) {
      const { cluster, namespace } = scopeOfAnswer(answer.scope);
      // Health is asked before the cluster is known: it says which it is.
      const account = action === 'Health' ? (text(answer.body().cluster_id) ?? cluster) : cluster;
      const base = { source: answer.source, account, region: namespace, seq: answer.seq };
      if (action === 'ListMounts' || action === 'ListAuthMethods') {
        const kind = action === 'ListMounts' ? 'secrets engine' : 'auth method';
        for (const [path, value] of Object.entries(dataOf(answer))) {
          if (text(asObject(value).type) === null) continue;
          insert({
            ...base,
            kind,
            name: path.replace(/\/$/, ''),
            status: 'set',
            code: null,
            value: JSON.stringify(value),
          });
        }
        continue;
      }
      // Two products ask for one setting under two paths: the one that is answered counts.
      if (action === 'KeyringRotateConfig' && answer.status === 'not-applicable') continue;
      const value = valueOf(action, answer);
      insert({
        ...base,
        ...{ kind: KINDS[action]!, name: nameOf(action, answer) },
        status: value !== null ? 'set' : answer.status === 'not-applicable' ? 'absent' : answer.status,
        ...{ code: answer.code, value: value === null ? null : JSON.stringify(value) },
      });
    }
  };
}

function valueOf(action: string, answer: Answer): JsonObject | string[] | null {
  if (answer.status !== 'ok') return null;
  if (answer.op.includes('.List')) return listed(answer);
  return BARE.has(action) ? answer.body() : dataOf(answer);
}

/** The engine or type that an answer is about; empty for the cluster. */
function nameOf(action: string, answer: Answer): string {
  const path = pathOf(answer);
  switch (action) {
    case 'ReadMountTune':
      return path.replace(/^sys\/mounts\//, '').replace(/\/tune$/, '');
    case 'ListManagedKeys':
      return path.replace(/^sys\/managed-keys\//, '');
    case 'ReadKeysConfig':
      return path.replace(/\/config\/keys$/, '');
    case 'ReadCacheConfig':
      return path.replace(/\/cache-config$/, '');
    case 'ReadConfig':
      return path.replace(/\/config$/, '');
    default:
      return '';
  }
}

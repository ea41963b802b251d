import { all } from '../../collect/for-each.ts';
import { scopeOf } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { VaultOperation } from './operation.ts';
import type { VaultRun } from './vault-run.ts';

/** Where keys can be held for Vault (system/managed-keys). */
const MANAGED_KEY_TYPES = ['awskms', 'azurekeyvault', 'gcpckms', 'pkcs11'];

/** The cluster-wide questions with their paths. */
export const CLUSTER_QUESTIONS: readonly (readonly [VaultOperation, string])[] = [
  [sys.sealStatus, 'sys/seal-status'],
  [sys.leader, 'sys/leader'],
  [sys.haStatus, 'sys/ha-status'],
  [sys.keyStatus, 'sys/key-status'],
  [sys.rotateConfig, 'sys/rotate/config'],
  [sys.keyringRotateConfig, 'sys/rotate/keyring/config'],
  [sys.sanitizedConfig, 'sys/config/state/sanitized'],
  [sys.auditDevices, 'sys/audit'],
  [sys.requestHeaders, 'sys/config/auditing/request-headers'],
  [sys.license, 'sys/license/status'],
  [sys.replication, 'sys/replication/status'],
  ...MANAGED_KEY_TYPES.map((type) => [sys.managedKeys, `sys/managed-keys/${type}`] as const),
];

/** What holds for the whole cluster: seal, leader, barrier key, audit devices. Only the root namespace has it. */
export async function collectCluster(vault: VaultRun): Promise<void> {
  const { run, cluster, ask } = vault;
  if (run.source.namespace !== null) {
    await run.asking.note({
      scope: scopeOf(cluster, ''),
      op: null,
      what: 'namespace-not-collected',
      from: null,
      to: null,
      reason:
        'audit devices, seal and barrier key belong to the root namespace, and the source begins from another one',
    });
    return;
  }
  await all(CLUSTER_QUESTIONS.map(([op, path]) => ask(op, { namespace: '', path })));
}

import { all } from '../../collect/for-each.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import { createAgents } from '../../recorder/agents.ts';
import { collectAuditLogs } from './collect-audit-logs.ts';
import { collectAuth } from './collect-auth.ts';
import { collectCapabilities } from './collect-capabilities.ts';
import { collectCluster } from './collect-cluster.ts';
import { collectHashes } from './collect-hashes.ts';
import { collectIdentity } from './collect-identity.ts';
import { collectKv } from './collect-kv.ts';
import { collectMounts } from './collect-mounts.ts';
import { collectNamespaces } from './collect-namespaces.ts';
import { collectPolicies } from './collect-policies.ts';
import { collectTransit } from './collect-transit.ts';
import type { Prompter } from './secrets.ts';
import { signIn } from './sign-in.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * Collects one Vault or OpenBao cluster. The same snapshot always asks the same questions in the same words: what is
 * answered is not asked again, so running it once more is resuming it.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT, UNAVAILABLE, CANCELLED; a failure of one item is an exchange, never
 *   thrown
 */
export async function collectVault(run: SourceRun<VaultSource>, prompter: Prompter | null): Promise<void> {
  await withOwnAuthority(run, async (own) => {
    const signedIn = await signIn(own, prompter);
    const vault: VaultRun = { ...signedIn, run: own };
    await all([
      collectCluster(vault).then(() => collectHashes(vault, prompter)),
      collectAuditLogs(vault),
      collectNamespaces(vault).then((namespaces) =>
        all(namespaces.map((namespace) => collectNamespace(vault, namespace))),
      ),
    ]);
  });
}

async function collectNamespace(vault: VaultRun, namespace: string): Promise<void> {
  await all([
    collectMounts(vault, namespace).then(async (mounts) => {
      const transit = mounts.filter((mount) => mount.type === 'transit');
      const keys = await collectTransit(vault, namespace, transit);
      await all([
        collectCapabilities(vault, namespace, keys),
        ...mounts
          .filter((mount) => mount.kvVersion === 2)
          .map((mount) => collectKv(vault, namespace, mount.path)),
      ]);
    }),
    collectPolicies(vault, namespace),
    collectAuth(vault, namespace),
    collectIdentity(vault, namespace),
  ]);
}

/** Connections of this source: with its own certificate authority when it names one. */
export async function withOwnAuthority<T>(
  run: SourceRun<VaultSource>,
  work: (run: SourceRun<VaultSource>) => Promise<T>,
): Promise<T> {
  const { caFile } = run.source;
  if (caFile === null) return work(run);
  const agents = createAgents({ ...run.network, extraCaFile: caFile });
  try {
    return await work({ ...run, agents });
  } finally {
    agents.destroy();
  }
}

import { all } from '../../collect/for-each.ts';
import { scopeOf, type VaultOutput } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

/** A secrets engine that is collected. */
export interface Mount {
  /** Without a slash at its end. */
  path: string;
  type: string;
  /** 1 or 2 for KV; null for everything else. */
  kvVersion: 1 | 2 | null;
}

/** Engines that every namespace has and that hold no keys. */
const BUILT_IN = new Set(['system', 'ns_system', 'identity', 'ns_identity', 'cubbyhole', 'ns_cubbyhole']);

/** Secrets engines of a namespace, and the tuning of each. */
export async function collectMounts(vault: VaultRun, namespace: string): Promise<Mount[]> {
  const { run, cluster, ask } = vault;
  const listed = await ask(sys.mounts, { namespace, path: 'sys/mounts' });
  const mounts = listed.ok ? mountsIn(listed.output) : assumed(vault);
  const wanted = run.source.mounts;
  const left = mounts.filter((mount) => wanted !== null && !wanted.includes(mount.path));
  for (const { path, type } of left) {
    if (BUILT_IN.has(type)) continue;
    await run.asking.note({
      scope: scopeOf(cluster, namespace),
      op: null,
      what: 'mount-not-collected',
      from: null,
      to: null,
      reason: `the source does not name the ${type} engine at ${path}`,
    });
  }
  const taken = mounts.filter((mount) => !left.includes(mount) && !BUILT_IN.has(mount.type));
  await all(taken.map(({ path }) => ask(sys.mountTune, { namespace, path: `sys/mounts/${path}/tune` })));
  return taken;
}

function mountsIn(output: VaultOutput): Mount[] {
  return Object.entries(output.data ?? {})
    .filter((entry): entry is [string, { type: string; options?: unknown }] => {
      const value = entry[1];
      return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    })
    .map(([path, { type, options }]): Mount => {
      const kv = type === 'kv' || type === 'generic' || type === 'vault-plugin-secrets-kv';
      const version = (options as { version?: unknown } | null)?.version;
      return {
        path: path.replace(/\/$/, ''),
        type,
        kvVersion: !kv ? null : version === '2' || version === 2 ? 2 : 1,
      };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Mounts that the source names are asked for keys even when the list of mounts is refused. */
function assumed({ run }: VaultRun): Mount[] {
  return (run.source.mounts ?? []).map((path) => ({ path, type: 'transit', kvVersion: null }));
}

import { all, forEach } from '../../collect/for-each.ts';
import { keysOf, scopeOf, type VaultOutput } from './ask-vault.ts';
import type { Mount } from './collect-mounts.ts';
import { transit } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

/** A transit key as it was read; `data` is null when it was not. */
export interface FoundKey {
  mount: string;
  name: string;
  data: VaultOutput['data'];
}

/** Keys worked on at once in a mount: memory stays flat. */
const KEYS_AT_ONCE = 64;

/** Everything Vault says about the transit keys of a namespace. */
export async function collectTransit(
  vault: VaultRun,
  namespace: string,
  mounts: readonly Mount[],
): Promise<FoundKey[]> {
  const found = await Promise.all(mounts.map(({ path }) => collectEngine(vault, namespace, path)));
  return found.flat();
}

async function collectEngine(vault: VaultRun, namespace: string, mount: string): Promise<FoundKey[]> {
  const { run, cluster, ask } = vault;
  const [names] = await Promise.all([
    listKeys(vault, namespace, mount, 'start'),
    ask(transit.readKeysConfig, { namespace, path: `${mount}/config/keys` }),
    ask(transit.readCacheConfig, { namespace, path: `${mount}/cache-config` }),
  ]);
  run.asking.tracker.plan(transit.readKey, scopeOf(cluster, namespace), names.length);
  const found: FoundKey[] = [];
  await forEach(names, KEYS_AT_ONCE, async (name) => {
    const answer = await ask(transit.readKey, { namespace, path: `${mount}/keys/${name}` });
    found.push({ mount, name, data: answer.ok ? (answer.output.data ?? null) : null });
  });
  // The list again: keys that came or went meanwhile are the drift the pack reports.
  await all([listKeys(vault, namespace, mount, 'end')]);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listKeys(
  { ask }: VaultRun,
  namespace: string,
  mount: string,
  label: 'start' | 'end',
): Promise<string[]> {
  const names = keysOf(await ask(transit.listKeys, { namespace, path: `${mount}/keys`, label }));
  // `import` is a folder of the API, not a key.
  return names.filter((name) => !name.endsWith('/')).sort();
}

import { TRANSIT_ACTIONS } from '../../access/vault/index.ts';
import type { FoundKey } from './collect-transit.ts';
import { sys } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

/** Keys of a namespace that the check is made on: it proves our reading of policies, not each key. */
const KEYS_CHECKED = 100;
const PATHS_AT_ONCE = 500;

/** Paths through which a key can be reached, within its namespace, sorted. */
export function pathsOfKeys(keys: readonly Pick<FoundKey, 'mount' | 'name'>[]): string[] {
  const paths = keys.flatMap(({ mount, name }) =>
    TRANSIT_ACTIONS.flatMap(({ requests }) =>
      requests({ id: '', namespace: '', mount: `${mount}/`, name }).map(({ path }) => path),
    ),
  );
  return [...new Set(paths)].sort();
}

/** What the server says the collector itself may do to keys: our evaluation must say the same. */
export async function collectCapabilities(
  { ask }: VaultRun,
  namespace: string,
  keys: readonly FoundKey[],
): Promise<void> {
  const paths = pathsOfKeys(keys.slice(0, KEYS_CHECKED));
  for (let at = 0; at < paths.length; at += PATHS_AT_ONCE) {
    const body = { paths: paths.slice(at, at + PATHS_AT_ONCE) };
    await ask(sys.capabilitiesSelf, { namespace, path: 'sys/capabilities-self', body });
  }
}

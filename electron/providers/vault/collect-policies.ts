import { all, forEach } from '../../collect/for-each.ts';
import { keysOf } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

const AT_ONCE = 32;

/** ACL policies with their texts, and the names of Sentinel policies. */
export async function collectPolicies({ ask }: VaultRun, namespace: string): Promise<void> {
  const [listed] = await Promise.all([
    ask(sys.listPolicies, { namespace, path: 'sys/policies/acl' }),
    ask(sys.listRoleGoverning, { namespace, path: 'sys/policies/rgp' }),
    ask(sys.listEndpointGoverning, { namespace, path: 'sys/policies/egp' }),
  ]);
  // `root` is built in and has no text.
  const names = keysOf(listed).filter((name) => name !== 'root');
  await all([
    forEach(names, AT_ONCE, (name) => ask(sys.readPolicy, { namespace, path: `sys/policies/acl/${name}` })),
  ]);
}

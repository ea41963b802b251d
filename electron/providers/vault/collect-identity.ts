import { all, forEach } from '../../collect/for-each.ts';
import { keysOf } from './ask-vault.ts';
import { identity } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

const AT_ONCE = 32;

/** Identities of a namespace: entities, groups, and how auth methods name them. */
export async function collectIdentity({ ask }: VaultRun, namespace: string): Promise<void> {
  const [entities, groups] = await Promise.all([
    ask(identity.listEntities, { namespace, path: 'identity/entity/id' }),
    ask(identity.listGroups, { namespace, path: 'identity/group/id' }),
    ask(identity.listEntityAliases, { namespace, path: 'identity/entity-alias/id' }),
    ask(identity.listGroupAliases, { namespace, path: 'identity/group-alias/id' }),
  ]);
  await all([
    forEach(keysOf(entities), AT_ONCE, (id) =>
      ask(identity.readEntity, { namespace, path: `identity/entity/id/${id}` }),
    ),
    forEach(keysOf(groups), AT_ONCE, (id) =>
      ask(identity.readGroup, { namespace, path: `identity/group/id/${id}` }),
    ),
  ]);
}

import { all, forEach } from '../../collect/for-each.ts';
import { keysOf, scopeOf } from './ask-vault.ts';
import { roleFolders } from './auth-roles.ts';
import { auth, sys } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

const AT_ONCE = 32;

/** Auth methods of a namespace with their roles, users and groups. */
export async function collectAuth(vault: VaultRun, namespace: string): Promise<void> {
  const { ask } = vault;
  const listed = await ask(sys.authMethods, { namespace, path: 'sys/auth' });
  if (!listed.ok) return;
  const methods = Object.entries(listed.output.data ?? {})
    .filter((entry): entry is [string, { type: string }] => typeof typeOf(entry[1]) === 'string')
    .map(([path, { type }]) => ({ mount: path.replace(/\/$/, ''), type }))
    .sort((a, b) => (a.mount < b.mount ? -1 : 1));
  await all(methods.map(({ mount, type }) => collectMethod(vault, namespace, mount, type)));
}

async function collectMethod(vault: VaultRun, namespace: string, mount: string, type: string): Promise<void> {
  const { run, cluster, ask } = vault;
  const folders = roleFolders(type);
  if (folders === null) {
    await run.asking.note({
      scope: scopeOf(cluster, namespace),
      op: auth.listRoles.id,
      what: 'auth-method-not-read',
      from: null,
      to: null,
      reason: `where an auth method of type ${type} (auth/${mount}) keeps its roles is not known`,
    });
    return;
  }
  for (const { list, read } of folders) {
    const names = keysOf(await ask(auth.listRoles, { namespace, path: `auth/${mount}/${list}` }));
    await forEach(names.sort(), AT_ONCE, (name) =>
      ask(auth.readRole, { namespace, path: `auth/${mount}/${read}/${name}` }),
    );
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
}

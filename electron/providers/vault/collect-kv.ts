import { forEach } from '../../collect/for-each.ts';
import { keysOf } from './ask-vault.ts';
import { kv } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

const AT_ONCE = 16;

/** Configuration of a KV version 2 engine, and the metadata of its secrets. Values are never read. */
export async function collectKv(vault: VaultRun, namespace: string, mount: string): Promise<void> {
  const { run, ask } = vault;
  await ask(kv.readConfig, { namespace, path: `${mount}/config` });
  if (!run.source.kvMetadata) return;
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const path = `${mount}/metadata${folder === '' ? '' : `/${folder}`}`;
    const names = keysOf(await ask(kv.listMetadata, { namespace, path })).sort();
    const inside = folder === '' ? '' : `${folder}/`;
    folders.push(...names.filter((name) => name.endsWith('/')).map((name) => inside + name.slice(0, -1)));
    await forEach(
      names.filter((name) => !name.endsWith('/')),
      AT_ONCE,
      (name) => ask(kv.readMetadata, { namespace, path: `${mount}/metadata/${inside}${name}` }),
    );
  }
}

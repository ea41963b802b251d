import { ROOT, keysOf, scopeOf } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { VaultRun } from './vault-run.ts';

/** Deeper than anybody nests: a server that answers without end must not hold us for ever. */
const MOST_NAMESPACES = 10_000;

/**
 * The namespaces to collect, the first one before those below it. All are listed also when the source names some, so
 * that those left out are told. The root namespace is the empty text.
 */
export async function collectNamespaces(vault: VaultRun): Promise<string[]> {
  const { run, cluster, ask } = vault;
  const wanted = run.source.namespaces?.map((path) => (path === ROOT ? '' : path)) ?? null;
  const found = [run.source.namespace ?? ''];
  for (let next = 0; next < found.length && found.length < MOST_NAMESPACES; next += 1) {
    const parent = found[next]!;
    const names = keysOf(await ask(sys.namespaces, { namespace: parent, path: 'sys/namespaces' }));
    for (const name of names.sort()) {
      const path = [parent, name.replace(/\/$/, '')].filter((part) => part !== '').join('/');
      if (!found.includes(path)) found.push(path);
    }
  }
  if (wanted === null) return found;
  for (const namespace of found.filter((path) => !wanted.includes(path))) {
    await run.asking.note({
      scope: scopeOf(cluster, namespace),
      op: null,
      what: 'namespace-not-collected',
      from: null,
      to: null,
      reason: 'the source does not name this namespace',
    });
  }
  // Also those that could not be listed: they are asked, and what is refused is a gap.
  return wanted;
}

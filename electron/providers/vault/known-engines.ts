import type { ReadableDb } from '../../../db/handle.ts';
import { entries } from '../../../db/ledger/read.ts';
import { replay } from '../../recorder/finals.ts';
import { ROOT } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { KnownMount } from './policy.ts';

/**
 * Secrets engines, auth methods and namespaces of a Vault source, as the ledger last knows them: from a collection or a
 * test. Null when nothing was asked yet.
 */
export function knownEngines(
  db: ReadableDb,
  source: string | null,
): { mounts: KnownMount[]; auth: KnownMount[]; namespaces: string[] } | null {
  const mounts = new Map<string, KnownMount>();
  const methods = new Map<string, KnownMount>();
  const namespaces = new Set<string>();
  for (const [op, found] of [
    [sys.mounts.id, mounts],
    [sys.authMethods.id, methods],
  ] as const) {
    for (const { seq, facts } of entries(db, 'exchange', { op })) {
      if (facts.outcome !== 'ok' || (source !== null && facts.source !== source)) continue;
      const namespace = facts.scope.slice(facts.scope.indexOf('/') + 1);
      if (namespace !== ROOT) namespaces.add(namespace);
      for (const mount of mountsIn(replay(db, seq).body)) found.set(mount.path, mount);
    }
  }
  if (mounts.size === 0 && methods.size === 0) return null;
  return { mounts: [...mounts.values()], auth: [...methods.values()], namespaces: [...namespaces].sort() };
}

function mountsIn(body: Buffer | null): KnownMount[] {
  const { data } = JSON.parse(body?.toString('utf8') || '{}') as { data?: Record<string, unknown> };
  return Object.entries(data ?? {}).flatMap(([path, value]) => {
    const { type, options } = (value ?? {}) as { type?: unknown; options?: { version?: unknown } | null };
    if (typeof type !== 'string') return [];
    const version = typeof options?.version === 'string' ? options.version : null;
    return [{ path: path.replace(/\/$/, ''), type, version }];
  });
}

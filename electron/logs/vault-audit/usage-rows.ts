import type { UsageEventRow } from '../../../db/derived/events.ts';
import { keyId, namespacePath, principalId, regionOf } from '../../providers/vault/normalise/place.ts';
import type { AuditEntry } from './parse-entry.ts';
import type { Happening } from './what-happened.ts';

/** The service of all events of Vault. */
export const VAULT = 'vault';

/** The row that one line gives. `cluster`: the cluster the file is of, which the line does not say; may be empty. */
export function toUsageRow(
  entry: AuditEntry,
  happened: Happening,
  cluster: string,
  n: number,
): UsageEventRow {
  const { key } = happened;
  const { namespace } = entry;
  return {
    ...{ n, k: 0, time: entry.time, eventId: entry.id, service: VAULT, name: happened.name },
    account: cluster,
    region: key ? regionOf(namespace, key.mount) : namespace,
    key: key ? keyId(cluster, namespace, key.mount, key.name) : null,
    principal: principalOf(entry, cluster),
    actor: entry.displayName || entry.accessor || 'unknown',
    actorType: entry.policies.includes('root') ? 'root token' : (entry.tokenType ?? ''),
    actorAccount: namespace,
    invokedBy: null,
    sourceIp: entry.remoteAddress,
    userAgent: '',
    error: errorOf(entry.error),
    readOnly: entry.operation === 'read' || entry.operation === 'list',
    change: happened.change,
    requestId: entry.id || null,
    copyById: true,
    outcomeKnown: entry.type === 'response',
  };
}

/**
 * What rights are given to: of an AppRole sign-in the role (a token of one is named like the mount of its method), else the
 * entity, whose id logs write in the clear; without one the token's name.
 */
function principalOf(entry: AuditEntry, cluster: string): string {
  const { entityId, roleName, displayName, policies, namespace } = entry;
  if (roleName !== null && /^[^-/]+$/.test(displayName)) {
    return principalId(cluster, `${namespacePath(namespace)}auth/${displayName}/${roleName}`);
  }
  if (entityId) return principalId(cluster, `identity/entity/${entityId}`);
  if (policies.includes('root')) return principalId(cluster, 'root-token');
  return principalId(cluster, `token/${displayName || 'unknown'}`);
}

/** The server's words, short: `permission denied`. */
function errorOf(error: string | null): string | null {
  if (error === null) return null;
  const words = error
    .replace(/\d+ errors? occurred:/g, '')
    .replace(/\s*\n\s*\*?\s*/g, ' ')
    .trim();
  return words.slice(0, 100) || 'error';
}

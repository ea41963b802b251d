import type { ReadableDb } from '../../../db/handle.ts';
import { buildAcl, capabilitiesOf, parseVaultPolicy, type VaultIdentity } from '../../access/vault/index.ts';
import { namespacePath, scopeOfAnswer } from '../../providers/vault/normalise/place.ts';
import { ROOT } from '../../providers/vault/ask-vault.ts';
import type { Answer } from '../answer.ts';
import type { ClusterAccess } from './access-input.ts';

/** How our reading of policies compares with the server's, for the collector itself. */
export interface CapabilitiesCheck {
  /** Paths compared, and those on which the two differ. */
  compared: number;
  different: { path: string; server: string; ours: string }[];
  /** Why nothing could be compared; null when something was. */
  notCompared: string | null;
  cites: number[];
}

interface Caller {
  policies?: string[];
  identityPolicies?: string[];
  namespace?: string;
  userId?: string;
}

/**
 * Compares what the server says the collector may do (sys/capabilities-self) with what our evaluator makes of the same
 * policies: one more reason to believe what it says of everybody else.
 */
export function checkCapabilities(
  db: ReadableDb,
  answers: readonly Answer[],
  { cluster, input }: ClusterAccess,
): CapabilitiesCheck {
  const check: CapabilitiesCheck = { compared: 0, different: [], notCompared: null, cites: [] };
  const own = answers.filter(
    ({ status, scope }) => status === 'ok' && scopeOfAnswer(scope).cluster === cluster,
  );
  if (own.length === 0) return { ...check, notCompared: 'sys/capabilities-self was not answered' };
  for (const answer of own) {
    const caller = callerOf(db, answer.seq);
    const home = namespacePath(caller.namespace || ROOT);
    const policies = input.namespaces.find(({ path }) => path === home)?.policies ?? [];
    const names = [...new Set([...(caller.policies ?? []), ...(caller.identityPolicies ?? [])])];
    const held = names.map((name) => {
      const text = policies.find((policy) => policy.name === name)?.text ?? null;
      return name === 'root' ? { name, text: '' } : { name, text };
    });
    const unread = held.find(({ text }) => text === null);
    if (unread) return { ...check, notCompared: `policy ${unread.name} of the collector was not read` };
    const acl = buildAcl(
      held.map(({ name, text }) => ({ policy: parseVaultPolicy(name, text!), namespace: home })),
      identityOf(input, caller),
      input.at,
    );
    check.cites.push(answer.seq);
    const prefix = namespacePath(scopeOfAnswer(answer.scope).namespace);
    const data = answer.body().data;
    const said = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
    for (const path of pathsOf(answer)) {
      const server = said[path];
      if (!Array.isArray(server)) continue;
      const ours = capabilitiesOf(acl, prefix + path).join(', ');
      const theirs = (server as unknown[]).map(String).sort().join(', ');
      check.compared += 1;
      if (ours !== theirs) check.different.push({ path: prefix + path, server: theirs, ours });
    }
  }
  return check;
}

function pathsOf(answer: Answer): string[] {
  const { paths } = answer.params();
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

function callerOf(db: ReadableDb, seq: number): Caller {
  const text = db
    .prepare<[number], string>("SELECT value FROM disclosure WHERE seq = ? AND field = 'caller'")
    .pluck()
    .get(seq);
  return text === undefined ? {} : (JSON.parse(text) as Caller);
}

function identityOf({ namespaces }: ClusterAccess['input'], { userId }: Caller): VaultIdentity {
  const entity = namespaces.flatMap((ns) => ns.entities ?? []).find(({ id }) => id === userId);
  if (!entity) return { groups: [] };
  const all = namespaces.flatMap((ns) => ns.groups ?? []);
  const groups = all.filter((group) => group.member_entity_ids?.includes(entity.id));
  for (const inner of groups) {
    for (const outer of all) {
      if (!groups.includes(outer) && outer.member_group_ids?.includes(inner.id)) groups.push(outer);
    }
  }
  return { entity, groups };
}

import type { Answer } from '../../../derive/answer.ts';
import type { KeyRows } from '../../../derive/key-rows.ts';
import { roleFolders } from '../auth-roles.ts';
import { namespacePath, scopeOfAnswer } from './place.ts';
import { asObject, dataOf, moment, pathOf, text } from './wire.ts';

/** Kinds of rows in `principal`, all with the server's own answer as detail. */
export type VaultPrincipalKind = 'policy' | 'auth role' | 'entity' | 'group';

function principalTable(to: KeyRows) {
  const insert = to.into('principal', [
    ...['source', 'account', 'kind', 'id', 'name', 'unique_id', 'created', 'detail', 'seq'],
  ]);
  return (
    answer: Answer,
    kind: VaultPrincipalKind,
    path: string,
    name: string,
    more: { uniqueId?: string | null; created?: string | null; detail: object },
  ): void => {
    const { cluster, namespace } = scopeOfAnswer(answer.scope);
    insert({
      ...{ source: answer.source, account: cluster, kind, id: `${namespacePath(namespace)}${path}`, name },
      ...{ unique_id: more.uniqueId ?? null, created: more.created ?? null },
      ...{ detail: JSON.stringify({ namespace, ...more.detail }), seq: answer.seq },
    });
  };
}

/** ReadPolicy: the text of each ACL policy. */
export function readPolicy(answers: readonly Answer[], to: KeyRows): void {
  const insert = principalTable(to);
  for (const answer of answers) {
    const name = pathOf(answer).replace(/^sys\/policies\/acl\//, '');
    if (answer.status !== 'ok') continue;
    const policy = text(dataOf(answer).policy) ?? '';
    insert(answer, 'policy', `sys/policies/acl/${name}`, name, { detail: { policy } });
  }
}

/** ReadRole: roles, users and groups of auth methods. The name is the last part of the path. */
export function readRole(answers: readonly Answer[], to: KeyRows): void {
  const insert = principalTable(to);
  for (const answer of answers) {
    if (answer.status !== 'ok') continue;
    const path = pathOf(answer);
    insert(answer, 'auth role', path, path.slice(path.lastIndexOf('/') + 1), {
      detail: { role: dataOf(answer) },
    });
  }
}

/** ReadEntity and ReadGroup: identities. */
export function readIdentity(kind: 'entity' | 'group') {
  return (answers: readonly Answer[], to: KeyRows): void => {
    const insert = principalTable(to);
    for (const answer of answers) {
      if (answer.status !== 'ok') continue;
      const data = dataOf(answer);
      insert(answer, kind, pathOf(answer), text(data.name) ?? '', {
        uniqueId: text(data.id),
        created: moment(data.creation_time),
        detail: { [kind]: asObject(data) },
      });
    }
  };
}

/** Mount and folder of a role's path: `auth/team/approle/role/x` with the methods' mounts known. */
export function mountOfRole(path: string, mounts: ReadonlyMap<string, string>): string | null {
  const rest = path.replace(/^auth\//, '');
  // The longest mount that fits: mounts may hold slashes.
  const fits = [...mounts].filter(([mount, type]) =>
    (roleFolders(type) ?? []).some(({ read }) => rest.startsWith(`${mount}/${read}/`)),
  );
  return fits.sort(([a], [b]) => b.length - a.length)[0]?.[0] ?? null;
}

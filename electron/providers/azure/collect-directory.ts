import { forEach } from '../../collect/for-each.ts';
import { allPages, type AzureRun } from './azure-run.ts';
import { graph } from './operations/index.ts';
import { IDS_AT_ONCE, type GraphObject } from './operations/graph.ts';
import { scopeOf } from './scope.ts';

const GROUPS_AT_ONCE = 8;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Stands for everyone in a deny assignment. */
const EVERYONE = '00000000-0000-0000-0000-000000000000';

/** Principals that something collected so far gives or refuses rights, by id. */
export interface NamedPrincipals {
  add(id: unknown): void;
  /** Lower case, in order. */
  ids(): string[];
}

export function namedPrincipals(): NamedPrincipals {
  const all = new Set<string>();
  return {
    add(id) {
      const known = typeof id === 'string' ? id.toLowerCase() : '';
      if (GUID.test(known) && known !== EVERYONE) all.add(known);
    },
    ids: () => [...all].sort(),
  };
}

/**
 * Who the principals are, and who is in the groups among them. Members are read group by group, not with
 * /transitiveMembers: the path through nested groups is part of the answer, and each group is asked once.
 */
export async function collectDirectory(azure: AzureRun): Promise<void> {
  const ids = azure.principals.ids();
  if (ids.length === 0) return;
  if (azure.run.source.readDirectory === false) return noteDeclined(azure);
  const groups: string[] = [];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const answer = await azure.ask(graph.getDirectoryObjects, { ids: ids.slice(at, at + IDS_AT_ONCE) });
    // Refused: the same permission would be missing for members.
    if (!answer.ok) return;
    groups.push(...groupsOf(answer.output.value));
  }
  await collectMembers(azure, groups);
}

async function collectMembers(azure: AzureRun, first: readonly string[]): Promise<void> {
  const asked = new Set<string>();
  let next = [...new Set(first)].sort();
  while (next.length > 0) {
    for (const group of next) asked.add(group);
    const nested: string[] = [];
    await forEach(next, GROUPS_AT_ONCE, async (group) => {
      const { items } = await allPages<GraphObject>(azure, graph.listGroupMembers, { group });
      nested.push(...groupsOf(items));
    });
    // Groups may contain each other.
    next = [...new Set(nested)].filter((group) => !asked.has(group)).sort();
  }
}

const groupsOf = (objects: readonly GraphObject[] | undefined): string[] =>
  (objects ?? []).flatMap((object) =>
    object['@odata.type'] === '#microsoft.graph.group' && object.id !== undefined
      ? [object.id.toLowerCase()]
      : [],
  );

function noteDeclined(azure: AzureRun): Promise<void> {
  return azure.run.asking.note({
    scope: scopeOf(azure.tenant, {}),
    op: graph.getDirectoryObjects.id,
    what: 'directory-not-read',
    from: null,
    to: null,
    reason:
      'the source is set not to read the directory: names of principals and members of groups are unknown',
  });
}

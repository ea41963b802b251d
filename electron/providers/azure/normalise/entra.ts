import type { AzureDirectory, DirectoryObject } from '../../../access/azure/model.ts';
import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { flag, list, text } from '../../aws/normalise/wire.ts';
import { listsOf } from './lists.ts';
import type { AzureTarget } from './target.ts';

type AnswersTo = (action: string) => readonly Answer[];

/** What Microsoft Graph told of principals and groups, with the ledger entries that hold it. */
export interface EntraDirectory extends AzureDirectory {
  /** Entries with names and kinds; those with the members of each group. */
  seqs: number[];
  memberSeqs: Map<string, number[]>;
}

const TYPES: Record<string, DirectoryObject['type']> = {
  '#microsoft.graph.user': 'User',
  '#microsoft.graph.group': 'Group',
  '#microsoft.graph.serviceprincipal': 'ServicePrincipal',
};

/** GetDirectoryObjects and ListGroupMembers; null when nothing of them was answered. */
export function entraDirectory(answersTo: AnswersTo, to: AzureTarget): EntraDirectory | null {
  const insert = to.into('principal', [
    ...['source', 'account', 'kind', 'id', 'name', 'unique_id', 'created', 'detail', 'seq'],
  ]);
  const objects = new Map<string, DirectoryObject>();
  const take = (item: JsonObject, answer: Answer): void => {
    const object = objectOf(item);
    if (!object || objects.has(object.id)) return;
    objects.set(object.id, object);
    const name = object.userPrincipalName ?? object.displayName ?? object.id;
    insert({
      ...{
        source: answer.source,
        account: answer.scope.split('/')[0],
        kind: KINDS[object.type],
        id: object.id,
      },
      ...{ name, unique_id: text(item.appId), created: null, detail: JSON.stringify(item), seq: answer.seq },
    });
  };
  const notFound: string[] = [];
  const seqs: number[] = [];
  for (const answer of answersTo('GetDirectoryObjects')) {
    if (answer.status !== 'ok') continue;
    seqs.push(answer.seq);
    const items = list(answer.body().value) as JsonObject[];
    const found = new Set(items.map((item) => text(item.id)?.toLowerCase()));
    for (const item of items) take(item, answer);
    for (const id of list(answer.params().ids)) {
      const asked = text(id)?.toLowerCase();
      if (asked && !found.has(asked)) notFound.push(asked);
    }
  }
  const members = new Map<string, string[]>();
  const memberSeqs = new Map<string, number[]>();
  for (const { first, items, complete } of listsOf(answersTo('ListGroupMembers'))) {
    const group = text(first.params().group)?.toLowerCase();
    if (!group) continue;
    for (const { item, answer } of items) take(item, answer);
    // Half a list is no list: whoever is missing from it would count as not in the group.
    if (!complete) continue;
    members.set(
      group,
      items.flatMap(({ item }) => text(item.id)?.toLowerCase() ?? []),
    );
    memberSeqs.set(group, [...new Set([first.seq, ...items.map(({ answer }) => answer.seq)])]);
  }
  if (seqs.length === 0 && members.size === 0) return null;
  return { objects: [...objects.values()], members, notFound, seqs, memberSeqs };
}

const KINDS: Record<DirectoryObject['type'], string> = {
  User: 'user',
  Group: 'group',
  ServicePrincipal: 'service principal',
};

function objectOf(item: JsonObject): DirectoryObject | null {
  const id = text(item.id)?.toLowerCase();
  const type = TYPES[(text(item['@odata.type']) ?? '').toLowerCase()];
  if (!id || !type) return null;
  return {
    id,
    type,
    displayName: text(item.displayName) ?? undefined,
    userPrincipalName: text(item.userPrincipalName) ?? undefined,
    userType: text(item.userType),
    accountEnabled: flag(item.accountEnabled),
    servicePrincipalType: text(item.servicePrincipalType),
    appOwnerOrganizationId: text(item.appOwnerOrganizationId),
  };
}

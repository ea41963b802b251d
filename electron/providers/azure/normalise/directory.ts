import type {
  DenyAssignment,
  RoleAssignment,
  RoleDefinition,
  ScheduleInstance,
} from '../../../access/azure/model.ts';
import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { text } from '../../aws/normalise/wire.ts';
import { listsOf, type List } from './lists.ts';
import type { AzureTarget } from './target.ts';

type AnswersTo = (action: string) => readonly Answer[];

/** One list of the directory of rights, with the ledger entries that hold it. */
export interface DirectoryList<T> {
  items: T[];
  seqs: number[];
  /** Why it is not known, or not whole; null when it is. */
  missing: string | null;
}

/** What gives and takes rights in one subscription. */
export interface SubscriptionRights {
  roleAssignments: DirectoryList<RoleAssignment>;
  roleDefinitions: DirectoryList<RoleDefinition>;
  denyAssignments: DirectoryList<DenyAssignment>;
  eligibilities: DirectoryList<ScheduleInstance>;
  activeInstances: DirectoryList<ScheduleInstance>;
}

/** Local roles of one managed HSM. */
export interface LocalRights {
  roleAssignments: DirectoryList<RoleAssignment>;
  roleDefinitions: DirectoryList<RoleDefinition>;
}

/** Rights by subscription id, and local ones by resource id of the managed HSM. */
export interface Directory {
  subscriptions: Map<string, SubscriptionRights>;
  local: Map<string, LocalRights>;
}

const SUBSCRIPTION = {
  roleAssignments: { action: 'ListRoleAssignments', kind: 'role assignment' },
  roleDefinitions: { action: 'ListRoleDefinitions', kind: 'role definition' },
  denyAssignments: { action: 'ListDenyAssignments', kind: 'deny assignment' },
  eligibilities: { action: 'ListRoleEligibilityScheduleInstances', kind: 'role eligibility' },
  activeInstances: { action: 'ListRoleAssignmentScheduleInstances', kind: 'role activation' },
} as const;
const LOCAL = {
  roleAssignments: { action: 'ListLocalRoleAssignments', kind: 'local role assignment' },
  roleDefinitions: { action: 'ListLocalRoleDefinitions', kind: 'local role definition' },
} as const;

/** Reads what gives rights, and writes each item as the provider has it. */
export function directory(answersTo: AnswersTo, to: AzureTarget): Directory {
  const insert = to.into('principal', [
    'source',
    'account',
    'kind',
    'id',
    'name',
    'unique_id',
    'created',
    'detail',
    'seq',
  ]);
  const written = new Set<string>();
  const write = (account: string, kind: string, item: JsonObject, answer: Answer): void => {
    const id = text(item.id)?.toLowerCase() ?? text(item.name);
    if (!id || written.has(`${account} ${kind} ${id}`)) return;
    written.add(`${account} ${kind} ${id}`);
    const properties = item.properties as JsonObject | undefined;
    const name = text(properties?.roleName) ?? text(properties?.principalId) ?? text(item.name) ?? id;
    insert({
      ...{ source: answer.source, account, kind, id, name, unique_id: text(item.name) },
      ...{ created: text(properties?.createdOn), detail: JSON.stringify(item), seq: answer.seq },
    });
  };

  const found: Directory = { subscriptions: new Map(), local: new Map() };
  for (const [name, { action, kind }] of Object.entries(SUBSCRIPTION)) {
    for (const list of listsOf(answersTo(action))) {
      const account = accountOf(list);
      const rights = found.subscriptions.get(account) ?? emptySubscription();
      found.subscriptions.set(account, rights);
      add(rights[name as keyof SubscriptionRights], list, action);
      for (const { item, answer } of list.items) write(account, kind, item, answer);
    }
  }
  for (const [name, { action, kind }] of Object.entries(LOCAL)) {
    for (const list of listsOf(answersTo(action))) {
      const vault = to.vaultOf(list.first);
      if (!vault) continue;
      const rights = found.local.get(vault.id) ?? {
        roleAssignments: none(LOCAL.roleAssignments.action),
        roleDefinitions: none(LOCAL.roleDefinitions.action),
      };
      found.local.set(vault.id, rights);
      add(rights[name as keyof LocalRights], list, action);
      for (const { item, answer } of list.items)
        write(`${vault.subscription}/${vault.name}`, kind, item, answer);
    }
  }
  return found;
}

/** Subscription of a list: where it was asked, or for a file what its items say. */
function accountOf({ first, items }: List): string {
  const asked = first.scope.split('/')[0];
  if (asked) return asked;
  for (const { item } of items) {
    const found = /^\/subscriptions\/([^/]+)/i.exec(
      text((item.properties as JsonObject | undefined)?.scope) ?? text(item.id) ?? '',
    );
    if (found) return found[1]!.toLowerCase();
  }
  return 'unknown';
}

const none = <T>(action: string): DirectoryList<T> => ({
  items: [],
  seqs: [],
  missing: `${action} was not asked`,
});

const emptySubscription = (): SubscriptionRights => ({
  roleAssignments: none(SUBSCRIPTION.roleAssignments.action),
  roleDefinitions: none(SUBSCRIPTION.roleDefinitions.action),
  denyAssignments: none(SUBSCRIPTION.denyAssignments.action),
  eligibilities: none(SUBSCRIPTION.eligibilities.action),
  activeInstances: none(SUBSCRIPTION.activeInstances.action),
});

function add(into: DirectoryList<unknown>, list: List, action: string): void {
  into.items.push(...list.items.map(({ item }) => item));
  for (const seq of new Set([list.first.seq, ...list.items.map(({ answer }) => answer.seq)]))
    into.seqs.push(seq);
  into.missing = list.complete
    ? null
    : `${action} was ${list.status}${list.code === null ? '' : ` (${list.code})`}`;
}

import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { asObject, flag, list, objects, text } from '../../aws/normalise/wire.ts';
import { listsOf } from './lists.ts';
import type { AzureTarget } from './target.ts';

/** Changes that somebody must be told about at once: of vaults, of who may, of what is recorded. */
export const WATCHED_CHANGES = [
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.KeyVault/vaults/delete',
  'Microsoft.Insights/diagnosticSettings/delete',
  'Microsoft.Authorization/roleAssignments/write',
] as const;

/** Operations of keys themselves, as the audit records name them. */
const WATCHED_KEY_OPERATIONS = ['KeyDelete', 'KeyPurge', 'KeyUpdate', 'KeyRotationPolicySet'];

/** ListActivityLogAlerts and ListScheduledQueryRules: who is told of which changes. */
export function alerts(answersTo: (action: string) => readonly Answer[], to: AzureTarget): void {
  const insert = to.into('alert', [
    ...['account', 'region', 'kind', 'name', 'enabled', 'covers', 'targets', 'detail', 'cites'],
  ]);
  const seen = new Set<string>();
  for (const [action, kind] of [
    ['ListActivityLogAlerts', 'activity log alert'],
    ['ListScheduledQueryRules', 'log query alert'],
  ] as const) {
    for (const { items, first } of listsOf(answersTo(action))) {
      for (const { item, answer } of items) {
        const name = text(item.id)?.toLowerCase() ?? text(item.name) ?? '';
        const account = first.scope.split('/')[0] ?? '';
        if (name === '' || seen.has(`${account} ${kind} ${name}`)) continue;
        seen.add(`${account} ${kind} ${name}`);
        const properties = asObject(item.properties);
        const covers =
          kind === 'activity log alert' ? coveredByAlert(properties) : coveredByQuery(properties);
        insert({
          ...{
            account,
            region: 'global',
            kind,
            name: text(item.name) ?? name,
            enabled: flag(properties.enabled) ?? true,
          },
          ...{ covers: JSON.stringify(covers), targets: JSON.stringify(targetsOf(properties)) },
          ...{ detail: JSON.stringify(item), cites: JSON.stringify([answer.seq]) },
        });
      }
    }
  }
}

/** All conditions must hold; one of a field other than these narrows it to less than the change. */
function coveredByAlert(properties: JsonObject): string[] {
  const conditions = objects(asObject(properties.condition).allOf);
  const fits = (operation: string): boolean =>
    conditions.every((condition) => {
      const any = objects(condition.anyOf);
      return any.length > 0 ? any.some((one) => holds(one, operation)) : holds(condition, operation);
    });
  return WATCHED_CHANGES.filter(fits);
}

function holds(condition: JsonObject, operation: string): boolean {
  const field = text(condition.field)?.toLowerCase();
  const values = [text(condition.equals), ...list(condition.containsAny).map((each) => text(each))].flatMap(
    (value) => value?.toLowerCase() ?? [],
  );
  const provider = operation.split('/')[0]!.toLowerCase();
  const type = operation.toLowerCase().split('/').slice(0, 2).join('/');
  switch (field) {
    case 'category':
      return values.includes('administrative');
    case 'operationname':
      return values.includes(operation.toLowerCase());
    case 'resourceprovider':
      return values.includes(provider);
    case 'resourcetype':
      return values.includes(type);
    // Every change ends in one of these; an alert on started ones hears of it too.
    case 'status':
      return values.some((value) => ['succeeded', 'started', 'accepted'].includes(value));
    case undefined:
    default:
      return false;
  }
}

/** Operations that the query of an alert names in full. */
function coveredByQuery(properties: JsonObject): string[] {
  const queries = objects(asObject(properties.criteria).allOf).flatMap((each) => text(each.query) ?? []);
  return [...WATCHED_CHANGES, ...WATCHED_KEY_OPERATIONS].filter((operation) =>
    queries.some((query) => query.toLowerCase().includes(operation.toLowerCase())),
  );
}

function targetsOf(properties: JsonObject): string[] {
  const { actions } = properties;
  const groups = asObject(actions).actionGroups ?? asObject(actions).actionGroupIds;
  return list(groups).flatMap((group) => text(asObject(group).actionGroupId) ?? text(group) ?? []);
}

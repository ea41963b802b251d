import type { Answer, Json, JsonObject } from '../../../derive/answer.ts';
import { asObject, flag, objects, text, whole } from '../../aws/normalise/wire.ts';
import { listsOf } from './lists.ts';
import type { AzureTarget } from './target.ts';

type AnswersTo = (action: string) => readonly Answer[];

/** Where a diagnostic setting sends records. */
interface Destination {
  kind: 'workspace' | 'storage account' | 'event hub' | 'partner';
  id: string;
}

/** Category and groups under which Key Vault records requests. `allLogs` holds every category, `audit` the audit ones. */
const AUDIT = new Set(['auditevent', 'audit', 'alllogs']);

/** Whether a diagnostic setting records requests to the vault, and why not. */
export function recordsKeyUse(properties: JsonObject): boolean {
  return objects(properties.logs).some(
    (log) =>
      flag(log.enabled) === true &&
      AUDIT.has((text(log.category) ?? text(log.categoryGroup) ?? '').toLowerCase()),
  );
}

/** ListDiagnosticSettings: the ways by which use of a vault's keys is recorded. */
export function logRoutes(answersTo: AnswersTo, to: AzureTarget): void {
  const insert = to.into('log_route', [
    ...['id', 'provider', 'source', 'account', 'region', 'subject', 'kind', 'name', 'key_events'],
    ...['destinations', 'created', 'detail', 'seq'],
  ]);
  const seen = new Set<string>();
  for (const { items } of listsOf(answersTo('ListDiagnosticSettings'))) {
    for (const { item, answer } of items) {
      const id = text(item.id)?.toLowerCase();
      const subject = id?.split('/providers/microsoft.insights/')[0];
      const vault = subject === undefined ? null : (to.vaults.get(subject) ?? to.vaultOf(answer));
      if (!id || !vault || seen.has(id)) continue;
      seen.add(id);
      const properties = asObject(item.properties);
      insert({
        ...{ id, provider: 'azure', source: answer.source, account: vault.subscription, region: vault.name },
        ...{ subject: vault.id, kind: 'diagnostic setting', name: text(item.name) ?? id },
        key_events: recordsKeyUse(properties) ? 'all' : 'none',
        destinations: JSON.stringify(destinationsOf(properties)),
        ...{ created: null, detail: JSON.stringify(item), seq: answer.seq },
      });
    }
  }
}

export function destinationsOf(properties: JsonObject): Destination[] {
  const found: [Destination['kind'], Json | undefined][] = [
    ['workspace', properties.workspaceId],
    ['storage account', properties.storageAccountId],
    ['event hub', properties.eventHubAuthorizationRuleId],
    ['partner', properties.marketplacePartnerId],
  ];
  return found.flatMap(([kind, value]) => {
    const id = text(value);
    return id === null ? [] : [{ kind, id: id.toLowerCase() }];
  });
}

/** GetWorkspace, GetWorkspaceTable, GetManagementPolicy: how long records are kept. */
export function logStoreSettings(answersTo: AnswersTo, to: AzureTarget): void {
  const insert = to.into('log_setting', ['kind', 'destination', 'setting', 'status', 'code', 'value', 'seq']);
  const seen = new Set<string>();
  const write = (answer: Answer, kind: string, setting: string, value: () => JsonObject | null): void => {
    const destination = text(answer.params().resource)?.toLowerCase();
    if (!destination || seen.has(`${destination} ${setting}`)) return;
    seen.add(`${destination} ${setting}`);
    const known = answer.status === 'ok' ? value() : null;
    const status =
      known !== null
        ? 'set'
        : answer.status === 'not-applicable' || answer.status === 'ok'
          ? 'absent'
          : answer.status;
    insert({
      ...{ kind, destination, setting, status, code: answer.code },
      ...{ value: known === null ? null : JSON.stringify(known), seq: answer.seq },
    });
  };
  for (const answer of answersTo('GetWorkspace')) {
    write(answer, 'workspace', 'retention', () => retention(answer, 'retentionInDays'));
  }
  for (const answer of answersTo('GetWorkspaceTable')) {
    const table = text(answer.params().table) ?? '';
    write(answer, 'workspace', `retention ${table}`, () => retention(answer, 'totalRetentionInDays'));
  }
  for (const answer of answersTo('GetManagementPolicy')) {
    write(answer, 'storage account', 'lifecycle', () => expiry(answer));
  }
  for (const answer of answersTo('GetStorageAccount')) {
    write(answer, 'storage account', 'properties', () => asObject(answer.body().properties));
  }
}

function retention(answer: Answer, member: string): JsonObject | null {
  const days = whole(asObject(answer.body().properties)[member]);
  return days === null ? null : { days };
}

/** The shortest time after which an enabled rule deletes records of key use. */
function expiry(answer: Answer): JsonObject | null {
  const { policy } = asObject(answer.body().properties);
  const days = objects(asObject(policy).rules)
    .filter((rule) => flag(rule.enabled) !== false)
    .flatMap((rule) => {
      const { filters, actions } = asObject(rule.definition);
      const prefixes = texts(asObject(filters).prefixMatch);
      const reaches =
        prefixes.length === 0 || prefixes.some((p) => CONTAINER.startsWith(p) || p.startsWith(CONTAINER));
      const { daysAfterModificationGreaterThan, daysAfterCreationGreaterThan } = asObject(
        asObject(asObject(actions).baseBlob).delete,
      );
      const after = whole(daysAfterModificationGreaterThan) ?? whole(daysAfterCreationGreaterThan);
      return reaches && after !== null ? [after] : [];
    });
  return days.length === 0 ? null : { days: Math.min(...days) };
}

const CONTAINER = 'insights-logs-auditevent';

const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.flatMap((each) => text(each) ?? []) : [];

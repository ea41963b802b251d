import { asText, type AzureRecord, type JsonObject } from '../azure-audit/record.ts';
import { timeOf, type DateOrder } from './times.ts';

/**
 * A row of the activity log as the portal's "Download as CSV" writes it. It names the operation in words only (`Create role
 * assignment`): its kind follows from its first word and the type of the resource.
 */
export function portalRecord(row: JsonObject, dates: DateOrder): AzureRecord | null {
  const of = (name: string): string =>
    asText(Object.entries(row).find(([column]) => column.toLowerCase() === name)?.[1]);
  const time = timeOf(of('time'), dates);
  const words = of('operation name');
  if (time === null || words === '') return null;
  const resource = of('resource');
  const type = of('resource type');
  const status = of('status');
  const caller = of('event initiated by');
  return {
    time: new Date(time).toISOString(),
    operation: type === '' ? words : `${type}/${verbOf(words)}`,
    resource: resource.startsWith('/')
      ? resource
      : resourceOf(of('subscription'), of('resource group'), type, resource),
    correlation: of('correlation id'),
    objectUri: null,
    ip: '',
    agent: '',
    oid: '',
    application: '',
    name: caller,
    error: /^(failed|failure|critical|error)$/i.test(status) ? 'Failed' : null,
    of: 'activity',
    requestId: null,
    service: type.split('/')[0] ?? '',
    unfinished: /^(started|start|accepted|accept)$/i.test(status),
  };
}

function verbOf(words: string): string {
  if (/^(delete|remove|purge)\b/i.test(words)) return 'delete';
  if (/^(create|update|write|set|add|put)\b/i.test(words)) return 'write';
  return /^(list|get|read)\b/i.test(words) ? 'read' : 'action';
}

/** The resource id that the columns spell out, where the last holds a name only. */
function resourceOf(subscription: string, group: string, type: string, name: string): string {
  const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(subscription)?.[0] ?? subscription;
  const top = `/subscriptions/${id}`;
  const inGroup = group === '' ? top : `${top}/resourceGroups/${group}`;
  return type === '' || name === '' ? inGroup : `${inGroup}/providers/${type}/${name}`;
}

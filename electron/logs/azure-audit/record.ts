import type { UsageEventRow } from '../../../db/derived/events.ts';
import type { ChangeSubject, LoggedRecord } from '../format.ts';
import { timeOf } from '../azure-csv/times.ts';
import { changesKey, isAudited, isWatchedActivity, readsOnly } from './operations.ts';

export type JsonObject = Record<string, unknown>;

/** An Azure record under the names that diagnostic export, either table and the activity log share. */
export interface AzureRecord {
  time: string;
  operation: string;
  /** Resource id of what was used or changed. */
  resource: string;
  correlation: string;
  /** Id or address of the object, for records of a vault. */
  objectUri: string | null;
  ip: string;
  agent: string;
  /** Object id, application id and name of the caller, as far as the record has them. */
  oid: string;
  application: string;
  name: string;
  /** Error code; null when it was done. */
  error: string | null;
  /** audit: of a vault. activity: of the subscription's activity log. other: of a service that concerns no key. */
  of: 'audit' | 'activity' | 'other';
  requestId: string | null;
  /** Provider that an activity belongs to. */
  service: string;
  /** An activity that only began, or was accepted: another record tells its end. */
  unfinished: boolean;
}

export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** What a record means. Null when it has no time or no operation. */
export function logged(record: AzureRecord): LoggedRecord | null {
  const time = timeOf(record.time);
  if (time === null || record.operation === '') return null;
  const audit = record.of === 'audit';
  const relevant = audit
    ? isAudited(record.operation)
    : record.of === 'activity' && isWatchedActivity(record.operation) && !record.unfinished;
  return {
    time,
    relevant,
    ofKeys: audit && record.operation.startsWith('Key'),
    rows: (n) => [row(record, time, n)],
    change: (key) => changeOf(record, key),
  };
}

function row(record: AzureRecord, time: number, n: number): UsageEventRow {
  const { operation, correlation, application, oid, name } = record;
  const place = placeOf(record);
  const audit = record.of === 'audit';
  const principal = (oid || application || name || 'unknown').toLowerCase();
  return {
    ...{ n, k: 0, time, eventId: correlation === '' ? '' : `${correlation} ${operation}`, name: operation },
    service: audit ? 'Microsoft.KeyVault' : record.service,
    ...place,
    key: audit ? keyOf(record.objectUri) : null,
    principal,
    actor: name || application || principal,
    actorType: name.includes('@') ? 'User' : application !== '' ? 'Application' : '',
    actorAccount: '',
    invokedBy: null,
    sourceIp: record.ip,
    userAgent: record.agent,
    error: record.error,
    readOnly: audit ? readsOnly(operation) : false,
    change: audit ? changesKey(operation) : true,
    requestId: record.requestId,
  };
}

/** Subscription and vault of a record; of an activity the subscription as a whole. */
export function placeOf({ resource, of }: Pick<AzureRecord, 'resource' | 'of'>): {
  account: string;
  region: string;
} {
  const [, , subscription = ''] = resource.toLowerCase().split('/');
  const vault = /\/providers\/microsoft\.keyvault\/(?:vaults|managedhsms)\/([^/]+)/i.exec(resource)?.[1];
  return { account: subscription, region: of === 'audit' && vault ? vault.toLowerCase() : 'global' };
}

/** The key an address names, without its version, as keys are identified; null when it names none. */
export function keyOf(uri: string | null): string | null {
  if (uri === null || !URL.canParse(uri)) return null;
  const { host, pathname } = new URL(uri);
  const [, collection, name] = pathname.split('/');
  if (!/^(keys|deletedkeys)$/i.test(collection ?? '') || !name) return null;
  return `https://${host.toLowerCase()}/keys/${decodeURIComponent(name).toLowerCase()}`;
}

function changeOf(record: AzureRecord, key: string | null): ChangeSubject | null {
  if (record.of === 'audit' && key !== null) return { subject: key, params: null };
  return { subject: record.resource.toLowerCase().replace(/\/+$/, ''), params: null };
}

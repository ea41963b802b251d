import { logSettings, type LogSettingRow } from '../../db/derived/logging.ts';
import type { ControlContext } from './context.ts';
import { logging, type TrailWithStatus } from './places.ts';

/** A place that trails deliver to, with the trails that do. */
export interface LogStore {
  kind: 'bucket' | 'log group';
  /** Bucket name, or log group ARN without `:*`. */
  name: string;
  trails: TrailWithStatus[];
  settings: Map<string, LogSettingRow>;
}

/** Every bucket and log group that a trail delivers to. */
export function logStores(context: ControlContext): LogStore[] {
  const stores = new Map<string, LogStore>();
  const add = (kind: LogStore['kind'], name: string, trail: TrailWithStatus): void => {
    const store: LogStore = stores.get(`${kind} ${name}`) ?? { kind, name, trails: [], settings: new Map() };
    store.trails.push(trail);
    stores.set(`${kind} ${name}`, store);
  };
  for (const trail of logging(context).trails) {
    if (trail.bucket !== null) add('bucket', trail.bucket, trail);
    if (trail.log_group !== null) add('log group', trail.log_group.replace(/:\*$/, ''), trail);
  }
  for (const row of logSettings(context.db, context.snapshot)) {
    stores.get(`${row.kind} ${row.destination}`)?.settings.set(row.setting, row);
  }
  return [...stores.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, store]) => store);
}

/** A setting as an object; null unless it is set. */
export function valueOf(row: LogSettingRow | undefined): Record<string, unknown> | null {
  return row?.status === 'set' && row.value !== null
    ? (JSON.parse(row.value) as Record<string, unknown>)
    : null;
}

/** True when the provider answered: the setting is set, or there is none. */
export function isKnown(row: LogSettingRow | undefined): boolean {
  return row?.status === 'set' || row?.status === 'absent';
}

/** XML writes one item of a list as an object and several as an array. */
export function items(value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
}

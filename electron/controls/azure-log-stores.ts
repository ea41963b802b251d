import { logRoutes } from '../../db/derived/log-routes.ts';
import { logSettings, type LogSettingRow } from '../../db/derived/logging.ts';
import type { ControlContext } from './context.ts';

/** A place that records of key use are sent to by diagnostic settings. */
export interface AzureLogStore {
  kind: string;
  /** Resource id, lower case. */
  id: string;
  /** Subscription of a vault that sends to it, and its name. */
  senders: { account: string; region: string }[];
  seqs: number[];
  settings: Map<string, LogSettingRow>;
}

/** Every destination of a diagnostic setting that records requests, in order of its id. */
export function azureLogStores(context: ControlContext): AzureLogStore[] {
  const stores = new Map<string, AzureLogStore>();
  for (const route of logRoutes(context.db, context.snapshot)) {
    if (route.provider !== 'azure' || route.key_events !== 'all') continue;
    for (const { kind, id } of route.destinations) {
      const store: AzureLogStore = stores.get(id) ?? { kind, id, senders: [], seqs: [], settings: new Map() };
      stores.set(id, store);
      store.senders.push({ account: route.account, region: route.region });
      store.seqs.push(route.seq);
    }
  }
  for (const row of logSettings(context.db, context.snapshot)) {
    stores.get(row.destination)?.settings.set(row.setting, row);
  }
  return [...stores.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The name that people know it by. */
export const storeName = ({ kind, id }: AzureLogStore): string => `${kind} ${id.split('/').at(-1) ?? id}`;

import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { asObject, text } from '../../aws/normalise/wire.ts';
import { resourceParts } from '../scope.ts';
import { listsOf } from './lists.ts';
import type { AzureTarget } from './target.ts';

/** A vault or managed HSM as the rows know it. */
export interface VaultFacts {
  /** Resource id, lower case. */
  id: string;
  kind: 'vault' | 'managed HSM';
  subscription: string;
  name: string;
  location: string | null;
  /** Host of its data plane, lower case; null when not known. */
  host: string | null;
  deleted: boolean;
  item: JsonObject;
  answer: Answer;
}

/** ListVaults, ListManagedHsms and their deleted ones: where keys are kept, and how that place is set up. */
export function vaultLists(answersTo: (action: string) => readonly Answer[], to: AzureTarget): void {
  const insert = to.into('key_store', [
    ...[
      'source',
      'account',
      'region',
      'id',
      'name',
      'type',
      'connection_state',
      'connection_error',
      'detail',
      'seq',
    ],
  ]);
  const lists = [
    { action: 'ListVaults', kind: 'vault', deleted: false },
    { action: 'ListManagedHsms', kind: 'managed HSM', deleted: false },
    { action: 'ListDeletedVaults', kind: 'vault', deleted: true },
    { action: 'ListDeletedManagedHsms', kind: 'managed HSM', deleted: true },
  ] as const;
  const seen = new Set<string>();
  for (const { action, kind, deleted } of lists) {
    for (const { items } of listsOf(answersTo(action))) {
      for (const { item, answer } of items) {
        const vault = factsOf(item, answer, kind, deleted);
        if (!vault || seen.has(`${vault.id} ${String(deleted)}`)) continue;
        seen.add(`${vault.id} ${String(deleted)}`);
        to.learnVault(vault);
        insert({
          ...{ source: answer.source, account: vault.subscription, region: vault.name },
          ...{ id: deleted ? text(item.id)!.toLowerCase() : vault.id, name: text(item.name), type: kind },
          ...{ connection_state: deleted ? 'deleted' : 'live', connection_error: null },
          ...{ detail: JSON.stringify(item), seq: answer.seq },
        });
      }
    }
  }
}

function factsOf(
  item: JsonObject,
  answer: Answer,
  kind: VaultFacts['kind'],
  deleted: boolean,
): VaultFacts | null {
  const properties = asObject(item.properties);
  const id = deleted ? (text(properties.vaultId) ?? text(properties.mhsmId)) : text(item.id);
  const parts = id === null ? null : resourceParts(id);
  if (!parts) return null;
  const uri = text(properties.vaultUri) ?? text(properties.hsmUri);
  return {
    id: id!.toLowerCase(),
    kind,
    subscription: parts.subscription,
    name: parts.name.toLowerCase(),
    location: text(item.location) ?? text(properties.location),
    host: uri !== null && URL.canParse(uri) ? new URL(uri).host.toLowerCase() : null,
    deleted,
    item,
    answer,
  };
}

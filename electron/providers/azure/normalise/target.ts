import type { WritableDb } from '../../../../db/handle.ts';
import { RULES_VERSION } from '../../../../db/derived/write.ts';
import type { Answer, Json } from '../../../derive/answer.ts';
import { KEY_OPERATIONS } from './key-operations.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { keyRows, type KeyRows } from '../../../derive/key-rows.ts';
import { resourceParts } from '../scope.ts';
import { text } from '../../aws/normalise/wire.ts';
import type { VaultFacts } from './vault-index.ts';

/** Where the Azure normalisers put rows, and what they tell one another. */
export interface AzureTarget extends KeyRows {
  learnVault: (vault: VaultFacts) => void;
  /** Every live vault, by resource id. */
  vaults: ReadonlyMap<string, VaultFacts>;
  /** The vault an answer is about: by its resource id, else by the host of its data plane. */
  vaultOf: (answer: Answer, host?: string | null) => VaultFacts | null;
  /** Makes sure the key has a row; gives its id. Null when its vault cannot be told. */
  keyIn: (vault: VaultFacts, name: string, answer: Answer) => string;
  /** The vault that a key's row belongs to. */
  vaultOfKey: ReadonlyMap<string, VaultFacts>;
  /** Type and permitted operations as Azure names them, by key. */
  shapes: Map<string, { kty: string | null; ops: readonly string[] }>;
  /** Rotation policies read so far, by key. */
  policies: Map<string, RotationPolicy>;
  tag: (key: string, name: string, value: string, seq: number) => void;
  /** A setting of a key that not every provider has. The last answer counts. */
  setting: (key: string, name: string, value: Json, answer: Answer) => void;
  /** Says of every question that it cannot be put to the key. */
  notPut: (key: string, why: string, answer: Answer) => void;
}

export function azureTarget(db: WritableDb, snapshot: string): AzureTarget {
  const rows = keyRows(db, snapshot);
  const vaults = new Map<string, VaultFacts>();
  const byHost = new Map<string, VaultFacts>();
  const vaultOfKey = new Map<string, VaultFacts>();
  const insertTag = db.prepare<(string | number)[]>(
    `INSERT INTO key_tag (snapshot, key, name, value, seq, rules) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, seq = excluded.seq`,
  );
  const insertSetting = db.prepare<(string | number)[]>(
    `INSERT INTO key_setting (snapshot, key, name, value, basis, seq, rules) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, basis = excluded.basis, seq = excluded.seq`,
  );
  return {
    ...rows,
    vaults,
    vaultOfKey,
    policies: new Map(),
    shapes: new Map(),
    tag(key, name, value, seq) {
      insertTag.run(snapshot, key, name, value, seq, RULES_VERSION);
    },
    setting(key, name, value, { basis, seq }) {
      insertSetting.run(snapshot, key, name, JSON.stringify(value), basis, seq, RULES_VERSION);
    },
    notPut(key, why, answer) {
      for (const { action } of KEY_OPERATIONS) {
        rows.answer(key, { ...answer, action }, why, 'not-applicable', null);
      }
    },
    learnVault(vault) {
      if (vault.deleted) return;
      vaults.set(vault.id, vault);
      if (vault.host !== null) byHost.set(vault.host, vault);
    },
    vaultOf(answer, host = null) {
      const resource = text(answer.params().resource);
      const known =
        (resource === null ? undefined : vaults.get(vaultIdOf(resource))) ??
        (host === null ? undefined : (byHost.get(host) ?? unaddressed(vaults, host)));
      if (known) return known;
      const made = madeUp(answer, resource, host);
      if (made) {
        vaults.set(made.id, made);
        if (made.host !== null) byHost.set(made.host, made);
      }
      return made;
    },
    keyIn(vault, name, answer) {
      const id = keyId(vault, name);
      vaultOfKey.set(id, vault);
      rows.ensureKey(
        {
          ...{ id, provider: 'azure', account: vault.subscription, region: vault.name },
          ...{ native_id: name, belongs: 'inventory' },
        },
        answer,
      );
      return id;
    },
  };
}

const vaultIdOf = (resource: string): string => resource.toLowerCase().split('/').slice(0, 9).join('/');

/**
 * The key identifier without its version: `https://<vault>.vault.azure.net/keys/<name>`, lower case, because Azure does
 * not tell the case of names apart. The host stands in for a vault whose own address is not known.
 */
export function keyId(vault: Pick<VaultFacts, 'host' | 'name' | 'kind'>, name: string): string {
  const host = vault.host ?? `${vault.name}.${vault.kind === 'vault' ? 'vault' : 'managedhsm'}.azure.net`;
  return `https://${host}/keys/${name.toLowerCase()}`;
}

/** A vault that a list named without its address: names are unique within a cloud. */
function unaddressed(vaults: ReadonlyMap<string, VaultFacts>, host: string): VaultFacts | undefined {
  return [...vaults.values()].find((vault) => vault.host === null && vault.name === host.split('.')[0]);
}

/** A vault that no list named: from its resource id in a question, or from an address in a file. */
function madeUp(answer: Answer, resource: string | null, host: string | null): VaultFacts | null {
  const parts = resource === null ? null : resourceParts(resource);
  const name = parts?.name.toLowerCase() ?? host?.split('.')[0];
  if (name === undefined) return null;
  const isHsm = /managedhsms/i.test(parts?.type ?? '') || (host ?? '').includes('.managedhsm.');
  return {
    id: resource === null ? `host:${host ?? ''}` : vaultIdOf(resource),
    kind: isHsm ? 'managed HSM' : 'vault',
    subscription: parts?.subscription ?? 'unknown',
    name,
    location: null,
    host,
    deleted: false,
    item: {},
    answer,
  };
}

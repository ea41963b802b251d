import type { Answer, JsonObject } from '../../../derive/answer.ts';
import type { KeyRows } from '../../../derive/key-rows.ts';
import { errorMessage } from './error-message.ts';
import { keyId, keyOfPath, regionOf, scopeOfAnswer } from './place.ts';
import { asObject, dataOf, listed, moment, pathOf, text, whole } from './wire.ts';

const DAY_SECONDS = 86_400;

/** Lists of transit keys, at the start and at the end of the collection, engine by engine. */
export function listKeys(answers: readonly Answer[], to: KeyRows): void {
  const insert = to.into('listing', [
    ...['source', 'account', 'region', 'label', 'pages', 'items', 'complete', 'status', 'code'],
    ...['first_seq', 'last_seq'],
  ]);
  for (const answer of answers) {
    const mount = pathOf(answer).replace(/\/keys$/, '');
    const { cluster, namespace } = scopeOfAnswer(answer.scope);
    const names = listed(answer).filter((name) => !name.endsWith('/'));
    // An empty list is an answer, and so is a path that the engine does not have.
    const complete = answer.status === 'ok' || answer.status === 'not-applicable';
    const label = answer.label === 'end' ? 'end' : 'start';
    insert({
      ...{ source: answer.source, account: cluster, region: regionOf(namespace, mount), label },
      ...{
        pages: 1,
        items: names.length,
        complete,
        status: complete ? 'ok' : answer.status,
        code: answer.code,
      },
      ...{ first_seq: answer.seq, last_seq: answer.seq },
    });
    for (const name of names) {
      const id = ensureKey(answer, mount, name, to);
      to.setKey(id, { [`listed_${label}`]: 1 });
    }
  }
}

function ensureKey(answer: Answer, mount: string, name: string, to: KeyRows): string {
  const { cluster, namespace } = scopeOfAnswer(answer.scope);
  const id = keyId(cluster, namespace, mount, name);
  to.ensureKey(
    {
      ...{ id, provider: 'vault', account: cluster, region: regionOf(namespace, mount) },
      ...{ native_id: `${mount}/keys/${name}`, belongs: 'inventory' },
    },
    answer,
  );
  return id;
}

/** ReadKey: what a key is, when each version was made, and what protects it. */
export function readKey(answers: readonly Answer[], to: KeyRows): void {
  const rotation = to.into('key_rotation', [
    ...['key', 'n', 'material', 'at', 'type', 'state', 'basis', 'seq'],
  ]);
  const setting = to.into('key_setting', ['key', 'name', 'value', 'basis', 'seq']);
  for (const answer of answers) {
    const parts = keyOfPath(pathOf(answer));
    if (!parts) continue;
    // Read before its outcome is recorded: a body that cannot be read is no answer.
    const data = dataOf(answer);
    const key = ensureKey(answer, parts.mount, parts.name, to);
    to.answer(key, answer, errorMessage(answer));
    if (answer.status !== 'ok') continue;
    const versions = versionsOf(data);
    to.setKey(key, { ...described(data, versions), seq: answer.seq, rotation_seq: answer.seq });
    to.into('key_alias', ['key', 'name', 'seq'])({ key, name: parts.name, seq: answer.seq });
    versions.forEach((version, n) => {
      // The first version is what the key was made with; the dates of later ones prove rotations.
      const made = version.n === 1;
      rotation({
        ...{ key, n, material: version.name, basis: answer.basis, seq: answer.seq },
        ...{ at: made ? null : version.at, type: made ? null : 'VERSION', state: stateOf(version, data) },
      });
    });
    for (const [name, value] of settingsOf(data, versions)) {
      setting({ key, name, value: JSON.stringify(value), basis: answer.basis, seq: answer.seq });
    }
  }
}

interface Version {
  /** `1`, `2` … */
  name: string;
  n: number;
  at: string | null;
}

/** Versions, oldest first. `keys` maps the number to epoch seconds, or to an object with a time and a public key. */
function versionsOf(data: JsonObject): Version[] {
  return Object.entries(asObject(data.keys))
    .map(([name, value]): Version => {
      const at = typeof value === 'number' ? value : asObject(value).creation_time;
      return { name, n: Number(name), at: moment(at ?? undefined) };
    })
    .filter(({ n }) => Number.isInteger(n))
    .sort((a, b) => a.n - b.n);
}

function stateOf({ n }: Version, data: JsonObject): string {
  const minimum = whole(data.min_decryption_version) ?? 1;
  if (n === whole(data.latest_version)) return 'CURRENT';
  return n < minimum ? 'NOT_USABLE' : 'NON_CURRENT';
}

function described(data: JsonObject, versions: readonly Version[]) {
  const type = text(data.type);
  const managed = type === 'managed_key';
  const imported = data.imported_key === true;
  const support = rotationSupport(data, type);
  const period = whole(data.auto_rotate_period);
  const latest = versions.at(-1);
  return {
    state: data.soft_deleted === true ? 'SoftDeleted' : 'Enabled',
    algorithm: algorithmOf(type, whole(data.key_size)),
    usage: usageOf(data),
    origin: managed ? 'MANAGED_KEY' : imported ? 'IMPORTED' : 'VAULT',
    material_holder: managed ? 'external store' : imported ? 'imported' : 'platform',
    manager: 'customer',
    created: versions[0]?.n === 1 ? versions[0].at : null,
    material: text(data.latest_version),
    rotation_support: support.support,
    rotation_support_why: support.why,
    rotation_enabled: period === null ? null : period > 0,
    rotation_period_days: period === null || period === 0 ? null : Math.ceil(period / DAY_SECONDS),
    next_rotation: nextRotation(latest, period),
    // The date of the newest version; that of the first is the key's creation, no rotation.
    last_rotation: latest && latest.n > 1 ? latest.at : null,
  };
}

function nextRotation(latest: Version | undefined, period: number | null): string | null {
  if (!latest?.at || !period) return null;
  return new Date(Date.parse(latest.at) + period * 1000).toISOString();
}

/** Types of variable length carry it apart, in bytes; without it an hmac key has the default of 32. */
function algorithmOf(type: string | null, keySize: number | null): string | null {
  return type === 'hmac' ? `hmac-${(keySize || 32) * 8}` : type;
}

function usageOf(data: JsonObject): string | null {
  const can = (name: string): boolean => data[name] === true;
  if (can('supports_encryption') || can('supports_decryption')) {
    return can('supports_signing') ? 'ENCRYPT_DECRYPT, SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
  }
  if (can('supports_signing')) return 'SIGN_VERIFY';
  return data.type === 'hmac' ? 'GENERATE_VERIFY_MAC' : null;
}

/**
 * Vault can rotate every transit key by itself, also asymmetric ones; not those whose material it did not make, unless
 * the import allowed it (api-docs/secret/transit#import-key).
 */
function rotationSupport(data: JsonObject, type: string | null): { support: string; why: string } {
  if (type === 'managed_key') {
    return {
      support: 'manual',
      why: 'managed key: its material is held by another system, which rotates it',
    };
  }
  if (data.imported_key === true && data.imported_key_allow_rotation !== true) {
    return { support: 'manual', why: 'imported key material: Vault was not allowed to make new versions' };
  }
  return {
    support: 'automatic',
    why: 'Vault can make new versions of this key by itself (auto_rotate_period)',
  };
}

/** Settings that only transit keys have, under Vault's own names. */
const SETTINGS = [
  'allow_plaintext_backup',
  'auto_rotate_period',
  'backup_info',
  'convergent_encryption',
  'deletion_allowed',
  'derived',
  'exportable',
  'imported_key',
  'imported_key_allow_rotation',
  'latest_version',
  'min_available_version',
  'min_decryption_version',
  'min_encryption_version',
  'restore_info',
  'soft_deleted',
] as const;

function settingsOf(data: JsonObject, versions: readonly Version[]): [string, unknown][] {
  const own = SETTINGS.filter((name) => data[name] !== undefined).map((name): [string, unknown] => [
    name,
    data[name],
  ]);
  // OpenBao gives no versions of hmac keys: what is not known must not look like no rotation.
  const dated = versions.length > 0 && versions.every(({ at }) => at !== null);
  return [...own, ['version_dates_known', dated]];
}

import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { asObject, flag, list, moment, text, whole, type Json } from '../../aws/normalise/wire.ts';
import { listsOf, type List } from './lists.ts';
import { nextRotation, rotationPolicy } from './rotation-policy.ts';
import type { AzureTarget } from './target.ts';
import type { VaultFacts } from './vault-index.ts';
import { vaultErrorMessage } from './wire.ts';

type AnswersTo = (action: string) => readonly Answer[];

/** Name and version of a key identifier; null when it is none. */
export function parseKid(kid: string | null): { host: string; name: string; version: string | null } | null {
  if (kid === null || !URL.canParse(kid)) return null;
  const { host, pathname } = new URL(kid);
  const [, collection, name, version] = pathname.split('/');
  if (!/^(keys|deletedkeys)$/i.test(collection ?? '') || !name) return null;
  return { host: host.toLowerCase(), name: decodeURIComponent(name), version: version || null };
}

/** Both lists of every vault's keys: the population. The vault's own list counts; else the control plane's. */
export function keyLists(answersTo: AnswersTo, to: AzureTarget): void {
  const insert = to.into('listing', [
    ...['source', 'account', 'region', 'label', 'pages', 'items', 'complete', 'status', 'code'],
    ...['first_seq', 'last_seq'],
  ]);
  const best = new Map<
    string,
    { vault: VaultFacts; label: 'start' | 'end'; list: List; names: Set<string> }
  >();
  for (const list of [...listsOf(answersTo('ListVaultKeys')), ...listsOf(answersTo('GetKeys'))]) {
    const label = list.first.label === 'end' ? 'end' : 'start';
    const found = list.items.map(({ item, answer }) => ({ item, answer, kid: parseKid(text(item.kid)) }));
    const vault = to.vaultOf(list.first, found[0]?.kid?.host);
    if (!vault) continue;
    const names = new Set<string>();
    for (const { item, answer, kid } of found) {
      const name = kid?.name ?? text(item.name)?.split('/').at(-1);
      if (!name) continue;
      names.add(name.toLowerCase());
      const id = to.keyIn(vault, name, answer);
      to.setKey(id, { [`listed_${label}`]: 1 });
      if (flag(item.managed) === true) certificateBacked(to, id, answer);
      tags(to, id, item, answer);
    }
    const key = `${list.first.source}\n${vault.id}\n${label}`;
    const known = best.get(key);
    if (!known || (list.complete && (!known.list.complete || names.size >= known.names.size))) {
      best.set(key, { vault, label, list, names });
    }
  }
  for (const { vault, label, list, names } of best.values()) {
    insert({
      ...{ source: list.first.source, account: vault.subscription, region: vault.name, label },
      ...{
        pages: list.pages,
        items: names.size,
        complete: list.complete,
        status: list.status,
        code: list.code,
      },
      ...{ first_seq: list.first.seq, last_seq: list.last.seq },
    });
  }
}

function certificateBacked(to: AzureTarget, id: string, answer: Answer): void {
  setting(to, id, 'certificate-backed', true, answer);
  to.setKey(id, {
    rotation_support: 'manual',
    rotation_support_why: 'it backs a certificate and is renewed with it',
  });
}

function tags(to: AzureTarget, key: string, item: JsonObject, answer: Answer): void {
  for (const [name, value] of Object.entries(asObject(item.tags))) {
    const said = text(value);
    if (said !== null) to.tag(key, name, said, answer.seq);
  }
}

function setting(to: AzureTarget, key: string, name: string, value: Json, answer: Answer): void {
  to.setting(key, name, value, answer);
}

/** GetVaultKey: what the control plane says of a key, also its rotation policy. */
export function vaultKeys(answersTo: AnswersTo, to: AzureTarget): void {
  for (const answer of answersTo('GetVaultKey')) {
    const vault = to.vaultOf(answer);
    const name = text(answer.params().key) ?? text(answer.body().name);
    if (!vault || name === null) continue;
    const id = to.keyIn(vault, name, answer);
    to.answer(id, answer, vaultErrorMessage(answer));
    if (answer.status !== 'ok') continue;
    const properties = asObject(answer.body().properties);
    to.shapes.set(id, { kty: text(properties.kty), ops: opsOf(properties.keyOps) });
    to.setKey(id, {
      ...described(properties.attributes, {
        kty: text(properties.kty),
        size: whole(properties.keySize),
        curve: text(properties.curveName),
        ops: properties.keyOps,
        isHsm: vault.kind === 'managed HSM',
      }),
      material: parseKid(text(properties.keyUriWithVersion))?.version ?? null,
      seq: answer.seq,
    });
    attributes(to, id, properties, answer);
    tags(to, id, answer.body(), answer);
    const policy = asObject(properties.rotationPolicy);
    if (Object.keys(policy).length > 0) rotation(to, id, policy, answer, 'control plane');
  }
}

/** GetKey: what the vault itself says; it knows more than the control plane and stands over it. */
export function dataPlaneKeys(answersTo: AnswersTo, to: AzureTarget): void {
  for (const answer of answersTo('GetKey')) {
    const body = answer.status === 'ok' ? answer.body() : {};
    const jwk = asObject(body.key);
    const kid = parseKid(text(jwk.kid));
    const vault = to.vaultOf(answer, kid?.host);
    const name = text(answer.params().key) ?? kid?.name ?? null;
    if (!vault || name === null) continue;
    const id = to.keyIn(vault, name, answer);
    to.answer(id, answer, vaultErrorMessage(answer));
    if (answer.status !== 'ok') continue;
    to.shapes.set(id, { kty: text(jwk.kty), ops: opsOf(jwk.key_ops) });
    to.setKey(id, {
      ...described(body.attributes, {
        kty: text(jwk.kty),
        size: modulusBits(text(jwk.n)),
        curve: text(jwk.crv),
        ops: jwk.key_ops,
        isHsm: vault.kind === 'managed HSM',
      }),
      material: kid?.version ?? null,
      seq: answer.seq,
    });
    attributes(to, id, body, answer);
    if (flag(body.managed) === true) certificateBacked(to, id, answer);
    if (Object.keys(asObject(body.release_policy)).length > 0) {
      setting(to, id, 'release-policy', body.release_policy!, answer);
    }
    tags(to, id, body, answer);
  }
}

interface Shape {
  kty: string | null;
  size: number | null;
  curve: string | null;
  ops: Json | undefined;
  isHsm: boolean;
}

function described(given: Json | undefined, { kty, size, curve, ops, isHsm }: Shape) {
  const attributes = asObject(given);
  const enabled = flag(attributes.enabled);
  const algorithm = algorithmOf(kty, size, curve);
  return {
    state: enabled === null ? null : enabled ? 'Enabled' : 'Disabled',
    // What one plane leaves out, the other has said: only what is known is set.
    ...(algorithm === null ? {} : { algorithm }),
    usage: usageOf(opsOf(ops)),
    material_holder: isHsm || /-HSM$/i.test(kty ?? '') ? 'hsm' : kty === null ? null : 'platform',
    manager: 'customer',
    valid_to: moment(attributes.exp),
    rotation_support: 'automatic',
    rotation_support_why: null,
  };
}

/** Facts that not every provider has. */
function attributes(to: AzureTarget, id: string, item: JsonObject, answer: Answer): void {
  const given = asObject(item.attributes);
  for (const [name, value] of [
    ['exportable', flag(given.exportable)],
    ['recovery-level', text(given.recoveryLevel)],
    ['hsm-platform', text(given.hsmPlatform)],
    ['not-before', moment(given.nbf)],
  ] as const) {
    if (value !== null) setting(to, id, name, value, answer);
  }
}

const opsOf = (ops: Json | undefined): string[] => list(ops).flatMap((op) => text(op) ?? []);

const CURVES: Record<string, string> = {
  'P-256': 'ECC_NIST_P256',
  'P-384': 'ECC_NIST_P384',
  'P-521': 'ECC_NIST_P521',
  'P-256K': 'ECC_SECG_P256K1',
};

/** The algorithm under the names that a policy's list of approved ones uses. */
function algorithmOf(kty: string | null, size: number | null, curve: string | null): string | null {
  switch (kty?.toUpperCase().replace(/-HSM$/, '')) {
    case 'RSA':
      return size === null ? null : `RSA_${size}`;
    case 'EC':
      return curve === null ? null : (CURVES[curve] ?? curve);
    case 'OCT':
      // The vault keeps the size of a symmetric key to itself; the control plane tells it.
      return size === null ? null : `AES_${size}`;
    case undefined:
    default:
      return kty;
  }
}

/** Bits of an RSA modulus, base64url. */
function modulusBits(n: string | null): number | null {
  if (n === null) return null;
  const bytes = Buffer.from(n, 'base64url');
  const from = bytes.findIndex((byte) => byte !== 0);
  if (from < 0) return null;
  return (bytes.length - from) * 8 - (Math.clz32(bytes[from]!) - 24);
}

function usageOf(ops: readonly string[]): string | null {
  if (ops.length === 0) return null;
  const has = (...names: string[]): boolean => ops.some((op) => names.includes(op));
  const encrypts = has('encrypt', 'decrypt', 'wrapKey', 'unwrapKey');
  const signs = has('sign', 'verify');
  return encrypts && signs
    ? 'ENCRYPT_DECRYPT, SIGN_VERIFY'
    : encrypts
      ? 'ENCRYPT_DECRYPT'
      : signs
        ? 'SIGN_VERIFY'
        : ops.join(', ');
}

/** GetKeyRotationPolicy: the second source, where the control plane shows no policy. */
export function rotationPolicies(answersTo: AnswersTo, to: AzureTarget): void {
  for (const answer of answersTo('GetKeyRotationPolicy')) {
    const kid = parseKid(text(answer.body().id)?.replace(/\/rotationpolicy$/i, '') ?? null);
    const vault = to.vaultOf(answer, kid?.host);
    const name = text(answer.params().key) ?? kid?.name ?? null;
    if (!vault || name === null) continue;
    const id = to.keyIn(vault, name, answer);
    if (answer.status === 'ok') rotation(to, id, answer.body(), answer, 'vault');
    else to.answer(id, answer, vaultErrorMessage(answer));
  }
}

function rotation(
  to: AzureTarget,
  id: string,
  policy: JsonObject,
  answer: Answer,
  answeredBy: 'control plane' | 'vault',
): void {
  const read = rotationPolicy(policy);
  to.answer(id, { ...answer, action: 'GetKeyRotationPolicy' }, null, 'ok', null);
  to.setKey(id, {
    rotation_enabled: read.rotates,
    rotation_period_days: read.periodDays,
    rotation_seq: answer.seq,
  });
  setting(to, id, 'rotation-policy', { answeredBy, ...read }, answer);
  to.policies.set(id, read);
}

/** Versions of keys, from the vault, or from the control plane where the vault did not answer. */
export function keyVersions(answersTo: AnswersTo, to: AzureTarget): void {
  const insert = to.into('key_rotation', [
    ...['key', 'n', 'material', 'at', 'type', 'state', 'import_state', 'valid_to', 'basis', 'seq'],
  ]);
  const byKey = new Map<string, { list: List; versions: Version[] }>();
  for (const list of [
    ...listsOf(answersTo('GetKeyVersions')),
    ...listsOf(answersTo('ListVaultKeyVersions')),
  ]) {
    const versions = list.items.flatMap(({ item, answer }) => versionOf(item, answer) ?? []);
    const kid = versions[0]?.host ?? null;
    const vault = to.vaultOf(list.first, kid);
    const name = text(list.first.params().key) ?? versions[0]?.name ?? null;
    if (!vault || name === null) continue;
    const id = to.keyIn(vault, name, list.first);
    const answer = { ...list.last, action: 'GetKeyVersions' };
    to.answer(id, answer, vaultErrorMessage(list.last), list.status, list.code);
    const known = byKey.get(id);
    if (list.complete && !known?.list.complete) byKey.set(id, { list, versions });
  }
  for (const [id, { list, versions }] of byKey) {
    const sorted = versions.sort((a, b) => (a.created ?? '').localeCompare(b.created ?? ''));
    sorted.forEach((version, n) => {
      const newest = n === sorted.length - 1;
      insert({
        ...{ key: id, n, material: version.version, at: n === 0 ? null : version.created },
        ...{
          type: n === 0 ? null : 'VERSION',
          state: newest ? 'CURRENT' : 'NON_CURRENT',
          import_state: null,
        },
        ...{ valid_to: version.expires, basis: list.first.basis, seq: version.seq },
      });
    });
    const first = sorted[0];
    const last = sorted.at(-1);
    const policy = to.policies.get(id);
    to.setKey(id, {
      created: first?.created ?? null,
      last_rotation: sorted.length > 1 ? (last?.created ?? null) : null,
      next_rotation: policy && last ? nextRotation(policy, last.created, last.expires) : null,
    });
  }
}

interface Version {
  host: string | null;
  name: string | null;
  version: string | null;
  created: string | null;
  expires: string | null;
  seq: number;
}

function versionOf(item: JsonObject, answer: Answer): Version | null {
  const control = asObject(item.properties);
  const kid = parseKid(text(item.kid) ?? text(control.keyUriWithVersion));
  const attributes = asObject(item.attributes ?? control.attributes);
  if (!kid) return null;
  return {
    ...{ host: kid.host, name: kid.name, version: kid.version },
    ...{ created: moment(attributes.created), expires: moment(attributes.exp), seq: answer.seq },
  };
}

/** GetDeletedKeys: keys that can still be recovered. No question is put to them. */
export function deletedKeys(answersTo: AnswersTo, to: AzureTarget): void {
  for (const { items, first } of listsOf(answersTo('GetDeletedKeys'))) {
    for (const { item, answer } of items) {
      const kid = parseKid(text(item.kid) ?? text(item.recoveryId));
      const vault = to.vaultOf(first, kid?.host);
      if (!kid || !vault) continue;
      const id = to.keyIn(vault, kid.name, answer);
      const deleted = moment(item.deletedDate);
      to.setKey(id, {
        ...{ state: 'PendingDeletion', deletion_date: moment(item.scheduledPurgeDate), manager: 'customer' },
        ...{ rotation_support: 'manual', rotation_support_why: 'it was deleted', seq: answer.seq },
      });
      setting(to, id, 'deleted', deleted, answer);
      if (flag(item.managed) === true) setting(to, id, 'certificate-backed', true, answer);
      tags(to, id, item, answer);
      to.notPut(id, 'the key was deleted: the vault answers nothing more about it', answer);
    }
  }
}

/** A vault that refused its list of keys was not asked key by key: each of its keys says why. */
export function refusedVaults(answersTo: AnswersTo, to: AzureTarget): void {
  const refused = new Map<string, Answer>();
  for (const { first } of listsOf(answersTo('GetKeys'))) {
    const vault = to.vaultOf(first);
    if (vault && first.label !== 'end' && first.status !== 'ok' && first.status !== 'not-applicable') {
      refused.set(vault.id, first);
    }
  }
  for (const [key, vault] of to.vaultOfKey) {
    const answer = refused.get(vault.id);
    if (!answer) continue;
    const said = vaultErrorMessage(answer);
    for (const action of ['GetKey', 'GetKeyRotationPolicy']) to.answer(key, { ...answer, action }, said);
  }
}

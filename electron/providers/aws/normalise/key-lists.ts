import { sha256Hex } from '../../../../db/ledger/hash.ts';
import type { Answer } from '../../../derive/answer.ts';
import { perKey } from './keys.ts';
import { eachList, type Pages } from './pages.ts';
import type { Target } from './target.ts';
import { moment, objects, text, type JsonObject } from './wire.ts';

/** GetKeyPolicy: the policy text is hashed as the provider gave it, a JSON string inside the answer. */
export function getKeyPolicy(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_policy', ['key', 'name', 'sha256', 'bytes', 'seq']);
  const texts = new Map<string, string>();
  for (const { answer, key } of perKey(answers, to)) {
    if (answer.status !== 'ok') continue;
    const body = answer.body();
    const policy = text(body.Policy) ?? '';
    const sha256 = sha256Hex(policy);
    // Many keys have the policy of their template: equal texts are held once.
    const held = texts.get(sha256) ?? policy;
    texts.set(sha256, held);
    to.policies.set(answer.seq, held);
    insert({
      key,
      name: text(body.PolicyName) ?? text(answer.params().PolicyName) ?? 'default',
      sha256,
      bytes: Buffer.byteLength(policy),
      seq: answer.seq,
    });
  }
}

/** ListKeyRotations: every key material the key has had, oldest first. */
export function listKeyRotations(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_rotation', [
    ...['key', 'n', 'material', 'at', 'type', 'state', 'import_state', 'valid_to', 'basis', 'seq'],
  ]);
  for (const { key, list } of listsPerKey(answers, to)) {
    const rows = list.pages
      .flatMap((page) => objects(page.body.Rotations).map((item) => ({ item, seq: page.seq })))
      .map(({ item, seq }) => ({ item, seq, at: moment(item.RotationDate) }))
      .sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
    rows.forEach(({ item, seq, at }, n) => {
      insert({
        ...{ key, n, at, seq, basis: list.first.basis },
        material: text(item.KeyMaterialId),
        type: text(item.RotationType),
        state: text(item.KeyMaterialState),
        import_state: text(item.ImportState),
        valid_to: moment(item.ValidTo),
      });
    });
    const last = rows.filter((row) => row.at !== null && !isPending(row.item)).at(-1);
    if (list.complete) to.setKey(key, { last_rotation: last?.at ?? null });
  }
}

/** Material that waits to be imported or rotated in has not rotated the key. */
function isPending(item: JsonObject): boolean {
  return (text(item.KeyMaterialState) ?? '').startsWith('PENDING');
}

/** ListGrants: rights given beside the policy. */
export function listGrants(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_grant', [
    ...['key', 'grant_id', 'name', 'grantee', 'grantee_service', 'retiring', 'retiring_service'],
    ...['issuing_account', 'created', 'operations', 'constraints', 'seq'],
  ]);
  for (const { key, list } of listsPerKey(answers, to)) {
    for (const page of list.pages) {
      for (const grant of objects(page.body.Grants)) {
        insert({
          key,
          grant_id: text(grant.GrantId) ?? '',
          name: text(grant.Name),
          grantee: text(grant.GranteePrincipal),
          grantee_service: text(grant.GranteeServicePrincipal),
          retiring: text(grant.RetiringPrincipal),
          retiring_service: text(grant.RetiringServicePrincipal),
          issuing_account: text(grant.IssuingAccount),
          created: moment(grant.CreationDate),
          operations: JSON.stringify(grant.Operations ?? []),
          constraints: grant.Constraints ? JSON.stringify(grant.Constraints) : null,
          seq: page.seq,
        });
      }
    }
  }
}

/** ListResourceTags: owner, system, ticket and whatever else the client writes on a key. */
export function listResourceTags(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_tag', ['key', 'name', 'value', 'seq']);
  for (const { key, list } of listsPerKey(answers, to)) {
    for (const page of list.pages) {
      for (const tag of objects(page.body.Tags)) {
        insert({ key, name: text(tag.TagKey) ?? '', value: text(tag.TagValue) ?? '', seq: page.seq });
      }
    }
  }
}

/** Paged lists of one key each; records each one's outcome. */
function* listsPerKey(answers: readonly Answer[], to: Target): Generator<{ key: string; list: Pages }> {
  const named = (a: Answer): string => {
    const keyId = text(a.params().KeyId);
    return keyId ?? (a.status === 'ok' ? (keyIdInItems(a.body()) ?? '') : '');
  };
  const groupOf = (a: Answer): string => [a.source, a.scope || `file ${a.seq}`, named(a)].join('\n');
  for (const [, list] of eachList(answers, groupOf)) {
    const key = to.resolveKey(list.first, named(list.first));
    if (key === null) continue;
    to.ensureKey(key, list.first);
    to.answer(key, list.last, list.status, list.code);
    yield { key, list };
  }
}

/** Items of ListGrants and ListKeyRotations name their key. */
function keyIdInItems(body: JsonObject): string | null {
  const [first] = objects(body.Grants ?? body.Rotations);
  return text(first?.KeyId);
}

import type { Answer } from '../../../derive/answer.ts';
import { parseArn, placeOf } from './arn.ts';
import { followPages } from './pages.ts';
import { rotationSupport } from './rotation-support.ts';
import type { Target } from './target.ts';
import { asObject, moment, objects, text, whole, type JsonObject } from './wire.ts';

/** Lists of keys: at the start and at the end of the collection, page by page. */
export function listKeys(answers: readonly Answer[], to: Target): void {
  const insertListing = to.into('listing', [
    ...['source', 'account', 'region', 'label', 'pages', 'items', 'complete', 'status', 'code'],
    ...['first_seq', 'last_seq'],
  ]);
  const labelOf = (answer: Answer): 'start' | 'end' =>
    answer.label === '' || answer.label === 'start' ? 'start' : 'end';
  const lists = followPages(answers, (a) => [a.source, a.scope || `file ${a.seq}`, labelOf(a)].join('\n'));
  for (const list of lists.values()) {
    const label = labelOf(list.first);
    const keys = list.pages.flatMap((page) => objects(page.body.Keys));
    const place = placeOf(list.first.scope || placeInFile(text(keys[0]?.KeyArn)));
    insertListing({
      ...{ source: list.first.source, account: place.account, region: place.region, label },
      ...{ pages: list.pages.length, items: keys.length, complete: list.complete },
      ...{ status: list.status, code: list.code, first_seq: list.first.seq, last_seq: list.last.seq },
    });
    for (const key of keys) {
      const arn = text(key.KeyArn);
      if (!arn || !parseArn(arn)) continue;
      to.learnKey(arn);
      to.ensureKey(arn, list.first);
      to.setKey(arn, { [`listed_${label}`]: 1 });
    }
  }
}

function placeInFile(arn: string | null): string {
  const parts = arn === null ? null : parseArn(arn);
  return parts ? `${parts.account}/${parts.region}` : '';
}

const HOLDERS: Record<string, string> = {
  AWS_KMS: 'platform',
  EXTERNAL: 'imported',
  AWS_CLOUDHSM: 'hsm',
  EXTERNAL_KEY_STORE: 'external store',
};

/** DescribeKey: what a key is. */
export function describeKey(answers: readonly Answer[], to: Target): void {
  for (const answer of answers) {
    const metadata = answer.status === 'ok' ? asObject(answer.body().KeyMetadata) : {};
    const arn = text(metadata.Arn) ?? to.resolveKey(answer, text(answer.params().KeyId) ?? '');
    if (arn === null) continue;
    to.learnKey(arn);
    to.ensureKey(arn, answer);
    to.answer(arn, answer);
    if (answer.status === 'ok') to.setKey(arn, { ...described(metadata), seq: answer.seq });
  }
}

function described(metadata: JsonObject) {
  const multiRegion = asObject(metadata.MultiRegionConfiguration);
  const multiRegionType = text(multiRegion.MultiRegionKeyType);
  const primaryArn = text(asObject(multiRegion.PrimaryKey).Arn);
  const manager = text(metadata.KeyManager);
  const spec = text(metadata.KeySpec) ?? text(metadata.CustomerMasterKeySpec);
  const usage = text(metadata.KeyUsage);
  const origin = text(metadata.Origin);
  const rotation = rotationSupport({ manager, spec, usage, origin, multiRegionType, primaryArn });
  return {
    description: text(metadata.Description),
    state: text(metadata.KeyState),
    algorithm: spec,
    usage,
    origin,
    material_holder: HOLDERS[origin ?? ''] ?? null,
    manager: manager === 'AWS' ? 'provider' : manager === 'CUSTOMER' ? 'customer' : null,
    multi_region: multiRegionType?.toLowerCase() ?? null,
    primary_id: primaryArn,
    custom_store: text(metadata.CustomKeyStoreId),
    created: moment(metadata.CreationDate),
    deletion_date: moment(metadata.DeletionDate),
    valid_to: moment(metadata.ValidTo),
    material: text(metadata.CurrentKeyMaterialId),
    rotation_support: rotation.support,
    rotation_support_why: rotation.why,
  };
}

/** ListAliases, asked once per Region: names of keys. An alias without a key is one that AWS predefines. */
export function listAliases(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_alias', ['key', 'name', 'seq']);
  const lists = followPages(answers, (a) =>
    [a.source, a.scope || `file ${a.seq}`, text(a.params().KeyId) ?? ''].join('\n'),
  );
  for (const { pages, first } of lists.values()) {
    for (const page of pages) {
      for (const alias of objects(page.body.Aliases)) {
        const target = text(alias.TargetKeyId);
        const name = text(alias.AliasName);
        const place = placeInFile(text(alias.AliasArn));
        const key = target === null ? null : to.resolveKey({ ...first, scope: first.scope || place }, target);
        if (key === null || name === null) continue;
        insert({ key, name, seq: page.seq });
        // Names under alias/aws/ are reserved for AWS: that tells the manager of a key that could not be described.
        if (name.startsWith('alias/aws/')) markProvider(to, key);
      }
    }
  }
}

function markProvider(to: Target, key: string): void {
  to.db
    .prepare(`UPDATE key SET manager = 'provider' WHERE snapshot = ? AND id = ? AND manager IS NULL`)
    .run(to.snapshot, key);
}

/** DescribeCustomKeyStores: CloudHSM clusters and external key stores that hold key material. */
export function describeCustomKeyStores(answers: readonly Answer[], to: Target): void {
  const insert = to.into('key_store', [
    ...['source', 'account', 'region', 'id', 'name', 'type', 'connection_state', 'connection_error'],
    ...['detail', 'seq'],
  ]);
  for (const answer of answers) {
    if (answer.status !== 'ok') continue;
    for (const store of objects(answer.body().CustomKeyStores)) {
      insert({
        source: answer.source,
        ...placeOf(answer.scope),
        id: text(store.CustomKeyStoreId) ?? '',
        name: text(store.CustomKeyStoreName),
        type: text(store.CustomKeyStoreType),
        connection_state: text(store.ConnectionState),
        connection_error: text(store.ConnectionErrorCode),
        detail: JSON.stringify(store),
        seq: answer.seq,
      });
    }
  }
}

/** GetKeyRotationStatus: whether and how often a key rotates by itself. */
export function getKeyRotationStatus(answers: readonly Answer[], to: Target): void {
  for (const { answer, key } of perKey(answers, to)) {
    if (answer.status !== 'ok') continue;
    const body = answer.body();
    const enabled = typeof body.KeyRotationEnabled === 'boolean' ? body.KeyRotationEnabled : null;
    to.setKey(key, {
      rotation_enabled: enabled,
      rotation_period_days: enabled === true ? (whole(body.RotationPeriodInDays) ?? 365) : null,
      next_rotation: moment(body.NextRotationDate),
      rotation_seq: answer.seq,
    });
  }
}

/** GetKeyLastUsage: the last cryptographic use that KMS knows of, and since when it keeps track. */
export function getKeyLastUsage(answers: readonly Answer[], to: Target): void {
  for (const { answer, key } of perKey(answers, to)) {
    if (answer.status !== 'ok') continue;
    const body = answer.body();
    const last = asObject(body.KeyLastUsage);
    to.setKey(key, {
      last_used: moment(last.Timestamp),
      last_used_operation: text(last.Operation),
      last_used_event: text(last.CloudTrailEventId),
      usage_tracked_from: moment(body.TrackingStartDate),
    });
  }
}

/** Answers to operations on one key that need no paging, with the key's ARN; records each one's outcome. */
export function* perKey(answers: readonly Answer[], to: Target): Generator<{ answer: Answer; key: string }> {
  for (const answer of answers) {
    // Read before its outcome is recorded: a body that cannot be read is no answer.
    const body = answer.status === 'ok' ? answer.body() : {};
    const key = to.resolveKey(answer, text(answer.params().KeyId) ?? text(body.KeyId) ?? '');
    if (key === null) continue;
    to.ensureKey(key, answer);
    to.answer(key, answer);
    yield { answer, key };
  }
}

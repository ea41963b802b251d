import type { KeyRow } from '../../../db/derived/keys.ts';
import { dimensionId } from '../../../db/derived/events.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { KeyListRow } from '../../api/keys.ts';
import { currentEngagement } from '../../engagement/current.ts';
import { declared } from '../../engagement/declarations.ts';

/** Who owns a key, and how that is known. */
export interface Owner {
  owner: string;
  deputy: string | null;
  basis: 'declared' | 'observed';
  tag: string | null;
  seq: number;
}

/** Owners of some keys: the client's owner tags in the order of the policy, then what was declared. */
export function ownersOf(db: ReadableDb, snapshot: string, keys: readonly string[]): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  const wanted = new Set(keys);
  for (const { subject, value, seq } of declared(db, 'owner')) {
    if (!wanted.has(subject)) continue;
    owners.set(subject, { owner: value.owner, deputy: value.deputy, basis: 'declared', tag: null, seq });
  }
  const names = currentEngagement(db).parameters.ownerTags.value;
  const tags = db.prepare<string[], { name: string; value: string; seq: number }>(
    `SELECT name, value, seq FROM key_tag
      WHERE snapshot = ? AND key = ? AND name IN (${names.map(() => '?').join(', ')}) AND trim(value) <> ''`,
  );
  for (const key of keys) {
    const found = tags.all(snapshot, key, ...names);
    const first = names.map((name) => found.find((tag) => tag.name === name)).find(Boolean);
    if (first) {
      owners.set(key, {
        owner: first.value,
        deputy: null,
        basis: 'observed',
        tag: first.name,
        seq: first.seq,
      });
    }
  }
  return owners;
}

/** Rows of `key` as the table shows them, with what other tables say about each. */
export function keyListRows(db: ReadableDb, snapshot: string, rows: readonly KeyRow[]): KeyListRow[] {
  const owners = ownersOf(
    db,
    snapshot,
    rows.map((row) => row.id),
  );
  const aliases = db
    .prepare<[string, string], string>(
      'SELECT name FROM key_alias WHERE snapshot = ? AND key = ? ORDER BY name',
    )
    .pluck();
  const exceptions = db
    .prepare<[string, string], number>(
      `SELECT count(DISTINCT control) FROM test_result WHERE snapshot = ? AND subject = ? AND result = 'exception'`,
    )
    .pluck();
  const events = db
    .prepare<[number], number>('SELECT coalesce(sum(events), 0) FROM usage_day WHERE key = ?')
    .pluck();
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    source: row.source,
    basis: row.basis,
    account: row.account,
    region: row.region,
    nativeId: row.native_id,
    aliases: aliases.all(snapshot, row.id),
    description: row.description,
    state: row.state,
    algorithm: row.algorithm,
    usage: row.usage,
    origin: row.origin,
    materialHolder: row.material_holder,
    manager: row.manager,
    multiRegion: row.multi_region,
    created: row.created,
    deletionDate: row.deletion_date,
    rotationSupport: row.rotation_support,
    rotationEnabled: row.rotation_enabled === null ? null : row.rotation_enabled === 1,
    rotationPeriodDays: row.rotation_period_days,
    nextRotation: row.next_rotation,
    lastRotation: row.last_rotation,
    lastUsed: row.last_used,
    owner: owners.get(row.id)?.owner ?? null,
    exceptions: exceptions.get(snapshot, row.id) ?? 0,
    events: events.get(dimensionId('usage_key', row.id)) ?? 0,
  }));
}

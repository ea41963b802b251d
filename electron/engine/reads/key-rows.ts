import { inventoryOf } from '../../../db/derived/inventory.ts';
import type { KeyRow } from '../../../db/derived/keys.ts';
import { dimensionId } from '../../../db/derived/events.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import type { KeyListRow } from '../../api/keys.ts';

/** Who owns a key, and how that is known. */
export interface Owner {
  owner: string;
  deputy: string | null;
  basis: 'declared' | 'observed';
  tag: string | null;
  seq: number;
}

/** Owners of some keys as the inventory has them: from a record, from one of the client's tags, or from a key set. */
export function ownersOf(db: ReadableDb, snapshot: string, keys: readonly string[]): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const key of keys) {
    const row = inventoryOf(db, snapshot, key);
    const origin = row?.origins.owner;
    if (!row || row.owner === null || !origin) continue;
    owners.set(key, {
      owner: row.owner,
      deputy: row.deputy,
      basis: origin.from === 'tag' ? 'observed' : 'declared',
      tag: origin.from === 'tag' ? origin.name : null,
      seq: origin.seq,
    });
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
